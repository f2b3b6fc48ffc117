"""`switchboard doctor` on a stack in moto, with Exotel and FCM simulated and the webhooks played over real HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from cli.doctor.findings import State
from cli.doctor.template_parameters import defaults
from local.simulators import Simulators, running_simulators
from local.simulators.faults import Fault
from tests.cli.stack_in_moto import ACCOUNT, EXOTEL, REGION, WEBHOOK, StackInMoto, stack_in_moto
from tests.fakes.webhook_server import WebhookServer, webhook_server


class Patient:
    """A stack in which all is well, until a test makes it ill."""

    def __init__(self, stack: StackInMoto, api: WebhookServer, simulators: Simulators) -> None:
        self.stack, self.api, self.simulators = stack, api, simulators
        self.exotel()
        account = simulators.service_account.as_file()
        stack.fill("PushSecret", {"fcm": account, "fcm_base_url": simulators.fcm_base_url})

    def exotel(self, **changes: str) -> None:
        entry = EXOTEL | {"api_host": self.simulators.exotel_url} | changes
        self.stack.fill("AccountsSecret", {"server_key": "k" * 43, "accounts": {ACCOUNT: entry}})

    def ills(self) -> dict[str, Any]:
        """What is not fine, by area and name."""
        found = self.stack.read("doctor")
        return {f"{one['area']} {one['name']}": one for one in found if one["state"] != State.FINE}


@pytest.fixture(scope="module")
def simulators() -> Iterator[Simulators]:
    with running_simulators() as running:
        yield running


@pytest.fixture
def patient(simulators: Simulators) -> Iterator[Patient]:
    simulators.faults.clear()
    with webhook_server(WEBHOOK) as api, stack_in_moto(api.url) as stack:
        yield Patient(stack, api, simulators)


def test_a_sound_deployment_has_nothing_to_mend(patient: Patient) -> None:
    result = patient.stack.run("doctor")
    assert result.exit_code == 0, result.output
    assert "All is well." in result.output
    for seen in ("the key is valid and VoIP enabled", "took a message to validate", "closed to wrong credentials"):
        assert seen in result.output
    assert patient.ills() == {}


def test_nothing_is_delivered_written_or_rung_by_it(patient: Patient) -> None:
    patient.stack.run("doctor")
    assert not patient.simulators.pushes.attempts()
    assert patient.stack.timelines.calls_of(ACCOUNT, "switchboard-doctor", 5).calls == []


def test_its_output_holds_no_credential(patient: Patient) -> None:
    output = patient.stack.run("doctor").output
    assert not any(secret in output for secret in (WEBHOOK["password"], WEBHOOK["path"], EXOTEL["api_token"], "k" * 43))


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (Fault("exotel", status=401), "Exotel refused our credentials"),
        (Fault("exotel", status=403), "VoIP is not enabled"),
        (Fault("exotel", status=429), "fewer requests"),
        (Fault("exotel", status=503), "does not answer"),
    ],
)
def test_what_exotel_says_is_explained(patient: Patient, fault: Fault, seen: str) -> None:
    patient.simulators.faults.add(fault)
    (ill,) = patient.ills().values()
    assert (ill["area"], ill["name"], ill["state"]) == ("exotel", ACCOUNT, "problem")
    assert seen in ill["seen"]
    assert ill["fix"]


def test_a_wrong_api_token_is_found(patient: Patient) -> None:
    patient.exotel(api_token="wrong")
    assert "switchboard setup" in patient.ills()[f"exotel {ACCOUNT}"]["fix"]
    assert patient.stack.run("doctor").exit_code == 1


@pytest.mark.parametrize(
    ("fault", "seen", "fix"),
    [
        (Fault("fcm", status=403), "403", "Enable the Firebase Cloud Messaging API"),
        (Fault("fcm-oauth", status=401), "OAuth 401", "new key"),
        (Fault("fcm", status=503), "503 UNAVAILABLE", "Firebase status page"),
        (Fault("fcm", status=400), "400 INVALID_ARGUMENT", "tell us"),
    ],
)
def test_what_fcm_says_is_explained(patient: Patient, fault: Fault, seen: str, fix: str) -> None:
    patient.simulators.faults.add(fault)
    (ill,) = patient.ills().values()
    assert (ill["area"], ill["state"]) == ("fcm", "problem")
    assert seen in ill["seen"]
    assert fix in ill["fix"]


def test_empty_secrets_are_named_once_each(patient: Patient) -> None:
    for name in ("WebhookSecret", "AccountsSecret", "PushSecret"):
        patient.stack.fill(name, {})
    ills = patient.ills()
    assert list(ills) == ["secrets Exotel accounts", "secrets server key", "secrets FCM service account"]
    assert all("setup" in ill["fix"] for ill in ills.values())


def test_half_filled_secrets_name_what_they_lack(patient: Patient) -> None:
    patient.exotel(api_key="", exophone="not a number", api_host="http://example.com")
    patient.stack.fill("WebhookSecret", {ACCOUNT: {"user": "exotel"}})
    patient.stack.fill("PushSecret", {"fcm": {"type": "service_account"}})
    ills = patient.ills()
    account = ills[f"secrets Exotel account {ACCOUNT}"]["seen"]
    assert account.startswith("api_key is empty; api_host: a host must be https")
    assert "exophone: a phone number" in account
    assert ills[f"secrets webhooks of {ACCOUNT}"]["seen"] == "lacks password, path"
    assert "lacks project_id" in ills["secrets FCM service account"]["seen"]


def test_webhook_credentials_that_can_be_guessed(patient: Patient) -> None:
    patient.stack.fill("WebhookSecret", {ACCOUNT: WEBHOOK | {"password": "short"}})
    assert "can be guessed" in patient.ills()[f"secrets webhooks of {ACCOUNT}"]["seen"]


def test_a_webhook_that_refuses_its_own_credentials(patient: Patient) -> None:
    patient.api.answers["pushtoclient"] = 503
    ill = patient.ills()[f"webhooks pushtoclient of {ACCOUNT}"]
    assert ill["seen"] == "answers 503 by credentials, 503 by secret path"


def test_a_webhook_that_lets_anybody_in(patient: Patient) -> None:
    patient.api.refusal = 200
    assert "lets wrong credentials in" in patient.ills()[f"webhooks callevents of {ACCOUNT}"]["seen"]


def test_an_address_list_that_keeps_the_operator_out_is_no_fault(patient: Patient) -> None:
    patient.api.answers = dict.fromkeys(patient.api.answers, 403)
    ills = patient.ills()
    assert {ill["state"] for ill in ills.values()} == {"note"}
    assert patient.stack.run("doctor").exit_code == 0


def test_an_api_that_cannot_be_reached(simulators: Simulators) -> None:
    with stack_in_moto("http://127.0.0.1:1") as stack:
        ills = Patient(stack, WebhookServer(WEBHOOK), simulators).ills()
    assert ills[f"webhooks dialtonumber of {ACCOUNT}"]["seen"] == "no answer: ConnectError"
    assert ills["clock skew"]["state"] == "note"


@pytest.mark.parametrize(("skew", "words"), [(-90.0, "90 s ahead of the API"), (90.0, "90 s behind the API")])
def test_a_clock_that_is_off(patient: Patient, skew: float, words: str) -> None:
    patient.api.skew = skew
    ill = patient.ills()["clock skew"]
    assert words.partition(" s ")[2] in ill["seen"]
    assert ill["state"] == "problem"


def test_dead_letters_and_a_full_queue(patient: Patient) -> None:
    patient.stack.dead_letter("push-1", "400 INVALID_ARGUMENT")
    for _ in range(10):
        entries: Any = [{"Id": str(number), "MessageBody": "{}"} for number in range(10)]
        patient.stack.sqs.send_message_batch(QueueUrl=patient.stack._queue("PushQueue"), Entries=entries)
    patient.stack.sqs.send_message(QueueUrl=patient.stack._queue("TimelineQueue"), MessageBody="{}")
    ills = patient.ills()
    assert "switchboard dlq show" in ills["queues PushDeadLetterQueue"]["fix"]
    assert (ills["queues PushQueue"]["state"], ills["queues PushQueue"]["seen"]) == ("problem", "100 messages")
    assert ills["queues TimelineQueue"]["state"] == "note"


def test_an_alarm_that_rings(patient: Patient) -> None:
    boto3.client("cloudwatch", REGION).set_alarm_state(
        AlarmName="UndeliverablePushesAlarm", StateValue="ALARM", StateReason="a test"
    )
    ill = patient.ills()["alarms UndeliverablePushesAlarm"]
    assert ill["seen"].startswith("in ALARM since ")
    assert "operations.md" in ill["fix"]


def test_a_check_that_cannot_be_made_is_a_finding(patient: Patient) -> None:
    boto3.client("sqs", REGION).delete_queue(QueueUrl=patient.stack._queue("PushQueue"))
    ill = patient.ills()["queues could not be checked"]
    assert ill["seen"].startswith("AWS refused GetQueueAttributes")


def test_parameters_that_are_not_for_production_are_noted(simulators: Simulators) -> None:
    given = {**defaults(), "StockApps": "allow", "AlarmEmail": ""}
    with webhook_server(WEBHOOK) as api, stack_in_moto(api.url, **given) as stack:
        ills = Patient(stack, api, simulators).ills()
    assert {name: ill["state"] for name, ill in ills.items()} == {
        "stack StockApps": "note",
        "stack AlarmEmail": "note",
    }


def test_a_stack_of_an_older_version_lacks_outputs(patient: Patient) -> None:
    client = boto3.client("cloudformation", REGION)
    template = client.get_template(StackName="switchboard")["TemplateBody"]
    outputs = {name: value for name, value in template["Outputs"].items() if name != "CallEventsUrl"}
    body = {**template, "Outputs": outputs}
    client.update_stack(StackName="switchboard", TemplateBody=json.dumps(body))
    assert patient.ills()["stack outputs"]["seen"] == "lacks CallEventsUrl"


def test_a_stack_that_does_not_exist_is_exit_code_2(patient: Patient) -> None:
    assert "there is no stack nosuch" in str(patient.stack.run("--stack", "nosuch", "doctor").exception)
