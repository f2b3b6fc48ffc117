"""docs/openapi.json and docs/openapi-app.json: generated, complete, valid, and true to the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from docs.openapi.document import APP_FILE, FILE, app_document, document, operations, rendered
from docs.openapi.problems import PROBLEMS
from docs.openapi.routes import routes
from switchboard.foundation import errors
from switchboard.web.http import STATUSES
from tests.sam_template import ROOT

SOURCES = [
    *(ROOT / "layers" / "switchboard" / "switchboard").rglob("*.py"),
    *(ROOT / "functions").glob("*/app.py"),
]
# what never reaches an API client
OF_THE_QUEUE = ("queue.py", "queued_push.py", "event_json.py", "fcm.py", "settings.py")
# of what no route takes: docs/api.md; for the logs of deliver_push and erase_subscribers
OF_NO_ROUTE = {"unknown_route", "no_time_left", "stuck"}
DOCUMENT, APP_DOCUMENT = document(), app_document()
BOTH = pytest.mark.parametrize("whole", [DOCUMENT, APP_DOCUMENT], ids=["all", "app"])


def test_the_committed_documents_are_the_generated_ones() -> None:
    assert FILE.read_text(encoding="utf-8") == rendered(DOCUMENT), "run `make docs`"
    assert APP_FILE.read_text(encoding="utf-8") == rendered(APP_DOCUMENT), "run `make docs`"


@BOTH
def test_it_is_valid_openapi(whole: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(whole).iter_errors()) == []


def test_it_has_every_route_of_the_template_and_no_other() -> None:
    assert sorted(operations()) == sorted(routes())


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation.name for operation in operations().values()]
    assert len(names) == len(set(names))


def test_the_apps_document_is_what_a_session_or_a_login_opens() -> None:
    shown = {one["operationId"]: one for path in APP_DOCUMENT["paths"].values() for one in path.values()}
    opened = {one.name for one in operations().values() if {"session", "idToken"} & set(one.security)}
    assert set(shown) == opened
    assert set(APP_DOCUMENT["components"]["securitySchemes"]) == {"session", "idToken"}
    assert {tag["name"] for tag in APP_DOCUMENT["tags"]} == {one["tags"][0] for one in shown.values()}


def inside(part: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from inside(inner)


@BOTH
def test_code_generators_accept_the_schemas(whole: dict[str, Any]) -> None:
    objects = list(inside([whole["components"]["schemas"], whole["paths"]]))
    assert [one for one in objects if one.get("type") == "null"] == []
    assert [one for one in objects if {"anyOf", "oneOf", "allOf"} & set(one)] == []
    assert [one for one in inside(whole["components"]["schemas"]) if "default" in one] == []
    assert [one["code"] for one in objects if isinstance(one.get("code"), dict) and "enum" in one["code"]] == []


@BOTH
def test_each_method_name_is_a_verb_with_an_object(whole: dict[str, Any]) -> None:
    names = [one["operationId"] for path in whole["paths"].values() for one in path.values()]
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)] == []


def test_a_field_may_be_null_in_answers_only() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["ListedCall"]["properties"]["outcome"]["type"] == ["string", "null"]
    assert None in schemas["ListedCall"]["properties"]["outcome"]["enum"]
    assert schemas["AckAnswer"]["properties"]["context"]["type"] == ["object", "null"]
    assert schemas["LoginRequest"]["properties"]["user_name"]["type"] == "string"
    assert "user_name" not in schemas["LoginRequest"]["required"]


def examples(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        yield f"request, {kind}", media["schema"], media["example"]
    for status, answer in operation["responses"].items():
        for kind, media in answer.get("content", {}).items():
            yield f"{status}, {kind}", media["schema"], media["example"]


def test_every_refusal_lists_its_codes() -> None:
    for route, one in operations().items():
        answers = DOCUMENT["paths"][one.path][one.method.lower()]["responses"]
        listed = {code for answer in answers.values() for code in answer.get("x-codes", ())}
        assert listed == set(one.problems), route


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_examples_fit_their_schemas(path: str) -> None:
    for method, operation in DOCUMENT["paths"][path].items():
        for where, schema, example in examples(operation):
            whole = {**schema, "components": DOCUMENT["components"]}
            problems = [problem.message for problem in Draft202012Validator(whole).iter_errors(example)]
            assert problems == [], f"{method} {path}, {where}"


def written_out(file: Path) -> Iterator[int]:
    """The lines on which a handler answers a mapping that it writes out, so that no model says what is in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reply" and node.args:
            yield from (one.lineno for one in ast.walk(node.args[0]) if isinstance(one, ast.Dict) and one.keys)


@pytest.mark.parametrize("file", sorted((ROOT / "functions").glob("*/app.py")), ids=lambda file: file.parent.name)
def test_every_answer_of_a_handler_has_a_model_that_the_document_is_made_from(file: Path) -> None:
    assert list(written_out(file)) == []


def test_an_answer_without_a_model_is_found(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('Reply({})\nReply({"pushId": 1})\nReply({**rest, "pushId": 1})')
    assert list(written_out(tmp_path / "app.py")) == [2, 3]


def raised(file: Path) -> Iterator[str]:
    """The codes of the errors that a module makes, as `SomeError("code", …)`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if hasattr(errors, called):
                yield str(node.args[0].value)


def test_every_code_that_is_raised_is_documented() -> None:
    files = [file for file in SOURCES if file.name not in OF_THE_QUEUE]
    codes = {code for file in files for code in raised(file)} - OF_NO_ROUTE
    assert codes - set(PROBLEMS) == set()


def test_every_documented_code_is_in_the_source() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in SOURCES)
    assert [code for code in PROBLEMS if f'"{code}"' not in source] == []


def test_every_documented_code_belongs_to_some_route() -> None:
    used = {code for operation in operations().values() for code in operation.problems}
    assert used == set(PROBLEMS)


def test_documented_statuses_are_those_that_errors_map_to() -> None:
    assert {status for status, _ in PROBLEMS.values()} == {*STATUSES.values(), 500}


def test_the_guide_names_every_route_and_explains_every_code() -> None:
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    endings = {route.partition(" ")[2].rpartition("/")[2] for route in routes()} - {"{name}"}
    assert [ending for ending in endings if ending not in guide] == []
    rows = [f"| {status} | `{code}` | {meaning} |\n" for code, (status, meaning) in PROBLEMS.items()]
    assert [row for row in rows if row not in guide] == []
