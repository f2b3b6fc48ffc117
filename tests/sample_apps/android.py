"""Decoders of Exotel's Android sample app 1.0.70, as strict as the app.

From its files: LoginActivity.java, ApplicationUtils.java (device token, context, the refresh token's claims),
ContactsGroupFragment.java and VoiceAppLogger.java (log destination). It reads with org.json over OkHttp's
`body().string()`, which is UTF-8 where the header names no charset. getString makes text of anything, of null the word
"null", which it would then show or dial: so only text passes here where the app means text.
"""

import base64
from typing import Any

from tests.sample_apps.wire import (
    UnreadableAnswerError,
    WireAnswer,
    filled,
    json_object,
    member,
    need,
    people,
    upload_place,
)

_DONE = (200, 201)
_INT = range(-(2**31), 2**31)


def _body(answer: WireAnswer) -> dict[str, Any]:
    return json_object(answer.body.decode(answer.charset or "utf-8"))


def login(answer: WireAnswer) -> dict[str, str] | None:
    """Return what the SDK is initialized with; None for "wrong credentials" (403) and "Login Failed" (any other).

    The app keeps `subscriber_token` as text, and at its next start reads `refresh_token` and the `exp` in it.
    """
    if answer.status not in _DONE:
        return None
    body = _body(answer)
    tokens = member(body, "subscriber_token", dict)
    expires = member(_claims(member(tokens, "refresh_token", str)), "exp", int)
    if expires not in _INT:
        raise UnreadableAnswerError(f"exp is no int of 32 bits: {expires}")
    names = ("host_name", "account_sid", "exophone", "contact_display_name")
    return {name: filled(body, name) for name in names}


def device_token(answer: WireAnswer) -> bool:
    """Return whether the app goes on to its home screen; it looks at the status alone."""
    return answer.status in _DONE


def context(answer: WireAnswer) -> str:
    """Return what the callee is shown, which is `message` **whatever the status**; a body that is no JSON: nothing."""
    message = member(_body(answer), "message", str)
    return "" if message == "null" else message


def contacts(answer: WireAnswer) -> list[tuple[str, bool, list[tuple[str, str]]]]:
    """Return the groups; an entry whose `code` is not 200 shows "No Contacts found" in its place."""
    entries = [need(one, dict, "a group") for one in member(_body(answer), "response", list)]
    if any(str(one.get("code")) != "200" for one in entries):
        raise UnreadableAnswerError(f"a group without code 200: {entries}")
    return [_group(member(one, "data", dict)) for one in entries]


def log_destination(answer: WireAnswer) -> tuple[str, str] | None:
    """Return where to PUT the multipart body and its file's name; None for any status but 200."""
    if answer.status != 200:
        return None
    body = _body(answer)
    return upload_place(body)


def _group(data: dict[str, Any]) -> tuple[str, bool, list[tuple[str, str]]]:
    return member(data, "group", str), member(data, "is_special", bool), people(data)


def _claims(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) < 2:
        raise UnreadableAnswerError("the refresh token is no JWT")
    return json_object(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)).decode("utf-8"))
