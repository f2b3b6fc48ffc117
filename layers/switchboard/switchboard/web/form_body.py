"""Parses request bodies from Exotel: JSON, urlencoded or multipart.

The format is detected from the body itself, because its content type may be missing or wrong (contract 2.2).
"""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from switchboard.foundation.errors import MalformedRequestError

_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_PART_NAME = re.compile(r'^content-disposition:.*[;\s]name="?([^";\r\n]+)"?', re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(r"\r?\n\r?\n")


def fields_in(body: bytes, content_type: str) -> Mapping[str, object]:
    """Return the body's fields as they were sent. Only JSON can nest; its numbers are returned as the text they had.

    Raises MalformedRequestError. A body that is neither JSON nor multipart is parsed as a form, which may be empty.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedRequestError("malformed_body", "the body is not UTF-8") from None
    if text.lstrip().startswith(("{", "[")):
        return _json(text)
    if delimiter := _delimiter(text, content_type):
        return dict(_multipart(text, delimiter))
    return dict(parse_qsl(text, keep_blank_values=True))


def _json(text: str) -> Mapping[str, object]:
    try:
        body = json.loads(text, parse_int=str, parse_float=str)  # a version sent as 2 or 1.0 stays what was sent
    except (ValueError, RecursionError):
        raise MalformedRequestError("malformed_json", "the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise MalformedRequestError("malformed_json", "the body must be a JSON object")
    return body


def _delimiter(text: str, content_type: str) -> str:
    """Return the delimiter between the parts of a multipart body, or "" for any other body."""
    declared = _BOUNDARY.search(content_type)
    if declared and f"--{declared[1].strip()}" in text:
        return f"--{declared[1].strip()}"
    first_line = text.lstrip().partition("\n")[0].rstrip()
    return first_line if first_line.startswith("--") else ""


def _multipart(text: str, delimiter: str) -> Iterator[tuple[str, str]]:
    for part in f"\n{text.lstrip()}".split(f"\n{delimiter}")[1:]:
        head, *content = _BLANK_LINE.split(part, maxsplit=1)
        name = _PART_NAME.search(head)
        if name and content:
            yield name[1], content[0].removesuffix("\r")
