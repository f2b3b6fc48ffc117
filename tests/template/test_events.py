"""What lies in events/ fits the template: each function has an event, and env.json names its variables."""

import json

from tests.events import recorded
from tests.sam_template import ROOT, load, route_key

TEMPLATE = load()
FUNCTIONS = {
    name: resource["Properties"]
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}


def folder(function: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in function)[1:].removesuffix(
        "_function"
    )


def test_every_function_has_an_event_of_its_own() -> None:
    for name, properties in FUNCTIONS.items():
        event, own = recorded(folder(name)), list(properties["Events"].values())
        if own[0]["Type"] == "HttpApi":
            routes = {route_key(one) for one in own}
            assert event["routeKey"] in routes, name
        elif any(one["Type"] == "DynamoDB" for one in own):
            of_stream = folder(name) if len(own) == 1 else f"{folder(name)}_stream"
            assert recorded(of_stream)["Records"][0]["eventSource"] == "aws:dynamodb"


def test_env_json_has_exactly_the_variables_of_every_function() -> None:
    environments = json.loads((ROOT / "events" / "env.json").read_text(encoding="utf-8"))
    shared = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    wanted = {name: {*shared, *one["Environment"]["Variables"]} for name, one in FUNCTIONS.items()}
    assert {name: set(one) for name, one in environments.items() if name != "Parameters"} == wanted
