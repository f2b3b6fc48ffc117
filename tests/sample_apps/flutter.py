"""Decoders of Exotel's Flutter sample app 1.0.13, as strict as the app.

From its files: ApplicationUtils.dart (login, device token, context, fetching the contacts) and home_page.dart (reading
them). `String x = json['y']` throws for null and for any other type. package:http 1.2.1 decodes a body as the header's
charset says, and as Latin-1 where it says none. The app asks for no context of a caller and for no log destination.
"""

from typing import Any

from tests.sample_apps.wire import WireAnswer, json_object, member, need, people

_DONE = (200, 201)


def _body(answer: WireAnswer) -> dict[str, Any]:
    return json_object(answer.body.decode(answer.charset or "latin-1"))


def login(answer: WireAnswer) -> dict[str, str] | None:
    """Return what is stored for the SDK; None where the app says "login failed", as for any status but 200.

    `subscriber_token` goes to the SDK as JSON again.
    """
    if answer.status != 200:
        return None
    body = _body(answer)
    tokens = member(body, "subscriber_token", dict)
    read = {name: member(tokens, name, str) for name in ("refresh_token", "access_token")}
    return read | {name: member(body, name, str) for name in ("host_name", "exophone", "contact_display_name")}


def device_token(answer: WireAnswer) -> bool:
    """Return whether the SDK is initialized; else the user is back at the login screen."""
    return answer.status in _DONE


def changed_context(answer: WireAnswer) -> bool:
    """Return whether the POST or DELETE of a context counts; else "fail setting call context" is shown."""
    return answer.status in _DONE


def contacts(answer: WireAnswer) -> list[tuple[str, list[tuple[str, str]]]] | None:
    """Return the groups; None where the app says "failed to fetch contact list"."""
    if answer.status not in _DONE:
        return None
    return [_group(member(need(one, dict, "a group"), "data", dict)) for one in member(_body(answer), "response", list)]


def _group(data: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    return member(data, "group", str), people(data)
