"""Exotel's list of subscribers (contract 3): paged reading and bulk creation, for the command line only."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cli.subscribers.directory import (
    LARGEST_PAGE,
    MOST_AT_ONCE,
    Created,
    Creation,
    DirectoryEntry,
    DirectoryPage,
    NewSubscriber,
)
from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.answers import bad_answer, entries, refusal
from switchboard.exotel.bounded_http import HttpAnswer
from switchboard.exotel.client import ExotelApi
from switchboard.foundation.deadline import Deadline

_LONGEST_REASON = 120  # characters of Exotel's message


class ExotelDirectory(ExotelApi):
    """Requests about many subscribers; ExotelApi has those about one. Raises the same errors."""

    def page(self, account: ExotelAccount, offset: int, deadline: Deadline) -> DirectoryPage:
        """Return the subscribers from `offset` on, at most 100."""
        answer = self._send("GET", account, f"subscribers?page_size={LARGEST_PAGE}&offset={offset}", deadline)
        found, more = _listed(answer)
        return DirectoryPage(found, offset + len(found) if found and more else None)

    def create_many(
        self, account: ExotelAccount, wanted: Sequence[NewSubscriber], deadline: Deadline
    ) -> Mapping[str, Creation]:
        """Create up to ten subscribers and return the verdict on each by its name."""
        if not 1 <= len(wanted) <= MOST_AT_ONCE:
            raise ValueError(f"Exotel creates 1 to {MOST_AT_ONCE} subscribers at once, not {len(wanted)}")
        body = {"subscribers": [_body(one) for one in wanted]}
        parts = _by_name(
            [one.name for one in wanted], entries(self._send("POST", account, "subscribers", deadline, body))
        )
        return {name: self._verdict(account, name, part, deadline) for name, part in parts.items()}

    def _verdict(self, account: ExotelAccount, name: str, part: Mapping[str, Any], deadline: Deadline) -> Creation:
        code = part.get("code")
        if code in (200, 201):
            return Creation(Created.CREATED)
        if code == 409:
            return Creation(Created.EXISTING)
        if isinstance(code, int) and (code == 429 or code >= 500):
            return Creation(Created.LATER, refusal(code).message)
        if self._knows(account, name, deadline):  # whichever code Exotel sends for that
            return Creation(Created.EXISTING)
        return Creation(Created.REFUSED, _reason(code, part.get("error_data")))


def _body(wanted: NewSubscriber) -> Mapping[str, str]:
    custom = {} if wanted.custom_field is None else {"custom_field": wanted.custom_field}
    return {"subscriber_name": wanted.name, **custom}


def _by_name(names: Sequence[str], parts: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """Return each name's part of the answer: that with its name, else by position if the counts agree."""
    named = {data["subscriber_name"]: part for part in parts if (data := _data(part))}
    placed = dict(zip(names, parts, strict=True)) if len(names) == len(parts) else {}
    unnamed = {name: part for name, part in placed.items() if not _data(part)}
    return {name: named.get(name) or unnamed.get(name, {}) for name in names}


def _data(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    data = part.get("data")
    return data if isinstance(data, dict) and isinstance(data.get("subscriber_name"), str) else None


def _reason(code: object, error: object) -> str:
    said = error.get("description") if isinstance(error, dict) else None
    words = "".join(c for c in said if c.isprintable())[:_LONGEST_REASON] if isinstance(said, str) else ""
    return f"{code}: {words}" if words else refusal(code if isinstance(code, int) else 0).message


def _listed(answer: HttpAnswer) -> tuple[Sequence[DirectoryEntry], bool]:
    """Return a page's subscribers, and whether more follow."""
    try:
        body = json.loads(answer.body)
        found = [_entry(part["data"]) for part in body["response"]]
        return found, bool(body["metadata"]["next_page_uri"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise bad_answer() from None


def _entry(data: Mapping[str, Any]) -> DirectoryEntry:
    name, status, custom = data["subscriber_name"], data["status"], data.get("custom_field")
    if not (isinstance(name, str) and isinstance(status, str)):
        raise TypeError
    return DirectoryEntry(name, status, custom if isinstance(custom, str) else None)
