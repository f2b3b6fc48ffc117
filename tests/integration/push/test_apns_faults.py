"""APNs fails in each of the ways of docs/faults.md: what becomes of the push, and that it rings once afterwards."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.simulators.apns_certificates import new_certificate
from local.simulators.faults import Fault
from switchboard.pushes.missed_call import Pushed
from switchboard.subscribers.subscriber import CANCEL, Environment, TokenType
from tests.fakes.raw_server import Behaviour, dripping, hanging, raw_server, saying
from tests.faults.records import BACK, CANCEL_REFUSED_BY_APNS, DONE, REFUSED_BY_APNS
from tests.integration.push.apns import TOKEN
from tests.patience import patience
from tests.push_stack import PushStack, push

SETTINGS, PING = b"\0\0\0\4\0\0\0\0\0", b"\0\0\x08\6\0\0\0\0\0" + b"x" * 8  # HTTP/2 frames (RFC 9113)
OK_WITHOUT_END = b"\0\0\1\1\4\0\0\0\1\x88"  # HEADERS with `:status: 200` on the first stream, which stays open


def truncated(peer: socket.socket, _: threading.Event) -> None:
    """Answer the request with a 200 whose body never comes."""
    peer.sendall(SETTINGS)
    request = b""
    while b"callUuid" not in request:
        request += peer.recv(65536)
    peer.sendall(OK_WITHOUT_END)


IN_BYTES: dict[str, Behaviour] = {
    "hang": hanging,
    "drip": dripping(SETTINGS, PING),
    "reset": saying(b""),
    "garbage": saying(b"\x00\xff\xfe no answer of anybody's \x80"),
    "truncated": truncated,
}
IN_WORDS = {
    "4xx": Fault("apns", error_code="InvalidProviderToken", times=9),
    "5xx": Fault("apns", status=503, times=9),
    "throttled": Fault("apns", error_code="TooManyRequests", times=9),
}


@contextmanager
def failing(stack: PushStack, fault: str) -> Iterator[None]:
    certificate = new_certificate()
    tls: ssl.SSLContext = certificate.tls
    if fault in IN_WORDS:
        stack.simulators.faults.add(IN_WORDS[fault])
        yield
        stack.simulators.faults.clear()
        return
    with raw_server(IN_BYTES.get(fault, hanging), tls=tls) as server:
        server.hears_requests = False
        url = "https://127.0.0.1:1" if fault == "refused" else server.url
        stack.configure(apns_base_urls={"production": url}, apns_root_certificate=certificate.root_pem)
        yield


FAILURES = [*IN_BYTES, *IN_WORDS, "refused"]


def delivered(stack: PushStack, message: Pushed, fault: str) -> tuple[str, bool]:
    """Deliver a message to a phone while APNs fails, and once more; return the outcome, and if it was sent again."""
    stack.queue(message)
    messages, began = stack.received(), time.monotonic()
    with failing(stack, fault):
        comes_back = bool(stack.invoke(messages))
    assert time.monotonic() - began < patience(10)
    reasons = stack.reasons()
    stack.configure()
    stack.simulators.pushes.clear()
    stack.invoke(messages, stack.deployment.function("DeliverPushFunction"))
    outcome = BACK if comes_back else f"dead letter: {reasons[0]}" if reasons else DONE
    return outcome, len(stack.rang()) == 1


@pytest.mark.parametrize("fault", FAILURES)
def test_apns_fails(stack: PushStack, fault: str) -> None:
    stack.phone(TOKEN, kind=TokenType.APNS_VOIP, environment=Environment.PRODUCTION)
    outcome = {"given up": DONE}.get(REFUSED_BY_APNS[fault], REFUSED_BY_APNS[fault])
    assert delivered(stack, push(), fault) == (outcome, outcome == BACK)


@pytest.mark.parametrize(
    "fault", [pytest.param(one, marks=() if one in ("4xx", "reset") else pytest.mark.long) for one in FAILURES]
)
def test_apns_fails_to_take_a_cancel(stack: PushStack, fault: str) -> None:
    knows = frozenset({CANCEL})
    stack.phone(TOKEN, kind=TokenType.APNS_VOIP, environment=Environment.PRODUCTION, knows=knows)
    stack.ring(push())
    outcome = {"given up": DONE}.get(CANCEL_REFUSED_BY_APNS[fault], CANCEL_REFUSED_BY_APNS[fault])
    assert delivered(stack, stack.ended(), fault) == (outcome, outcome == BACK)
