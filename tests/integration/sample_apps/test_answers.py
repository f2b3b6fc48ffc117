"""Every answer that a sample app reads, from the real functions, decoded as strictly as the app does."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Any

import pytest

from local.simulators.faults import Fault
from switchboard.subscribers.subscriber import Contact, ContactGroup, Status
from tests.api_stack import PASSWORD, ApiStack, api_stack, bearer
from tests.identity_stack import LOGIN, SUBSCRIBER, Answer
from tests.sample_apps import android, flutter, ios
from tests.sample_apps.wire import WireAnswer

APPS = (ios, android, flutter)
PHONE = {"user_name": "alice", "password": PASSWORD, "account_sid": "demo1m", "device_id": LOGIN["device_id"]}
ABOUT = "über 3 € 😀"
SHOWN = ("Küche", True, [("Zoë", "bob")])
_READS = ("context", "contacts", "logdestination")


@dataclass(frozen=True)
class Phone:
    """A phone of alice's: with a session, or without one where the stock apps are let in."""

    stack: ApiStack
    headers: dict[str, str]

    def ask(self, route: str, body: Any = None, **parameters: str) -> WireAnswer:
        return wire(self.stack.ask(route, self.headers, body, **parameters))

    def refused(self, route: str, body: Any = None) -> WireAnswer:
        """Ask for somebody who does not exist: 404 without a session, 403 with alice's."""
        return self.ask(route, body, name="nobody")


def wire(answer: Answer) -> WireAnswer:
    return WireAnswer(answer.status, answer.headers.get("content-type", ""), answer.text.encode())


@pytest.fixture(scope="module", params=["with a session", "without one"])
def phone(request: pytest.FixtureRequest) -> Iterator[Phone]:
    by_session = request.param == "with a session"
    with api_stack(StockApps="deny" if by_session else "allow") as stack:
        alice = stack.subscribers.find("demo1m", "alice")
        assert alice is not None
        group = ContactGroup(SHOWN[0], (Contact(*SHOWN[2][0]),), SHOWN[1])
        stack.subscribers.put(changed(alice, display_name="Zoë", contact_groups=(group,)))
        yield Phone(stack, bearer(stack.session()) if by_session else {})


def test_every_app_logs_in(phone: Phone) -> None:
    answer = phone.ask("POST /v1/login", PHONE)
    read = [app.login(answer) for app in APPS]
    assert [each["contact_display_name"] for each in read if each] == ["Zoë"] * 3
    assert [each["exophone"] for each in read if each] == ["08040408080"] * 3


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"password": "a-guess"}, 403),
        ({"account_sid": "nobodys"}, 403),
        ({"device_id": ""}, 422),
        ({"user_name": 7}, 422),
    ],
    ids=str,
)
def test_every_app_understands_a_refused_login(phone: Phone, changes: dict[str, Any], status: int) -> None:
    answer = phone.ask("POST /v1/login", PHONE | changes)
    assert answer.status == status
    assert [app.login(answer) for app in APPS] == [None] * 3


def test_every_app_understands_that_exotel_does_not_answer(phone: Phone) -> None:
    phone.stack.simulators.faults.add(Fault("exotel", status=500, times=9))
    answer = phone.ask("POST /v1/login", PHONE)
    phone.stack.simulators.faults.clear()
    assert answer.status == 502
    assert [app.login(answer) for app in APPS] == [None] * 3


def test_every_app_registers_its_phone_and_knows_when_it_could_not(phone: Phone) -> None:
    route, body = f"POST {SUBSCRIBER}/devicetoken", {"deviceToken": "fcm-token"}
    answers = phone.ask(route, body), phone.refused(route, body)
    assert [[app.device_token(answer) for app in APPS] for answer in answers] == [[True] * 3, [False] * 3]


def test_a_context_is_set_shown_to_the_callee_and_removed(phone: Phone) -> None:
    route = f"{SUBSCRIBER}/context"
    assert flutter.changed_context(phone.ask(f"POST {route}", {"dialToNumber": "sip:bob", "message": ABOUT}))
    answer = phone.ask(f"GET {route}")
    assert [app.context(answer) for app in (ios, android)] == [ABOUT] * 2
    assert flutter.changed_context(phone.ask(f"DELETE {route}"))


def test_ios_shows_nothing_where_there_is_no_context(phone: Phone) -> None:
    assert ios.context(phone.refused(f"GET {SUBSCRIBER}/context")) == ""


def test_android_shows_nothing_where_there_is_no_context(phone: Phone) -> None:
    phone.ask(f"DELETE {SUBSCRIBER}/context")
    answers = phone.ask(f"GET {SUBSCRIBER}/context"), phone.refused(f"GET {SUBSCRIBER}/context")
    assert [android.context(answer) for answer in answers] == ["", ""]


def test_every_app_shows_the_contacts(phone: Phone) -> None:
    answer = phone.ask(f"GET {SUBSCRIBER}/contacts")
    assert ios.contacts(answer) == android.contacts(answer) == [SHOWN]
    assert flutter.contacts(answer) == [(SHOWN[0], SHOWN[2])]
    assert flutter.contacts(phone.refused(f"GET {SUBSCRIBER}/contacts")) is None


def test_every_app_shows_nobody_where_nobody_is_stored(phone: Phone) -> None:
    phone.stack.put("demo1m", "empty")
    headers = bearer(phone.stack.session("empty")) if phone.headers else {}
    answer = wire(phone.stack.ask(f"GET {SUBSCRIBER}/contacts", headers, name="empty"))
    assert [app.contacts(answer) for app in APPS] == [[]] * 3


def test_the_native_apps_get_a_place_for_their_logs(phone: Phone) -> None:
    route = f"GET {SUBSCRIBER}/logdestination"
    places = [app.log_destination(phone.ask(route)) for app in (ios, android)]
    assert all(url.startswith("https://") and name.endswith(".zip") for url, name in places if url)
    assert [app.log_destination(phone.refused(route)) for app in (ios, android)] == [None] * 2


def test_a_suspended_subscriber_is_refused_in_a_form_that_ios_reads(phone: Phone) -> None:
    phone.stack.put("demo1m", "frozen", Status.INACTIVE)
    for what in _READS:
        answer = phone.ask(f"GET {SUBSCRIBER}/{what}", name="frozen")
        assert answer.status == 403
        assert ios.device_token(answer) is False  # it reads http_code of any answer alike
