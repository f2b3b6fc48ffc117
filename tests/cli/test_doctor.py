"""`switchboard doctor` on a stack in moto, with Exotel and FCM simulated and the webhooks played over real HTTP."""

import json
from typing import Any

import boto3
import pytest

from cli.doctor.template_parameters import defaults
from local.simulators import Simulators
from local.simulators.faults import Fault
from switchboard.timeline.event import shown
from tests.cli.healthy_stack import HealthyStack
from tests.cli.stack_in_moto import ACCOUNT, EXOTEL, REGION, WEBHOOK, stack_in_moto
from tests.fakes.webhook_server import WebhookServer, webhook_server
from tests.silent_phones import phone, silent


def test_a_healthy_deployment_has_no_problems(deployment: HealthyStack) -> None:
    result = deployment.stack.run("doctor")
    assert result.exit_code == 0, result.output
    assert "No problem found." in result.output
    for seen in (
        "the key is valid and VoIP enabled",
        "accepted a test message (validate_only)",
        "refuses wrong credentials",
    ):
        assert seen in result.output
    assert deployment.problems() == {}


def test_doctor_delivers_writes_and_rings_nothing(deployment: HealthyStack) -> None:
    deployment.stack.run("doctor")
    assert not deployment.simulators.pushes.attempts()
    assert deployment.stack.timelines.calls_of(ACCOUNT, "switchboard-doctor", 5).calls == []


def test_doctors_output_holds_no_credential(deployment: HealthyStack) -> None:
    output = deployment.stack.run("doctor").output
    assert not any(secret in output for secret in (WEBHOOK["password"], WEBHOOK["path"], EXOTEL["api_token"], "k" * 43))


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (Fault("exotel", status=401), "Exotel refused our credentials"),
        (Fault("exotel", status=403), "VoIP is not enabled"),
        (Fault("exotel", status=429), "rate limit is exceeded"),
        (Fault("exotel", status=503), "does not answer"),
    ],
)
def test_what_exotel_says_is_explained(deployment: HealthyStack, fault: Fault, seen: str) -> None:
    deployment.simulators.faults.add(fault)
    (problem,) = deployment.problems().values()
    assert (problem["area"], problem["name"], problem["state"]) == ("exotel", ACCOUNT, "problem")
    assert seen in problem["seen"]
    assert problem["fix"]


def test_a_phone_that_is_probably_dead_is_noted(deployment: HealthyStack) -> None:
    stack, dead, alive = deployment.stack, phone("dead"), phone("alive", "carol")
    for name, device in (("bob", dead), ("carol", alive)):
        stack.subscriber(name)
        stack.devices.register(ACCOUNT, name, device)
    silent(dead, stack.happened)
    silent(alive, stack.happened, "carol", acks=False)

    note = deployment.problems()[f"phones {ACCOUNT}"]
    assert (note["state"], "why NAME" in note["fix"]) == ("note", True)
    assert note["seen"].endswith(f"bob {shown(dead.key)}")
    assert stack.run("doctor").exit_code == 0


def test_a_wrong_api_token_is_found(deployment: HealthyStack) -> None:
    deployment.exotel(api_token="wrong")
    assert "switchboard setup" in deployment.problems()[f"exotel {ACCOUNT}"]["fix"]
    assert deployment.stack.run("doctor").exit_code == 1


@pytest.mark.parametrize(
    ("fault", "seen", "fix"),
    [
        (Fault("fcm", status=403), "403", "Enable the Firebase Cloud Messaging API"),
        (Fault("fcm-oauth", status=401), "OAuth 401", "new key"),
        (Fault("fcm", status=503), "503 UNAVAILABLE", "Firebase status page"),
        (Fault("fcm", status=400), "400 INVALID_ARGUMENT", "report its answer"),
    ],
)
def test_what_fcm_says_is_explained(deployment: HealthyStack, fault: Fault, seen: str, fix: str) -> None:
    deployment.simulators.faults.add(fault)
    (problem,) = deployment.problems().values()
    assert (problem["area"], problem["state"]) == ("fcm", "problem")
    assert seen in problem["seen"]
    assert fix in problem["fix"]


def test_empty_secrets_are_named_once_each(deployment: HealthyStack) -> None:
    for name in ("WebhookSecret", "AccountsSecret", "PushSecret"):
        deployment.stack.fill(name, {})
    problems = deployment.problems()
    assert list(problems) == ["secrets Exotel accounts", "secrets server key", "secrets FCM service account"]
    assert all("setup" in problem["fix"] for problem in problems.values())


def test_half_filled_secrets_name_what_they_lack(deployment: HealthyStack) -> None:
    deployment.exotel(api_key="", exophone="not a number", api_host="http://example.com")
    deployment.stack.fill("WebhookSecret", {ACCOUNT: {"user": "exotel"}})
    deployment.stack.fill("PushSecret", {"fcm": {"type": "service_account"}})
    problems = deployment.problems()
    account = problems[f"secrets Exotel account {ACCOUNT}"]["seen"]
    assert account.startswith("api_key is empty; api_host: a host must be https")
    assert "exophone: a phone number" in account
    assert problems[f"secrets webhooks of {ACCOUNT}"]["seen"] == "lacks password, path"
    assert "lacks project_id" in problems["secrets FCM service account"]["seen"]


