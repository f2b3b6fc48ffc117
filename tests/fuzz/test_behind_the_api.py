"""Inputs that do not come through routes: queues, uploads, an issuer's tokens.

A deployment serves all inputs of its test; only one can exist at a time.
"""

import json
import time
from collections.abc import Iterator

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.simulators import running_simulators
from tests.api_stack import ApiStack, api_stack, bearer
from tests.deployment import deployed
from tests.fakes.issuer_server import RSA, IssuerServer, issuer_server
from tests.fuzz.anything import JSON, JWTS, TEXTS, encoded, spoilt, spoilt_jwt, written
from tests.fuzz.judging import judge
from tests.fuzz.neighbours import one_wrong
from tests.fuzz.test_parsers import EVENT, damaged
from tests.fuzz.tries import TRIED, tries
from tests.integration.logs.upload_bucket import KEPT, REJECTED, Bucket
from tests.integration.timeline.conftest import TimelineStack
from tests.push_stack import PushStack, push_stack
from tests.push_stack import jwt as payload

LOGIN = {"account_sid": "demo1m", "device_id": "2fc4b5912826ad1"}


@pytest.fixture
def timelines() -> Iterator[TimelineStack]:
    with deployed(MissedCallPush="on") as deployment:
        yield TimelineStack(deployment)


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with deployed(LogUploadMaxMegabytes="1") as deployment:
        yield Bucket(deployment)


@pytest.fixture
def relay() -> Iterator[PushStack]:
    with running_simulators() as simulators, push_stack(simulators) as stack:
        stack.phone("dEMOtoken0001:APA91bEXAMPLE", "bob")
        yield stack


@pytest.fixture
def issuer() -> Iterator[IssuerServer]:
    with issuer_server() as running:
        yield running


@pytest.fixture
def api(issuer: IssuerServer) -> Iterator[ApiStack]:
    with api_stack(OidcIssuer=issuer.url, OidcAudience="app") as stack:
        yield stack


@tries(10)
@given(st.lists(spoilt(EVENT), min_size=1, max_size=3).map(written) | JSON.map(written) | TEXTS.filter(str.isprintable))
def test_any_message_of_the_timeline_queue_is_written_or_dead_lettered(timelines: TimelineStack, body: str) -> None:
    timelines.queue(body or "-")
    timelines.recorded()
    TRIED["rejected" if timelines.received("TimelineDeadLetterQueue") else "kept"] += 1


@tries(10)
@given(damaged())
def test_any_upload_is_kept_or_rejected(bucket: Bucket, content: bytes) -> None:
    bucket.upload(content)
    (key,) = bucket.keys()
    assert key in (KEPT, REJECTED)
    bucket.s3.delete_object(Bucket=bucket.name, Key=key)
    bucket.told()
    TRIED["kept" if key == KEPT else "rejected"] += 1


@tries(10)
@given(st.data())
def test_any_message_of_the_push_queue_is_delivered_or_dead_lettered(relay: PushStack, data: st.DataObject) -> None:
    push: dict[str, object] = {
        "account": "demo1m",
        "subscriberName": "bob",
        "payload": payload(),
        "payloadVersion": "2",
        "pushId": "p1",
    }
    push |= {"acceptedAt": int(time.time() * 1000)}
    relay.queue_body(data.draw(spoilt(push).map(written) | TEXTS.filter(str.isprintable)) or "-")
    received = relay.received()
    relay.invoke(received)
    for message in received:
        url = relay.deployment.reference("PushQueue")
        relay.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    TRIED["rejected" if relay.received("PushDeadLetterQueue") else "kept"] += 1


_CLAIMS = ("iss", "sub", "aud", "iat", "exp", "nbf", "account_sid")


@tries(20)
@given(changes=st.dictionaries(st.sampled_from(_CLAIMS), JSON, max_size=2), data=st.data())
def test_whatever_an_issuer_signs_or_did_not_sign(
    api: ApiStack, issuer: IssuerServer, changes: dict[str, object], data: st.DataObject
) -> None:
    claims = {"iss": issuer.url, "sub": "alice", "aud": "app", "exp": int(time.time()) + 600} | changes
    signed = jwt.PyJWS().encode(json.dumps(claims).encode(), RSA, "RS256", {"kid": "rsa"})
    sent = data.draw(st.just(signed) | JWTS | spoilt_jwt(issuer.token()))
    route = "POST /v1/login"
    judge(route, api.ask(route, bearer(sent), LOGIN), frozenset([signed]))


def test_no_single_wrong_part_of_an_id_token_makes_a_login_crash(api: ApiStack, issuer: IssuerServer) -> None:
    now, route = int(time.time()), "POST /v1/login"
    claims = {"iss": issuer.url, "sub": "alice", "aud": "app", "iat": now, "exp": now + 600, "nbf": now}
    head, rest = {"alg": "RS256", "kid": "rsa", "typ": "JWT"}, issuer.token().partition(".")[2]
    tokens = [f"{encoded(wrong)}.{rest}" for wrong in one_wrong(head)]
    tokens += [
        jwt.PyJWS().encode(json.dumps(wrong).encode(), RSA, "RS256", {"kid": "rsa"})
        for wrong in one_wrong(claims | {"account_sid": "demo1m"})
    ]
    for token in tokens:
        judge(route, api.ask(route, bearer(token), LOGIN), frozenset([token]))
