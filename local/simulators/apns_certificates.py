"""The simulated APNs' TLS certificate."""

import ssl
import tempfile
from pathlib import Path
from typing import NamedTuple

from local.simulators.certificate import write_certificate


class Certificate(NamedTuple):
    """A server's TLS context that offers HTTP/2, and the root certificate (PEM) that its clients must trust."""

    tls: ssl.SSLContext
    root_pem: str


def new_certificate() -> Certificate:
    """Return a new certificate for 127.0.0.1."""
    with tempfile.TemporaryDirectory() as folder:
        served, root = write_certificate(Path(folder))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        tls.set_alpn_protocols(["h2"])
        tls.load_cert_chain(served)
        return Certificate(tls, root.read_text(encoding="ascii"))
