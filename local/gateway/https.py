"""TLS for phone pages on other machines, which get a microphone only over https."""

import contextlib
import socket
import ssl
import tempfile
from collections.abc import Sequence
from pathlib import Path

from local.simulators.certificate import write_certificate

ELSEWHERE = ("192.0.2.1", 9)  # TEST-NET-1, RFC 5737: nothing is sent there, it only selects a route


def addresses() -> list[str]:
    """Return this machine's address in its network, if it has one."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect(ELSEWHERE)
        return [str(asked.getsockname()[0])]
    return []


def tls_context(names: Sequence[str]) -> ssl.SSLContext:
    """Return a server's context with a new self-signed certificate for these names; browsers warn of it."""
    with tempfile.TemporaryDirectory() as folder:
        served, _ = write_certificate(Path(folder), names)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        tls.load_cert_chain(served)
        return tls