def test_webhook_credentials_that_can_be_guessed(deployment: HealthyStack) -> None:
    deployment.stack.fill("WebhookSecret", {ACCOUNT: WEBHOOK | {"password": "short"}})
    assert "can be guessed" in deployment.problems()[f"secrets webhooks of {ACCOUNT}"]["seen"]


def test_a_webhook_that_refuses_its_own_credentials_is_a_problem(deployment: HealthyStack) -> None:
    deployment.api.answers["pushtoclient"] = 503
    problem = deployment.problems()[f"webhooks pushtoclient of {ACCOUNT}"]
    assert problem["seen"] == "answers 503 by credentials, 503 by secret path"


def test_a_webhook_that_accepts_wrong_credentials_is_a_problem(deployment: HealthyStack) -> None:
    deployment.api.refusal = 200
    assert "accepts wrong credentials" in deployment.problems()[f"webhooks callevents of {ACCOUNT}"]["seen"]


def test_an_address_list_that_keeps_the_operator_out_is_no_fault(deployment: HealthyStack) -> None:
    deployment.api.answers = dict.fromkeys(deployment.api.answers, 403)
    problems = deployment.problems()
    assert {problem["state"] for problem in problems.values()} == {"note"}
    assert deployment.stack.run("doctor").exit_code == 0


def test_an_api_that_cannot_be_reached(simulators: Simulators) -> None:
    with stack_in_moto("http://127.0.0.1:1") as stack:
        problems = HealthyStack(stack, WebhookServer(WEBHOOK), simulators).problems()
    assert problems[f"webhooks dialtonumber of {ACCOUNT}"]["seen"] == "no answer: ConnectError"
    assert problems["clock skew"]["state"] == "note"


@pytest.mark.parametrize(("skew", "words"), [(-90.0, "90 s ahead of the API"), (90.0, "90 s behind the API")])
def test_a_clock_that_is_wrong_is_a_problem(deployment: HealthyStack, skew: float, words: str) -> None:
    deployment.api.skew = skew
    problem = deployment.problems()["clock skew"]
    assert words.partition(" s ")[2] in problem["seen"]
    assert problem["state"] == "problem"


def test_dead_letters_and_a_full_queue(deployment: HealthyStack) -> None:
    deployment.stack.dead_letter("push-1", "400 INVALID_ARGUMENT")
    for _ in range(10):
        entries: Any = [{"Id": str(number), "MessageBody": "{}"} for number in range(10)]
        deployment.stack.sqs.send_message_batch(QueueUrl=deployment.stack._queue("PushQueue"), Entries=entries)
    deployment.stack.sqs.send_message(QueueUrl=deployment.stack._queue("TimelineQueue"), MessageBody="{}")
    problems = deployment.problems()
    assert "switchboard dlq show" in problems["queues PushDeadLetterQueue"]["fix"]
    assert (problems["queues PushQueue"]["state"], problems["queues PushQueue"]["seen"]) == ("problem", "100 messages")
    assert problems["queues TimelineQueue"]["state"] == "note"


def test_an_alarm_in_alarm_state_is_a_problem(deployment: HealthyStack) -> None:
    boto3.client("cloudwatch", REGION).set_alarm_state(
        AlarmName="UndeliverablePushesAlarm", StateValue="ALARM", StateReason="a test"
    )
    problem = deployment.problems()["alarms UndeliverablePushesAlarm"]
    assert problem["seen"].startswith("in ALARM since ")
    assert "operations.md" in problem["fix"]


def test_a_check_that_cannot_be_made_is_a_finding(deployment: HealthyStack) -> None:
    boto3.client("sqs", REGION).delete_queue(QueueUrl=deployment.stack._queue("PushQueue"))
    problem = deployment.problems()["queues could not be checked"]
    assert problem["seen"].startswith("AWS refused GetQueueAttributes")


def test_parameters_that_are_not_for_production_are_noted(simulators: Simulators) -> None:
    given = {**defaults(), "StockApps": "allow", "AlarmEmail": ""}
    with webhook_server(WEBHOOK) as api, stack_in_moto(api.url, **given) as stack:
        problems = HealthyStack(stack, api, simulators).problems()
    assert {name: problem["state"] for name, problem in problems.items()} == {
        "stack StockApps": "note",
        "stack AlarmEmail": "note",
    }


def test_a_stack_of_an_older_version_lacks_outputs(deployment: HealthyStack) -> None:
    client = boto3.client("cloudformation", REGION)
    template = client.get_template(StackName="switchboard")["TemplateBody"]
    outputs = {name: value for name, value in template["Outputs"].items() if name != "CallEventsUrl"}
    body = {**template, "Outputs": outputs}
    client.update_stack(StackName="switchboard", TemplateBody=json.dumps(body))
    assert deployment.problems()["stack outputs"]["seen"] == "lacks CallEventsUrl"


def test_a_stack_that_does_not_exist_is_exit_code_2(deployment: HealthyStack) -> None:
    assert "there is no stack nosuch" in str(deployment.stack.run("--stack", "nosuch", "doctor").exception)
