"""Login with the customer's own issuer, without any outside part."""

from dataclasses import replace

import pytest

from switchboard.foundation.errors import ForbiddenError, UnauthorizedError
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.benches.vend_token import ALICE, PHONE, Bench, RacedSubscribers
from tests.fakes.identity import FakeIssuer


def test_an_id_token_logs_in_whom_it_names() -> None:
    bench = Bench(FakeIssuer())
    login = bench.vend_token.by_identity("demo1m", "alice", PHONE)
    assert login.subscriber == ALICE
    assert bench.passwords.checked == 0


def test_a_subscriber_new_to_us_gets_a_profile_on_the_way() -> None:
    bench = Bench(FakeIssuer())
    login = bench.vend_token.by_identity("demo1m", "newcomer", PHONE)
    stored = bench.subscribers.find("demo1m", "newcomer")
    assert stored == login.subscriber
    assert stored == Subscriber("demo1m", "newcomer", Status.ACTIVE, "fresh", "newcomer", 1000, 1000, generation=10**6)


def test_a_profile_that_the_server_made_meanwhile_is_kept() -> None:
    bench = Bench(FakeIssuer())
    rival = replace(ALICE, name="newcomer", display_name="Rival")
    login = replace(bench.vend_token, subscribers=RacedSubscribers(rival)).by_identity("demo1m", "newcomer", PHONE)
    assert login.subscriber == rival


def test_a_profile_created_and_deleted_meanwhile_is_no_login() -> None:
    vend_token = replace(Bench(FakeIssuer()).vend_token, subscribers=RacedSubscribers(None))
    with pytest.raises(ForbiddenError):
        vend_token.by_identity("demo1m", "newcomer", PHONE)


def test_an_id_token_does_not_lift_a_suspension() -> None:
    bench = Bench(FakeIssuer())
    bench.subscribers.put(replace(ALICE, status=Status.INACTIVE))
    with pytest.raises(ForbiddenError, match="suspended"):
        bench.vend_token.by_identity("demo1m", "alice", PHONE)


@pytest.mark.parametrize(("issuer", "account"), [(FakeIssuer(), "unknown1m"), (FakeIssuer("other1m"), "demo1m")])
def test_an_id_token_is_good_for_configured_accounts_and_for_its_own_if_it_names_one(
    issuer: FakeIssuer, account: str
) -> None:
    bench = Bench(issuer)
    with pytest.raises(ForbiddenError):
        bench.vend_token.by_identity(account, "newcomer", PHONE)
    assert bench.subscribers.find(account, "newcomer") is None


def test_an_id_token_that_names_this_account_is_good_for_it() -> None:
    assert Bench(FakeIssuer("demo1m")).vend_token.by_identity("demo1m", "alice", PHONE).subscriber == ALICE


def test_without_an_issuer_no_id_token_is_good(bench: Bench) -> None:
    with pytest.raises(UnauthorizedError):
        bench.vend_token.by_identity("demo1m", "alice", PHONE)


def test_a_token_that_names_no_account_is_good_where_there_is_one_only() -> None:
    bench = Bench(FakeIssuer(), accounts=("demo1m", "other1m"))
    for sid in ("demo1m", "other1m"):
        with pytest.raises(ForbiddenError, match="account_sid") as refused:
            bench.vend_token.by_identity(sid, "alice", PHONE)
        assert refused.value.code == "account_not_named"
    assert bench.exotel.calls == []


def test_a_token_is_good_for_the_account_that_it_names() -> None:
    bench = Bench(FakeIssuer("other1m"), accounts=("demo1m", "other1m"))
    assert bench.vend_token.by_identity("other1m", "alice", PHONE).account.sid == "other1m"
    with pytest.raises(ForbiddenError) as refused:
        bench.vend_token.by_identity("demo1m", "alice", PHONE)
    assert refused.value.code == "wrong_credentials"
