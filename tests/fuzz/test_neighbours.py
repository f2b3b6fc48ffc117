"""Each parser with every variant of a valid input by one change; deterministic."""

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterable

import pytest

from switchboard.call_events.events import event_of
from switchboard.call_events.times import milliseconds
from switchboard.exotel.webhooks import WebhookGate
from switchboard.foundation.caller_ids import name_in
from switchboard.foundation.errors import InvalidFieldError, MalformedRequestError, TooLargeError, UnauthorizedError
from switchboard.logs.multipart_envelope import unwrapped
from switchboard.logs.uploads import UnacceptableUploadError
from switchboard.logs.zip_check import checked
from switchboard.pushes import queue as push_queue
from switchboard.pushes import queued_push
from switchboard.pushes.body import push_fields
from switchboard.pushes.payload import caller_in, push_of
from switchboard.reports.feedback import Feedback, Issue
from switchboard.reports.sdk_reports import events_of
from switchboard.subscribers.devices import described
from switchboard.timeline import queue as timeline_queue
from switchboard.timeline.summary import summarise
from switchboard.web.form_body import fields_in
from switchboard.web.request import Request
from tests.events import basic
from tests.fakes.secret import FakeSecret
from tests.fuzz.anything import encoded, form, multipart, written
from tests.fuzz.neighbours import neighbours, one_wrong
from tests.fuzz.test_parsers import EVENT, NOW, PUSH, REPORT, STATUS, UPLOADS, judged, kept
from tests.push_stack import jwt
from tests.unit.login.test_sessions import ALICE, TOKENS

type Write = Callable[[object], str]

# how a body is written, its content type, and the bytes that matter in it
FORMS: dict[Write, tuple[str, bytes]] = {
    written: ("application/json", b'\0"\\{}[],:0\xff'),
    form: ("application/x-www-form-urlencoded", b"\0&=%+;[]\xff"),
    multipart: ("multipart/form-data; boundary=----x42", b'\0\r\n-";:=\xff'),
}
REFUSED = (MalformedRequestError, InvalidFieldError, TooLargeError)


def tried[T](parse: Callable[[T], object], inputs: Iterable[T], *refusals: type[Exception]) -> None:
    for one in inputs:
        with judged(*refusals):
            parse(one)


def text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


@pytest.mark.parametrize("write", FORMS, ids=lambda write: write.__name__)
def test_next_to_a_push(write: Write) -> None:
    kind, special = FORMS[write]

    def parse(body: bytes) -> None:
        push = push_of("demo1m", push_fields(body, kind), "p1", NOW)
        assert queued_push.decode(push_queue.encode(push)) == push

    tried(parse, neighbours(write(PUSH).encode(), special), *REFUSED)
    tried(parse, (write(wrong).encode("utf-8", "replace") for wrong in one_wrong(PUSH)), *REFUSED)


@pytest.mark.parametrize("write", FORMS, ids=lambda write: write.__name__)
def test_next_to_a_call_event(write: Write) -> None:
    kind, special = FORMS[write]

    def parse(body: bytes) -> None:
        kept([event_of("demo1m", fields_in(body, kind), NOW)])

    tried(parse, neighbours(write(STATUS).encode(), special), *REFUSED)
    tried(parse, (write(wrong).encode("utf-8", "replace") for wrong in one_wrong(STATUS)), *REFUSED)


def test_no_variant_of_a_session_is_accepted() -> None:
    token, _ = TOKENS.issue(ALICE, "a-phone")
    claims = TOKENS.read(token)

    def parse(sent: str) -> None:  # base64 can encode a signature in more than one way
        assert TOKENS.read(sent) in (None, claims)

    tried(parse, map(text, neighbours(token.encode())))
    rest = token.partition(".")[2]
    tried(parse, (f"{encoded(head)}.{rest}" for head in one_wrong({"alg": "HS256", "kid": "kid-1", "typ": "JWT"})))


def test_no_variant_of_a_credential_is_accepted() -> None:
    honest = "exotel:a-password"
    gate = WebhookGate(FakeSecret({"demo1m": {"user": "exotel", "password": "a-password"}}), "")

    def parse(sent: str) -> None:
        gate.admit(Request({"headers": {"authorization": sent}, "pathParameters": {"accountSid": "demo1m"}}))
        assert base64.b64decode(sent.split()[1]).decode() == honest  # which can be written in more than one way, too

    tried(parse, map(text, neighbours(basic(*honest.split(":"))["Authorization"].encode())), UnauthorizedError)


def test_next_to_a_payload_a_time_a_caller_id_and_a_device() -> None:
    tried(caller_in, map(text, neighbours(jwt().encode())))
    for time in ("2019-11-23 22:00:37", "Sat, 23 Nov 2019 22:00:37", "2019-11-23T22:00:37+05:30"):
        tried(milliseconds, map(text, neighbours(time.encode())))
    tried(name_in, map(text, neighbours(b"sip:alice@host;x=y")))
    tried(lambda token: described(token, NOW), map(text, neighbours(b"dEMO:APA91b")), InvalidFieldError)


def test_next_to_a_report_and_a_calls_statistics() -> None:
    measured = {"audioCodec": "opus", "fractionLost": 2, "averageJitterMs": 12.5, "rttMs": "180", "MOS": 3.9, "x": "y"}
    tried(lambda told: Feedback(4, Issue.ECHO, "", told).details, one_wrong(measured))
    tried(lambda told: kept(events_of("demo1m", "al", told, NOW)), one_wrong(REPORT), InvalidFieldError)


def test_next_to_a_message_of_a_queue() -> None:
    push = push_queue.encode(push_of("demo1m", PUSH, "p1", NOW))
    tried(queued_push.decode, map(text, neighbours(push.encode())), MalformedRequestError)
    tried(queued_push.decode, map(written, one_wrong(json.loads(push))), MalformedRequestError)

    def parse(body: str) -> None:
        summarise(timeline_queue.message_of(body).events)

    tried(parse, map(text, neighbours(written([EVENT]).encode())), MalformedRequestError)
    tried(parse, (written([wrong]) for wrong in one_wrong(EVENT)), MalformedRequestError)


@pytest.mark.parametrize("upload", UPLOADS, ids=range(len(UPLOADS)))
def test_every_variant_of_an_upload_that_passes_can_be_opened(upload: bytes) -> None:
    def parse(content: bytes) -> None:
        zipped = b"".join(unwrapped([content]))
        found = checked(io.BytesIO(zipped))
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            assert archive.testzip() is None
            assert [info.file_size for info in archive.infolist()] == [entry.size for entry in found]

    tried(parse, neighbours(upload, b"\0\x7f\xff"), UnacceptableUploadError)
