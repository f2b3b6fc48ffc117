"""iPhones on the deployed stack: frank's rings by VoIP, in either of Apple's environments, and once."""

import uuid
from typing import Any

import pytest

from local import demo
from local.calls.call_data import call_data
from tests.stack.conftest import Api, wait_until

FRANKS = demo.first_phone("frank")


def own_user(api: Api, *devices: dict[str, str]) -> str:
    """Create a user of this test's own with these devices on one phone, and return the name."""
    name = f"u{uuid.uuid4().hex[:12]}"
    server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    assert api.http.put(api.subscriber(name), json={"password": demo.PASSWORD}, headers=server).is_success
    session = api.login(name, "phone-1")
    for device in devices:
        assert api.http.post(api.subscriber(name, "/devicetoken"), json=device, headers=session).status_code == 200
    return name


def pushes_of(api: Api, payload: str) -> list[dict[str, Any]]:
    return [push.as_json() for push in api.stack.simulators.pushes.accepted(payload)]


def ring(api: Api, name: str) -> list[dict[str, Any]]:
    """Send a push as Exotel does; return what the phones got once nothing is queued any more."""
    payload = call_data("alice")
    assert api.push(name, payload).status_code == 200
    wait_until(lambda: api.queued() == 0, 30)
    return pushes_of(api, payload)


def test_franks_phone_rings_by_voip_and_his_call_is_played_to_its_end(denying: Api) -> None:
    placed = denying.call("alice", "frank")
    assert placed["outcome"] == "ringing", placed
    (push,) = [one for one in denying.http.get("/_sim/pushes").json() if one["token"] == FRANKS.token][-1:]
    assert (push["service"], push["headers"]["apns-topic"]) == ("apns", "com.example.switchboard.voip")
    assert {"type": "call", "callerName": "Alice", "subscriberName": "frank"}.items() <= push["message"].items()

    def over() -> bool:
        return bool(denying.http.get(f"/_sim/calls/{placed['call_sid']}").json()["over"])

    wait_until(over, 30)
    steps = denying.http.get(f"/_sim/calls/{placed['call_sid']}").json()["steps"]
    assert {step["status"] for step in steps} == {"ok"}
    assert {"push-ack", "events-of-frank", "feedback"} <= {step["name"] for step in steps}


def test_an_iphone_of_the_sandbox_is_found_there_and_rung_there_from_then_on(denying: Api) -> None:
    token = uuid.uuid4().hex * 2
    name = own_user(denying, {"deviceToken": token, "tokenType": "apns-voip"})
    denying.fault(target="apns", error_code="BadDeviceToken", host="production", token=token, times=9)

    assert [[push["host"] for push in ring(denying, name)] for _ in range(2)] == [["sandbox"]] * 2

    attempts = [push.host for push in denying.stack.simulators.pushes.attempts() if push.token == token]
    assert attempts == ["production", "sandbox", "sandbox"]
    shown = denying.http.get(denying.subscriber(name, "/devices"), headers=denying.login(name)).json()["devices"]
    assert [(one["tokenType"], one["environment"]) for one in shown] == [("apns-voip", "sandbox")]


def test_an_unnamed_token_of_flutters_is_learned_and_stays_so_when_the_app_starts_again(denying: Api) -> None:
    device = {"deviceToken": uuid.uuid4().hex * 2}
    name = own_user(denying, device)
    denying.fault(target="apns", error_code="DeviceTokenNotForTopic", token=device["deviceToken"])

    assert [push["headers"]["apns-push-type"] for push in ring(denying, name)] == ["alert"]
    again = denying.http.post(denying.subscriber(name, "/devicetoken"), json=device, headers=denying.login(name))
    assert again.json()["tokenType"] == "apns"
    assert [push["headers"]["apns-push-type"] for push in ring(denying, name)] == ["alert"]


def test_a_phone_with_three_tokens_rings_once_and_by_the_next_where_voip_is_refused(denying: Api) -> None:
    voip, alert = uuid.uuid4().hex * 2, uuid.uuid4().hex * 2
    name = own_user(
        denying,
        {"deviceToken": f"fcm-{voip}", "platform": "ios", "tokenType": "fcm"},
        {"deviceToken": alert, "tokenType": "apns", "environment": "production"},
        {"deviceToken": voip, "tokenType": "apns-voip", "environment": "production"},
    )

    assert [push["token"] for push in ring(denying, name)] == [voip]
    denying.fault(target="apns", error_code="Unregistered", token=voip)
    (rung,) = ring(denying, name)
    assert rung["token"] in (alert, f"fcm-{voip}")
    assert denying.devices(name) == 2


@pytest.mark.parametrize("logged_out", [True, False])
def test_no_voip_push_reaches_a_phone_that_is_logged_out_or_whose_user_is_suspended(
    denying: Api, *, logged_out: bool
) -> None:
    name = own_user(denying, {"deviceToken": uuid.uuid4().hex * 2, "tokenType": "apns-voip"})
    if logged_out:
        session = denying.login(name, "phone-1")
        assert denying.http.post(denying.subscriber(name, "/logout"), json={}, headers=session).status_code == 200
    else:
        server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
        suspended = denying.http.put(denying.subscriber(name), json={"status": "inactive"}, headers=server)
        assert suspended.is_success, suspended.text

    assert ring(denying, name) == []
