"""The stock apps ignore refusals of a context: which callee does the next call reach?"""

from collections.abc import Iterator

import pytest

from switchboard.aws.errors import ConnectTimeoutError
from tests.call_context_stack import Stack
from tests.deployment import Deployment, deployed
from tests.dial_whom_stack import CREDENTIALS, WEBHOOKS, ask
from tests.fakes.aws_calls import before_each

BOB = {"dialToNumber": "sip:bob", "message": "about your order"}
REFUSED = [
    ("{", 400),
    ("[]", 400),
    ({}, 422),
    ({"dialToNumber": 5}, 422),
    ({"dialToNumber": "sip:+919876543210"}, 422),
    ({"dialToNumber": "wa:919876543210"}, 422),
    ({"dialToNumber": "bob", "message": "x" * 1001}, 422),
]


class Phones:
    """Alice's app, with a session or as a stock app, and Exotel's Dial Whom requests for her calls."""

    def __init__(self, deployment: Deployment, *, stock: bool) -> None:
        deployment.fill("WebhookSecret", WEBHOOKS)
        self.deployment, self.apps = deployment, Stack(deployment)
        self.alice = {} if stock else self.apps.session("alice")

    def tells(self, method: str, body: object = None, headers: dict[str, str] | None = None) -> int:
        return self.apps.ask(method, self.alice if headers is None else headers, body)[0]

    def dials(self, call: str) -> str:
        answer = ask(self.deployment, f"CallSid={call}&CallFrom=sip:alice", CREDENTIALS)
        return str(answer["body"]) if answer["statusCode"] == 200 else "nobody"


@pytest.fixture(params=["deny", "allow"])
def phones(request: pytest.FixtureRequest) -> Iterator[Phones]:
    with deployed(LateContextMs="0", StockApps=request.param) as deployment:
        yield Phones(deployment, stock=request.param == "allow")


def test_a_post_with_invalid_content_ends_the_context_before_it(phones: Phones) -> None:
    for number, (body, status) in enumerate(REFUSED):
        assert phones.tells("POST", BOB) == 200
        assert phones.tells("POST", body) == status
        assert phones.dials(f"after-{number}") == "nobody"


def test_a_used_context_is_ended_too_and_the_call_that_it_answered_still_gets_its_answer(phones: Phones) -> None:
    for refused in ({"dialToNumber": "sip:+919876543210"}, "{"):
        phones.tells("POST", BOB)
        assert phones.dials("call-1") == "sip:bob"
        phones.tells("POST", refused)
        assert [phones.dials("call-1"), phones.dials("call-2")] == ["sip:bob", "nobody"]


def test_where_the_post_was_lost_on_its_way_nobody_is_dialled(phones: Phones) -> None:
    phones.tells("POST", BOB)
    assert [phones.dials("call-1"), phones.dials("call-2")] == ["sip:bob", "nobody"]


def test_a_deleted_context_reaches_nobody_but_the_call_that_it_had_answered(phones: Phones) -> None:
    phones.tells("POST", BOB)
    phones.dials("call-1")
    assert phones.tells("DELETE") == 200
    assert [phones.dials("call-1"), phones.dials("call-2")] == ["sip:bob", "nobody"]


def test_a_body_too_large_ends_nothing(phones: Phones) -> None:
    phones.tells("POST", BOB)
    assert phones.tells("POST", "x" * 70_000) == 413
    assert phones.dials("call-1") == "sip:bob"


def test_a_caller_who_may_not_set_a_context_ends_none(phones: Phones) -> None:
    phones.tells("POST", BOB)
    stranger, expired = phones.apps.session("alice", "other"), phones.apps.session("alice", at=1_700_000_000)
    for number, (body, _) in enumerate(REFUSED):
        refused = [phones.tells("POST", body, who) for who in (phones.apps.session("carol"), stranger, expired)]
        assert refused == [403, 403, 401]
        assert phones.tells("POST", BOB) == 200
        assert phones.dials(f"call-{number}") == "sip:bob"


@pytest.mark.parametrize("phones", ["deny"], indirect=True)
def test_without_a_session_nothing_ends_where_the_stock_apps_are_not_let_in(phones: Phones) -> None:
    phones.tells("POST", BOB)
    assert phones.tells("POST", "{", {}) == 401
    assert phones.dials("call-1") == "sip:bob"


@pytest.mark.parametrize(("method", "body"), [("POST", "{"), ("DELETE", None)])
@pytest.mark.parametrize("phones", ["deny"], indirect=True)
def test_a_context_that_cannot_be_ended_is_a_503_that_says_so(
    phones: Phones, method: str, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    phones.tells("POST", BOB)

    def hang(*_: object) -> None:
        raise ConnectTimeoutError

    contexts = phones.apps._app.build().contexts.contexts
    before_each(contexts._client, hang, "UpdateItem")
    status, answer = phones.apps.ask(method, phones.alice, body)
    assert (status, answer["code"]) == (503, "context_not_ended")
    assert vars(caplog.records[-1])["fault"] == "ConnectTimeoutError"
