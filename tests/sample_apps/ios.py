"""Decoders of Exotel's iOS sample app 1.0.19, as strict as the app.

From its files: ApplicationUtils.swift (login, device token, context), VoiceAppLogger.swift (log destination) and
ContactGroupDetails.swift with HomeViewController.swift (contacts). It reads most bodies with JSONSerialization and
looks at `http_code as? Int` there, never at the HTTP status: without that number a login never ends. The contacts go
through JSONDecoder, for which one field that is missing or of another type empties the whole list.
"""

from typing import Any

from tests.sample_apps.wire import WireAnswer, filled, json_object, member, need, people, upload_place

_DONE = (200, 201)


def _body(answer: WireAnswer) -> tuple[int, dict[str, Any]]:
    """Return `http_code` and the object; Foundation recognises UTF-8 by itself, whatever the header says."""
    body = json_object(answer.body.decode("utf-8"))
    return member(body, "http_code", int), body


def login(answer: WireAnswer) -> dict[str, str] | None:
    """Return what the SDK is initialized with; None for "Failed to login."."""
    code, body = _body(answer)
    if code not in _DONE:
        return None
    tokens = member(body, "subscriber_token", dict)
    read = {name: member(tokens, name, str) for name in ("refresh_token", "access_token")}
    names = ("subscriber_name", "host_name", "account_sid", "exophone", "contact_display_name")
    return read | {name: filled(body, name) for name in names}


def device_token(answer: WireAnswer) -> bool:
    """Return whether the app is ready; False for "Failed to upload device token."."""
    return _body(answer)[0] in _DONE


def context(answer: WireAnswer) -> str:
    """Return what the callee is shown: `message` at 200, nothing at any other code."""
    code, body = _body(answer)
    return member(body, "message", str) if code == 200 else ""


def contacts(answer: WireAnswer) -> list[tuple[str, bool, list[tuple[str, str]]]]:
    """Return the groups (Codable MainModule): all members are needed but `error_data`, which may be null or absent."""
    groups = member(json_object(answer.body.decode("utf-8")), "response", list)
    return [_group(need(one, dict, "a group")) for one in groups]


def log_destination(answer: WireAnswer) -> tuple[str, str] | None:
    """Return where to PUT the zip and its name; None where the app gives up, as it does for any code but 200."""
    code, body = _body(answer)
    return upload_place(body) if code == 200 else None


def _group(group: dict[str, Any]) -> tuple[str, bool, list[tuple[str, str]]]:
    member(group, "code", int)
    member(group, "status", str)
    if (error := group.get("error_data")) is not None:  # ContactErrorData? with names of its own for its three fields
        for name, kind in (("errorCode", int), ("description", str), ("message", str)):
            member(need(error, dict, "error_data"), name, kind)
    data = member(group, "data", dict)
    return member(data, "group", str), member(data, "is_special", bool), people(data)
