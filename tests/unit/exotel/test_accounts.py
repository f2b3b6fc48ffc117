"""The accounts secret as an operator may have written it by hand."""

from typing import Any

import pytest

from switchboard.exotel.accounts_secret import SecretAccounts
from switchboard.foundation.errors import NotConfiguredError
from tests.fakes.secret import FakeSecret

GOOD = {"api_key": "k", "api_token": "t", "api_host": "https://api/", "sdk_host": "https://sdk", "exophone": "0804"}


def find(secret: dict[str, Any]) -> object:
    return SecretAccounts(FakeSecret(secret)).find("demo1m")


def test_an_account_that_is_not_there_is_none() -> None:
    assert find({"accounts": {}}) is find({"accounts": {"other1m": GOOD}}) is None


def test_an_accounts_host_is_kept_without_its_last_slash() -> None:
    account = SecretAccounts(FakeSecret({"accounts": {"demo1m": GOOD}})).find("demo1m")
    assert account is not None
    assert (account.sid, account.api_host, account.sdk_host) == ("demo1m", "https://api", "https://sdk")


@pytest.mark.parametrize("part", GOOD)
@pytest.mark.parametrize("value", [None, "", 5, [], "absent"], ids=repr)
def test_half_an_entry_says_what_it_lacks_and_what_to_run(part: str, value: object) -> None:
    entry = {key: kept for key, kept in (GOOD | {part: value}).items() if kept != "absent"}
    with pytest.raises(NotConfiguredError, match=f"lacks {part} .*switchboard setup"):
        find({"accounts": {"demo1m": entry}})


@pytest.mark.parametrize("accounts", [None, [], "text", {"demo1m": []}, {"demo1m": "text"}], ids=repr)
def test_a_secret_of_another_shape_is_an_error(accounts: object) -> None:
    with pytest.raises(NotConfiguredError, match="is malformed"):
        find({"accounts": accounts})


def test_accounts_are_counted_also_those_that_lack_something() -> None:
    assert SecretAccounts(FakeSecret({"accounts": {}})).count() == 0
    assert SecretAccounts(FakeSecret({"accounts": {"demo1m": GOOD, "other1m": {}}})).count() == 2
