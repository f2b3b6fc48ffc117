"""A client of Exotel's Subscriber API (contract 3): subscriber tokens and subscribers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.answers import (
    bad_answer,
    entries,
    refusal,
    response_of,
    subscriber_token,
    timed_out,
    unreachable,
)
from switchboard.exotel.bounded_http import BoundedHttp, HttpAnswer
from switchboard.exotel.tokens import Phone, SubscriberToken
from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline
from switchboard.subscribers.subscriber import Status


class ExotelApi:
    """Implements Exotel, with Basic authentication by the account's API key and token."""

    def __init__(self, http: BoundedHttp, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    def issue_token(
        self, account: ExotelAccount, name: str, phone: Phone, deadline: Deadline
    ) -> SubscriberToken | None:
        """Return a new token for this phone, or None if Exotel has no such subscriber."""
        body = {"platform": str(phone.platform), "device_id": phone.device_id, "subscriber_name": name}
        answer = self._send("POST", account, "subscriber-token", deadline, body)
        if answer.status == 404:
            return None
        response = response_of(answer)
        if response.get("code") == 404:
            return None
        return subscriber_token(response, int(self._clock()))

    def create(self, account: ExotelAccount, name: str, deadline: Deadline) -> None:
        """Create the subscriber; one that exists already is no error, whichever code Exotel returns for it."""
        body = {"subscribers": [{"subscriber_name": name}]}
        entry = entries(self._send("POST", account, "subscribers", deadline, body))[0]
        code = entry.get("code")
        if code in (200, 201, 409) or self._knows(account, name, deadline):
            return
        raise refusal(code if isinstance(code, int) else 0)

    def set_status(self, account: ExotelAccount, name: str, status: Status, deadline: Deadline) -> bool:
        """Set the subscriber's status; return False if Exotel has no such subscriber."""
        answer = self._send("PUT", account, _path(name), deadline, {"status": str(status)})
        return answer.status != 404 and _accepted(response_of(answer))

    def delete(self, account: ExotelAccount, name: str, deadline: Deadline) -> bool:
        """Delete the subscriber; return False if Exotel has no such subscriber."""
        return self._send("DELETE", account, _path(name), deadline).status != 404

    def _knows(self, account: ExotelAccount, name: str, deadline: Deadline) -> bool:
        answer = self._send("GET", account, _path(name), deadline)
        return answer.status != 404 and response_of(answer).get("code") in (None, 200)

    def _send(
        self,
        method: str,
        account: ExotelAccount,
        path: str,
        deadline: Deadline,
        body: Mapping[str, Any] | None = None,
    ) -> HttpAnswer:
        """Return a 2xx or 404 response; raise an error for any other, without quoting our request."""
        url = f"{account.api_host}/v2/accounts/{quote(account.sid, safe='')}/{path}"
        try:
            answer = self._http.send(method, url, deadline, json=body, auth=(account.api_key, account.api_token))
        except httpx.TimeoutException:
            raise timed_out() from None
        except (httpx.RemoteProtocolError, httpx.DecodingError):
            raise bad_answer() from None
        except (httpx.TransportError, httpx.InvalidURL):
            raise unreachable() from None
        if answer.status == 404 or 200 <= answer.status < 300:
            return answer
        raise refusal(answer.status, answer.headers.get("Retry-After", ""))


def _path(name: str) -> str:
    return f"subscribers/{quote(name, safe='')}"


def _accepted(response: Mapping[str, Any]) -> bool:
    code = response.get("code")
    if code in (None, 200, 404):
        return code != 404
    raise refusal(code if isinstance(code, int) else 0)
