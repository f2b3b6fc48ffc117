"""Exotel's credentials, and that an incomplete secret lets nobody in."""

import pytest

from switchboard.exotel.webhooks import WebhookGate
from switchboard.foundation.errors import ForbiddenError, NotConfiguredError, UnauthorizedError
from switchboard.web.request import Request
from tests.events import basic, request
from tests.fakes.secret import FakeSecret

ROUTE = "/v1/accounts/{accountSid}/pushtoclient"
HOOK = "/v1/hooks/{secret}/accounts/{accountSid}/pushtoclient"
GOOD = {"user": "exotel", "password": "pass:word", "path": "hook"}


def by_basic(user: str, password: str) -> Request:
    return Request(request("POST", "/v1/accounts/demo1m/pushtoclient", route=ROUTE, headers=basic(user, password)))


def by_path(secret: str) -> Request:
    event = request("POST", "/v1/hooks/x/accounts/demo1m/pushtoclient", route=HOOK)
    return Request(event | {"pathParameters": {"secret": secret, "accountSid": "demo1m"}})


def admitted(entry: object, wanted: Request, addresses: str = "") -> bool:
    try:
        WebhookGate(FakeSecret({"demo1m": entry}), addresses).admit(wanted)
    except UnauthorizedError:
        return False
    return True


def test_either_credential_of_the_account_is_enough() -> None:
    assert admitted(GOOD, by_basic("exotel", "pass:word"))
    assert admitted(GOOD, by_path("hook"))
    assert not admitted(GOOD, by_basic("exotel", "pass"))
    assert not admitted(GOOD, by_path("pass:word"))


@pytest.mark.parametrize("empty", ["", None, 0, [], "\0", "\ud800"], ids=repr)
@pytest.mark.parametrize("given", ["", "None", "0", "[]", "%00", "%ED%A0%80"])
def test_a_missing_or_empty_credential_is_never_accepted(empty: object, given: str) -> None:
    entry = {"user": empty, "password": empty, "path": empty}
    assert not admitted(entry, by_path(given))
    assert not admitted(entry, by_basic(given, given))
    assert not admitted({}, by_path(given))


@pytest.mark.parametrize("entry", ["text", None, [], 5, {}, {"user": "exotel"}], ids=repr)
def test_an_invalid_entry_refuses_everybody(entry: object) -> None:
    assert not admitted(entry, by_basic("exotel", "pass:word"))
    assert not admitted(entry, by_basic("exotel", ""))
    assert not admitted(entry, by_path("hook"))


def test_one_credential_serves_where_the_other_is_missing() -> None:
    assert admitted({"path": "hook"}, by_path("hook"))
    assert admitted({"user": "exotel", "password": "p"}, by_basic("exotel", "p"))


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Basic é", "Basic //79", "Bearer eDp5", "\ud800"])
def test_a_header_that_is_no_basic_credential_is_refused(header: str) -> None:
    event = request("POST", "/v1/accounts/demo1m/pushtoclient", route=ROUTE, headers={"Authorization": header})
    assert not admitted(GOOD, Request(event))


def test_credentials_may_be_in_any_script() -> None:
    assert admitted({"user": "Öffner", "password": "पासवर्ड"}, by_basic("Öffner", "पासवर्ड"))


def test_a_network_may_be_written_by_any_address_in_it() -> None:
    assert admitted(GOOD, by_path("hook"), "203.0.113.99/24")
    with pytest.raises(ForbiddenError):
        admitted(GOOD, by_path("hook"), "203.0.114.99/24, 2001:db8::1/32")


def test_an_invalid_address_list_is_an_error_and_lets_nobody_in() -> None:
    with pytest.raises(NotConfiguredError, match=r"ExotelAddresses has 'exotel\.com'"):
        WebhookGate(FakeSecret({}), "198.51.100.0/24, exotel.com")


def test_preparing_reads_the_credentials() -> None:
    kept = FakeSecret({"demo1m": GOOD})
    WebhookGate(kept, "").prepare()
    assert kept.reads == 1
