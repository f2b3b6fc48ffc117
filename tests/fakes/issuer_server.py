"""A simulated OIDC issuer: discovery document, key set and signed tokens."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

type PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHORT_RSA = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 refused, as the tests show
EC = ec.generate_private_key(ec.SECP256R1())
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1())


def jwk(key: PrivateKey, kid: str | None, **changes: Any) -> dict[str, Any]:
    """Return the public half as a JSON Web Key; without an id if `kid` is None."""
    made = (
        RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        if isinstance(key, rsa.RSAPrivateKey)
        else ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    )
    return {**made, **({} if kid is None else {"kid": kid}), **changes}


class IssuerServer:
    def __init__(self) -> None:
        self.keys: object = [jwk(RSA, "rsa"), jwk(EC, "ec")]
        self.document: dict[str, Any] = {}
        self.status = 200
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                body = outer.document if self.path.endswith("openid-configuration") else {"keys": outer.keys}
                data = json.dumps(body).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_port}/realm"
        self.document = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def token(
        self,
        key: PrivateKey | str | bytes = RSA,
        algorithm: str = "RS256",
        kid: str | None = "rsa",
        *,
        header: dict[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        """Sign an id token for alice, valid for an hour; a claim set to None is left out."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": "app", "sub": "alice", "iat": now, "exp": now + 3600}
        claims = {name: value for name, value in (usual | changes).items() if value is not None}
        return jwt.encode(
            claims, key, algorithm=algorithm, headers=({} if kid is None else {"kid": kid}) | (header or {})
        )

    def unsigned(self) -> str:
        """Return a token with "alg": "none"."""
        body = {"iss": self.url, "aud": "app", "sub": "alice", "exp": int(time.time()) + 3600}
        parts = ({"alg": "none", "typ": "JWT", "kid": "rsa"}, body)
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
        return ".".join([*encoded, ""])


@contextmanager
def issuer_server() -> Iterator[IssuerServer]:
    server = IssuerServer()
    server.start()
    try:
        yield server
    finally:
        server.close()
