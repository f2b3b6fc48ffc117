"""Login, token and logout without any outside part."""

from dataclasses import replace

import pytest

from switchboard.domain.errors import ForbiddenError, SwitchboardError, UnauthorizedError, UpstreamError
from switchboard.domain.login import Login, Phone, Session
from switchboard.domain.login_limits import Attempt
from switchboard.domain.subscribers import Device, Platform, Status, Subscriber, TokenType
from switchboard.usecases.login_throttle import LoginThrottle
from switchboard.usecases.vend_token import VendToken
from tests.fakes.identity import FakeAccounts, FakeExotel, FakeIssuer, FakeLoginAttempts, FakePasswords, FakeSessions
from tests.fakes.subscribers import FakeDevices, FakeSubscribers

PHONE = Phone("2fc4b5912826ad1", Platform.ANDROID)
ALICE = Subscriber("demo1m", "alice", Status.ACTIVE, "v1", "Alice", 1, 1, password_hash="hash of switchboard")


class Bench:
    def __init__(self, issuer: FakeIssuer | None = None) -> None:
        self.devices = FakeDevices()
        self.subscribers = FakeSubscribers(self.devices)
        self.subscribers.put(ALICE)
        self.exotel = FakeExotel()
        self.passwords = FakePasswords()
        self.vend_token = VendToken(
            accounts=FakeAccounts("demo1m"),
            subscribers=self.subscribers,
            devices=self.devices,
            exotel=self.exotel,
            sessions=FakeSessions(),
            passwords=self.passwords,
            throttle=LoginThrottle(FakeLoginAttempts(), lambda: 1000.0, lambda _: None),
            issuer=issuer,
            clock=lambda: 1000.0,
            monotonic=lambda: 5.0,
            new_version=lambda: "fresh",
        )

    def login(self, name: str = "alice", password: str = "switchboard", account: str = "demo1m") -> Login:
        who = Attempt(account, name, PHONE.device_id, "203.0.113.7")
        return self.vend_token.by_password(who, password, PHONE)

    def refusal(self, name: str = "alice", password: str = "switchboard", account: str = "demo1m") -> SwitchboardError:
        with pytest.raises(SwitchboardError) as refused:
            self.login(name, password, account)
        return refused.value


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_login_gets_a_token_for_its_own_phone_and_a_session(bench: Bench) -> None:
    bench.exotel.create(bench.login().account, "alice", bench.vend_token._deadline())
    login = bench.login()
    assert bench.exotel.calls[-1] == "token alice 2fc4b5912826ad1 android"
    assert login.subscriber == ALICE
    assert login.session == Session("session of alice v1", 90_000)
    assert login.token.access_expires_at == 2800


def test_each_login_asks_exotel_anew(bench: Bench) -> None:
    assert bench.login().token != bench.login().token


def test_a_subscriber_whom_exotel_does_not_know_is_created_on_the_way(bench: Bench) -> None:
    bench.login()
    assert [call.split()[0] for call in bench.exotel.calls] == ["token", "create", "token"]
    bench.login()
    assert bench.exotel.calls.count("create alice") == 1


def test_an_exotel_that_forgets_whom_it_created_is_asked_twice_and_no_more(bench: Bench) -> None:
    bench.exotel.forgetful = True
    assert bench.refusal().code == "exotel_unknown_subscriber"
    assert len(bench.exotel.calls) == 3


@pytest.mark.parametrize(
    ("name", "password", "account"),
    [
        ("alice", "wrong", "demo1m"),
        ("nobody", "switchboard", "demo1m"),
        ("no one#at all", "switchboard", "demo1m"),
        ("alice", "switchboard", "unknown1m"),
    ],
)
def test_wrong_password_user_and_account_are_refused_alike_after_the_same_work(
    bench: Bench, name: str, password: str, account: str
) -> None:
    bench.subscribers.put(replace(ALICE, account="unknown1m"))
    refusal = bench.refusal(name, password, account)
    assert isinstance(refusal, ForbiddenError)
    assert (refusal.code, refusal.message) == ("wrong_credentials", "wrong account, user name or password")
    assert bench.passwords.checked == 1
    assert bench.exotel.calls == []


def test_who_has_no_password_cannot_log_in_with_one(bench: Bench) -> None:
    bench.subscribers.put(replace(ALICE, password_hash=None))
    assert bench.refusal().code == "wrong_credentials"
    assert bench.passwords.checked == 1


