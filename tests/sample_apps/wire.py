"""An answer as it reaches a sample app: the status and header that its HTTP client sees, and the bytes of the body."""

import json
from typing import Any, NamedTuple


class UnreadableAnswerError(AssertionError):
    """The app cannot use this answer: it stops, shows nothing, or shows the wrong thing."""


class WireAnswer(NamedTuple):
    """`body` in the bytes that were sent; `content_type` is the header's whole value, "" without one."""

    status: int
    content_type: str
    body: bytes

    @property
    def charset(self) -> str:
        """The header's charset in lower case, "" where it names none."""
        return self.content_type.lower().partition("charset=")[2].strip().strip('"')


def need[T](value: Any, kind: type[T], where: str) -> T:
    """Return the value if it is exactly of this JSON type; null is of none, and true is no number."""
    if type(value) is not kind:
        raise UnreadableAnswerError(f"{where} must be {kind.__name__}, not {value!r}")
    return value


def member[T](holder: dict[str, Any], name: str, kind: type[T]) -> T:
    """Return a member that must be there, with exactly this JSON type."""
    if name not in holder:
        raise UnreadableAnswerError(f"{name} is missing in {holder}")
    return need(holder[name], kind, name)


def filled(holder: dict[str, Any], name: str) -> str:
    """Return a text that must not be empty, since the app would continue with it and fail later."""
    if not (text := member(holder, name, str)):
        raise UnreadableAnswerError(f"{name} is empty")
    return text


def upload_place(body: dict[str, Any]) -> tuple[str, str]:
    """Return where to put logs and under which name, as both native apps check it."""
    url, name = filled(body, "logDestinationURL"), filled(body, "logDestinationFileName")
    if "http" not in url:
        raise UnreadableAnswerError(f"no upload address: {url}")
    return url, name


def people(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a group's contacts: name and number, both text."""
    found = [need(one, dict, "a contact") for one in member(data, "contacts", list)]
    return [(member(one, "contact_name", str), member(one, "contact_number", str)) for one in found]


def json_object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text, read as strictly as the apps' parsers read: no NaN, no lone surrogates."""
    try:
        text.encode()
        found = json.loads(text, parse_constant=_refused)
    except ValueError as error:
        raise UnreadableAnswerError(f"no JSON: {error}") from None
    return need(found, dict, "the body")


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no JSON")
