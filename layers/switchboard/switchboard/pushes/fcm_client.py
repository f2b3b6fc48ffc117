"""pyfcm with time limits: without them, one send may sleep for minutes and retry on its own (contract 6)."""

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from typing import Any

from pyfcm import FCMNotification
from requests import RequestException, Response, Session, Timeout
from requests.adapters import HTTPAdapter
from requests.exceptions import SSLError
from urllib3.util import create_urllib3_context

from switchboard.aws.whole_answers import bound
from switchboard.foundation.aged_value import AgedValue
from switchboard.foundation.clock import Clock
from switchboard.pushes.google_oauth import ServiceAccountTokens
from switchboard.pushes.root_certificates import RootCertificates

CONNECT_SECONDS = 2.0
READ_SECONDS = 3.0
SEND_SECONDS = 6.0  # for one send in all: fetching a token, a 401, a second try with a new token
POOL_SIZE = 50


class FcmClient(FCMNotification):  # type: ignore[misc]  # pyfcm has no types
    """Builds messages with pyfcm; sends each with one POST and an access token that all threads share."""

    def __init__(
        self,
        account: Mapping[str, Any],
        *,
        base_url: str | None,
        clock: Clock = time.time,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take a service account key. Raises ValueError for anything else."""
        adapter = _Connections(max_retries=0, pool_maxsize=POOL_SIZE)
        tokens = ServiceAccountTokens(account, _session(adapter), clock)
        super().__init__(credentials=tokens, adapter=adapter)  # of which pyfcm reads the project_id
        self._tokens: AgedValue[str] = AgedValue(clock)
        self._fetch_token = tokens.fetch
        self._stopwatch = stopwatch
        if base_url:
            self.FCM_END_POINT_BASE = base_url.rstrip("/")

    def send_request(self, payload: bytes, timeout: object = None) -> Response:  # noqa: ARG002 ours is the limit
        """POST once; if FCM refuses the access token, once more with a new one if that can be fetched.

        Raises requests' exceptions if FCM does not respond within SEND_SECONDS, and OAuthRefusedError.
        """
        until = self._stopwatch() + SEND_SECONDS
        token = self._tokens.get(self._fetch_token)
        response = self._post(payload, token, until)
        if response.status_code == 401 and b"THIRD_PARTY_AUTH_ERROR" not in response.content:
            other = self._tokens.renew(self._fetch_token, token)
            return self._post(payload, other, until) if other != token else response
        return response

    def json_dumps(self, data: Mapping[str, Any]) -> bytes:
        """Return the request as JSON without pyfcm's `validate_only`, which is not in Google's schema."""
        return bytes(super().json_dumps({"message": data["message"]}))

    def connect(self) -> None:
        """Fetch the access token if it is not cached. Raises as `send_request` does."""
        self._tokens.get(self._fetch_token)

    def _get_access_token(self) -> str:
        """Return the shared token to pyfcm's own code."""
        return self._tokens.get(self._fetch_token)

    def _post(self, payload: bytes, token: str, until: float) -> Response:
        left = until - self._stopwatch()
        if left <= 0:
            raise Timeout("no time left for the send")
        session: Session = self.requests_session
        session.trust_env = False  # as all our clients; looking for proxies and a .netrc takes a part of each send
        response = session.post(
            self.fcm_end_point,
            data=payload,
            headers={"Authorization": f"Bearer {token}"},
            timeout=(min(CONNECT_SECONDS, left), min(READ_SECONDS, left)),
            allow_redirects=False,
            stream=True,
        )
        with suppress(RequestException) if response.status_code == 200 else nullcontext():
            response.content  # noqa: B018 read it; a 200 with a broken body counts, since a retry would ring twice
        return response


class _Connections(HTTPAdapter):
    """Connections whose read timeout limits whole responses, and which share one set of root certificates."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as requests declares it
        context = create_urllib3_context()
        self._roots = RootCertificates(context)
        super().init_poolmanager(*args, ssl_context=context, **options)
        bound(self.poolmanager)

    def send(self, *args: Any, **options: Any) -> Response:  # noqa: ANN401 as requests declares it
        """Send; again if the server's certificate was not trusted and is among certifi's."""
        try:
            return super().send(*args, **options)
        except SSLError as fault:
            if not self._roots.trust_all(fault):
                raise
            return super().send(*args, **options)

    def cert_verify(self, *_: object) -> None:
        """Do nothing: the TLS context requires a certificate and has the root certificates."""


def _session(adapter: HTTPAdapter) -> Session:
    session = Session()
    session.trust_env = False
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