def test_who_is_suspended_is_told_so_after_the_right_password_only(bench: Bench) -> None:
    bench.subscribers.put(replace(ALICE, status=Status.INACTIVE))
    assert bench.refusal().code == "suspended"
    assert bench.refusal(password="wrong").code == "wrong_credentials"
    assert bench.exotel.calls == []


def test_too_many_failures_close_the_login_to_the_right_password_too(bench: Bench) -> None:
    for _ in range(5):
        bench.refusal(password="wrong")
    checked = bench.passwords.checked
    assert bench.refusal().code == "too_many_logins"
    assert bench.passwords.checked == checked


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
    assert stored == Subscriber("demo1m", "newcomer", Status.ACTIVE, "fresh", "newcomer", 1000, 1000)


class RacedSubscribers(FakeSubscribers):
    """Somebody else creates the profile between our look and our write, or takes it away again."""

    def __init__(self, rival: Subscriber | None) -> None:
        super().__init__()
        self._rival = rival

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        if self._rival:
            self.put(self._rival)
        return False


def test_a_profile_that_the_server_made_meanwhile_is_kept() -> None:
    bench = Bench(FakeIssuer())
    rival = replace(ALICE, name="newcomer", display_name="Rival")
    login = replace(bench.vend_token, subscribers=RacedSubscribers(rival)).by_identity("demo1m", "newcomer", PHONE)
    assert login.subscriber == rival


def test_a_profile_that_came_and_went_meanwhile_is_no_login() -> None:
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


def test_a_reissue_keeps_the_session_and_asks_exotel_anew(bench: Bench) -> None:
    session = Session("the-same", 4242)
    first = bench.vend_token.reissue("demo1m", "alice", session, PHONE)
    second = bench.vend_token.reissue("demo1m", "alice", session, PHONE)
    assert first.session == second.session == session
    assert first.token != second.token


@pytest.mark.parametrize(("account", "name"), [("demo1m", "nobody"), ("unknown1m", "alice")])
def test_a_reissue_for_whom_is_gone_meanwhile_is_refused(bench: Bench, account: str, name: str) -> None:
    with pytest.raises(ForbiddenError):
        bench.vend_token.reissue(account, name, Session("s", 1), PHONE)


def test_a_fault_of_exotel_goes_up_untouched(bench: Bench) -> None:
    bench.exotel.fault = UpstreamError("exotel_credentials", "check the API key")
    assert bench.refusal() is bench.exotel.fault


def test_a_logout_ends_one_session_and_forgets_the_phone_it_names(bench: Bench) -> None:
    phone, other = Device("token-1", TokenType.FCM, 1), Device("token-2", TokenType.FCM, 1)
    bench.devices.register("demo1m", "alice", phone)
    bench.devices.register("demo1m", "alice", other)
    bench.vend_token.logout("demo1m", "alice", "session-1", 5000, "token-1")
    assert bench.devices.of("demo1m", "alice") == [other]
    assert bench.subscribers.find_session("demo1m", "alice", "session-1") == (ALICE, True)
    assert bench.subscribers.find_session("demo1m", "alice", "session-2") == (ALICE, False)


def test_a_logout_that_names_no_phone_forgets_none(bench: Bench) -> None:
    phone = Device("token-1", TokenType.FCM, 1)
    bench.devices.register("demo1m", "alice", phone)
    bench.vend_token.logout("demo1m", "alice", "session-1", 5000, None)
    assert bench.devices.of("demo1m", "alice") == [phone]


@pytest.mark.parametrize(
    ("device_id", "platform", "expected"),
    [
        ("1A2B3C4D-0000-4F4F-9C9C-ABCDEF012345", None, Platform.IOS),
        ("2fc4b5912826ad1", None, Platform.ANDROID),
        ("2fc4b5912826ad1", Platform.IOS, Platform.IOS),
    ],
)
def test_the_platform_is_guessed_where_the_app_does_not_say(
    device_id: str, platform: Platform | None, expected: Platform
) -> None:
    assert Phone.of(device_id, platform) == Phone(device_id, expected)


def test_credentials_and_tokens_do_not_show_when_a_login_is_printed(bench: Bench) -> None:
    shown = repr(bench.login())
    assert not any(secret in shown for secret in ("key-of", "token-of", "access-", "refresh-", "session of"))
