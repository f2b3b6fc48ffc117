"""The decoders are as strict as the sample apps: each required member is removed, and set to null."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sample_apps import android, flutter, ios
from tests.sample_apps.wire import UnreadableAnswerError, WireAnswer

TOKEN = f"e30.{base64.urlsafe_b64encode(b'{"exp": 1700086400}').decode().rstrip('=')}.sig"
LOGIN = {
    "subscriber_token": {"refresh_token": TOKEN, "access_token": TOKEN},
    "subscriber_name": "alice",
    "host_name": "https://sdk.example.com/v2",
    "account_sid": "demo1m",
    "exophone": "08040408080",
    "contact_display_name": "Alice",
    "http_code": 200,
}
GROUP = {
    "code": 200,
    "error_data": None,
    "status": "success",
    "data": {"group": "Team", "is_special": False, "contacts": [{"contact_name": "Bob", "contact_number": "bob"}]},
}
CONTACTS = {"response": [GROUP], "http_code": 200}
CONTEXT = {"message": "about your order", "http_code": 200}
DEVICE = {"http_code": 200}
LOGS = {"logDestinationURL": "https://bucket/x", "logDestinationFileName": "x.zip", "http_code": 200}
_DATA = "response.0.data"
_PEOPLE = {_DATA, f"{_DATA}.group", f"{_DATA}.contacts"} | {
    f"{_DATA}.contacts.0{name}" for name in ("", ".contact_name", ".contact_number")
}
_NATIVE = _PEOPLE | {"response", "response.0", "response.0.code", f"{_DATA}.is_special"}
_TOKENS = {"subscriber_token", "subscriber_token.refresh_token"}
# decoder, a good answer, and the members without which, or with null in which, the app fails
NEEDS: list[tuple[Callable[[WireAnswer], Any], dict[str, Any], set[str]]] = [
    (ios.login, LOGIN, _TOKENS | {"subscriber_token.access_token", *LOGIN}),
    (ios.device_token, DEVICE, {"http_code"}),
    (ios.context, CONTEXT, {"message", "http_code"}),
    (ios.contacts, CONTACTS, _NATIVE | {"response.0.status"}),
    (ios.log_destination, LOGS, set(LOGS)),
    (android.login, LOGIN, _TOKENS | {"host_name", "account_sid", "exophone", "contact_display_name"}),
    (android.device_token, DEVICE, set()),
    (android.context, CONTEXT, {"message"}),
    (android.contacts, CONTACTS, _NATIVE),
    (android.log_destination, LOGS, {"logDestinationURL", "logDestinationFileName"}),
    (
        flutter.login,
        LOGIN,
        _TOKENS | {"subscriber_token.access_token", "host_name", "exophone", "contact_display_name"},
    ),
    (flutter.device_token, DEVICE, set()),
    (flutter.contacts, CONTACTS, _PEOPLE | {"response", "response.0"}),
]
IDS = [f"{decode.__module__.rpartition('.')[2]} {decode.__name__}" for decode, _, _ in NEEDS]


def wire(body: Any, content_type: str = "application/json; charset=utf-8") -> WireAnswer:
    return WireAnswer(200, content_type, json.dumps(body, ensure_ascii=False).encode())


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of each member and element, such as `response.0.code`."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield f"{path}{key}"
        yield from paths(part, f"{path}{key}.")


def changed(body: dict[str, Any], path: str, change: Callable[[Any, Any], None]) -> dict[str, Any]:
    """Return a copy whose member at the path was changed, where it is in."""
    made: Any = copy.deepcopy(body)
    holder, (*steps, last) = made, path.split(".")
    for step in steps:
        holder = holder[int(step) if isinstance(holder, list) else step]
    change(holder, int(last) if isinstance(holder, list) else last)
    return made


def fails(decode: Callable[[WireAnswer], Any], body: dict[str, Any]) -> bool:
    try:
        decode(wire(body))
    except UnreadableAnswerError:
        return True
    return False


@pytest.mark.parametrize(("decode", "good", "needed"), NEEDS, ids=IDS)
def test_an_app_needs_exactly_these_members_and_none_of_them_null(
    decode: Callable[[WireAnswer], Any], good: dict[str, Any], needed: set[str]
) -> None:
    def nothing(holder: Any, key: Any) -> None:
        holder[key] = None

    def gone(holder: Any, key: Any) -> None:
        del holder[key]

    decode(wire(good))
    assert {path for path in paths(good) if fails(decode, changed(good, path, nothing))} == needed
    elements = {path for path in needed if path.rpartition(".")[2].isdecimal()}  # a shorter list is a good one
    assert {path for path in paths(good) if fails(decode, changed(good, path, gone))} == needed - elements


@pytest.mark.parametrize(("decode", "good", "needed"), NEEDS, ids=IDS)
def test_a_member_of_another_type_is_refused(
    decode: Callable[[WireAnswer], Any], good: dict[str, Any], needed: set[str]
) -> None:
    def another(holder: Any, key: Any) -> None:
        holder[key] = 7.5

    assert {path for path in paths(good) if fails(decode, changed(good, path, another))} >= needed


def test_flutter_reads_latin_1_without_a_charset_and_the_native_apps_utf_8() -> None:
    body = LOGIN | {"contact_display_name": "Zoë"}
    read = [app.login(wire(body, "application/json")) for app in (ios, android, flutter)]
    read.append(flutter.login(wire(body)))
    assert [login and login["contact_display_name"] for login in read] == ["Zoë", "Zoë", "ZoÃ«", "Zoë"]


def test_ios_cannot_read_exotels_own_error_data_in_a_group() -> None:
    """Its ContactErrorData looks for `errorCode`, where Exotel writes `code`: so ours is null, always."""
    failed = GROUP | {"error_data": {"code": 1000, "description": "not found", "message": "Not Found"}}
    assert fails(ios.contacts, {"response": [failed]})
