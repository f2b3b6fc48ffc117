"""The body of Exotel's push, in whichever of three forms it comes: which one it is nobody could verify (contract 2.2).

What the body looks like decides, not the content type, which may be missing or wrong.
"""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from switchboard.domain.errors import InvalidFieldError, MalformedRequestError

FIELDS = ("subscriberName", "payload", "payloadVersion")
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_PART_NAME = re.compile(r'^content-disposition:.*[;\s]name="?([^";\r\n]+)"?', re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(r"\r?\n\r?\n")


def push_fields(body: bytes, content_type: str) -> Mapping[str, str]:
    """Return the push's fields as they were sent. Raises MalformedRequestError, InvalidFieldError."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedRequestError("malformed_body", "the body is not UTF-8") from None
    fields = _read(text, content_type)
    if not fields.keys() & set(FIELDS):
        raise MalformedRequestError(
            "malformed_body", f"the body is no JSON, form or multipart with {', '.join(FIELDS)}"
        )
    return fields


def _read(text: str, content_type: str) -> Mapping[str, str]:
    if text.lstrip().startswith(("{", "[")):
        return _json(text)
    if delimiter := _delimiter(text, content_type):
        return dict(_multipart(text, delimiter))
    return dict(parse_qsl(text, keep_blank_values=True))


def _json(text: str) -> Mapping[str, str]:
    try:
        body = json.loads(text, parse_int=str, parse_float=str)  # a version sent as 2 or 1.0 stays what was sent
    except (ValueError, RecursionError):
        raise MalformedRequestError("malformed_json", "the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise MalformedRequestError("malformed_json", "the body must be a JSON object")
    for field in FIELDS:
        if not isinstance(body.get(field, ""), str):
            raise InvalidFieldError("invalid_field", f"{field} must be a string", field=field)
    return {field: body[field] for field in FIELDS if field in body}


def _delimiter(text: str, content_type: str) -> str:
    """Return what parts a multipart body, or "" for a body that is none."""
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
