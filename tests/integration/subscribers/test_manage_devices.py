"""ManageDevicesFunction's device tokens and contacts, with its real event, on moto."""

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from switchboard.subscribers.subscriber import Contact, ContactGroup, Environment, TokenType
from tests.integration.subscribers.deployment import EVENT, ROUTES, Deployment, deployed

APNS = "0123456789abcdef" * 4


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with deployed(monkeypatch) as deployment:
        yield deployment


def test_the_stock_apps_device_token_is_registered(deployment: Deployment) -> None:
    assert deployment.call(EVENT["routeKey"])["http_code"] == 200
    (device,) = deployment.devices.of("demo1m", "alice")
    assert (device.token, device.token_type) == ("fcm-token", TokenType.FCM)
    assert abs(device.registered_at / 1000 - time.time()) < 60


def test_a_token_moves_to_whoever_registers_it(deployment: Deployment) -> None:
    deployment.call(ROUTES[0])
    deployment.call(ROUTES[0], name="bob")
    assert deployment.devices.of("demo1m", "alice") == []
    assert len(deployment.devices.of("demo1m", "bob")) == 1


@pytest.mark.parametrize("kind", ["apns-voip", "apns"])
def test_an_unnamed_hex_token_is_taken_for_what_the_operator_expects(deployment: Deployment, kind: str) -> None:
    deployment.set(HEX_TOKENS=kind)
    assert deployment.call(ROUTES[0], body=json.dumps({"deviceToken": APNS}))["tokenType"] == kind
    (device,) = deployment.devices.of("demo1m", "alice")
    assert (device.token_type, device.guessed, device.environment) == (kind, True, None)


def test_what_pushes_have_shown_about_an_iphone_outlives_the_apps_next_start(deployment: Deployment) -> None:
    deployment.call(ROUTES[0], body=json.dumps({"deviceToken": APNS}))
    (device,) = deployment.devices.of("demo1m", "alice")
    shown = replace(device, token_type=TokenType.APNS, environment=Environment.SANDBOX, guessed=False)
    deployment.devices.learned("demo1m", "alice", shown)

    assert deployment.call(ROUTES[0], body=json.dumps({"deviceToken": APNS}))["tokenType"] == "apns"
    (again,) = deployment.devices.of("demo1m", "alice")
    assert replace(again, registered_at=shown.registered_at) == shown


def test_what_the_app_says_of_its_device_is_kept(deployment: Deployment) -> None:
    said = {"deviceToken": APNS, "platform": "ios", "tokenType": "apns-voip", "deviceId": "phone-1"}
    said |= {"environment": "sandbox", "bundleId": "com.example.app"}
    assert deployment.call(ROUTES[0], body=json.dumps(said))["tokenType"] == "apns-voip"
    (device,) = deployment.devices.of("demo1m", "alice")
    assert (device.platform, device.token_type, device.device_id) == ("ios", "apns-voip", "phone-1")
    assert (device.environment, device.bundle_id, device.guessed) == ("sandbox", "com.example.app", False)


def test_a_device_knows_what_its_last_registration_says(deployment: Deployment) -> None:
    deployment.call(ROUTES[0], body='{"deviceToken":"fcm:1","knows":["cancel"]}')
    (device,) = deployment.devices.of("demo1m", "alice")
    assert device.knows == {"cancel"}
    deployment.call(ROUTES[0], body='{"deviceToken":"fcm:1"}')
    (device,) = deployment.devices.of("demo1m", "alice")
    assert device.knows == set()


def test_a_base64_body_is_read(deployment: Deployment) -> None:
    body = base64.b64encode(b'{"deviceToken":"fcm-token"}').decode()
    assert deployment.call(ROUTES[0], body=body, isBase64Encoded=True)["http_code"] == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"deviceToken":"two words"}', 422),
        (json.dumps({"deviceToken": "t" * 4097}), 422),
        ('{"deviceToken":"t","platform":"windows"}', 422),
        ('{"deviceToken":"t","tokenType":"wns"}', 422),
        ('{"deviceToken":"t","tokenType":"apns-voip"}', 422),
        (json.dumps({"deviceToken": APNS, "environment": "test"}), 422),
        (json.dumps({"deviceToken": APNS, "bundleId": "com.example/app"}), 422),
        (json.dumps({"deviceToken": "t", "deviceId": "d" * 201}), 422),
        ('{"deviceToken":"t","knows":["cancel","juggling"]}', 422),
        ('{"deviceToken":"t","knows":"cancel"}', 422),
        ("x" * 70000, 413),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused(deployment: Deployment, body: str, status: int) -> None:
    refusal = deployment.call(ROUTES[0], body=body)
    assert refusal["http_code"] == status
    assert (status == 422) == ("field" in refusal)
    assert deployment.devices.of("demo1m", "alice") == []


@pytest.mark.parametrize(
    "request_", [{"body": '{"deviceToken":"fcm:1"}'}, {"query": "deviceToken=fcm%3A1"}], ids=["body", "query"]
)
def test_a_device_is_removed(deployment: Deployment, request_: dict[str, Any]) -> None:
    deployment.call(ROUTES[0], body='{"deviceToken":"fcm:1"}')
    assert deployment.call(ROUTES[1], **request_)["removed"] is True
    assert deployment.devices.of("demo1m", "alice") == []
    assert deployment.call(ROUTES[1], **request_)["removed"] is False


def test_removing_without_a_token_is_refused(deployment: Deployment) -> None:
    assert deployment.call(ROUTES[1])["field"] == "deviceToken"


def test_stored_groups_come_in_the_apps_shape(deployment: Deployment) -> None:
    alice = deployment.subscribers.find("demo1m", "alice")
    assert alice is not None
    group = ContactGroup("Friends", (Contact("Bob", "bob"),), is_special=True)
    deployment.subscribers.put(replace(alice, contact_groups=(group,)))
    contacts = [{"contact_name": "Bob", "contact_number": "bob"}]
    data = {"group": "Friends", "is_special": True, "contacts": contacts}
    shown = {"code": 200, "error_data": None, "status": "success", "data": data}
    assert deployment.call(ROUTES[2])["response"] == [shown]
    assert deployment.call(ROUTES[2], name="bob")["response"] == []


def test_everyone_shows_the_others_of_the_account(deployment: Deployment) -> None:
    deployment.set(CONTACTS="everyone")
    (group,) = deployment.call(ROUTES[2], name="bob")["response"]
    assert group["data"]["contacts"] == [{"contact_name": "Alice", "contact_number": "alice"}]
