"""Reads the messages of the PushQueue."""

import json
from collections.abc import Callable, Mapping

from switchboard.foundation.errors import MalformedRequestError
from switchboard.pushes.cancel import TYPE as CANCELLED
from switchboard.pushes.cancel import Cancel, Reason
from switchboard.pushes.missed_call import TYPE as MISSED
from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.push import Push
from switchboard.subscribers.subscriber import CANCEL, Device, Environment, Platform, TokenType


def decode(body: str) -> Pushed:
    """Return the push in a message body. Raises MalformedRequestError with the reason, without the body."""
    try:
        fields = json.loads(body)
        return _READ.get(fields.get("type"), _push)(fields)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as fault:
        reason = f"no push in the message: {type(fault).__name__}"
        raise MalformedRequestError("malformed_message", reason) from None


def _push(fields: Mapping[str, object]) -> Push:
    return Push(
        account=_text(fields["account"]),
        subscriber_name=_text(fields["subscriberName"]),
        payload=_text(fields["payload"]),
        payload_version=_text(fields["payloadVersion"]),
        push_id=_text(fields["pushId"]),
        accepted_at=_number(fields["acceptedAt"]),
    )


def _missed(fields: Mapping[str, object]) -> MissedCall:
    return MissedCall(
        account=_text(fields["account"]),
        subscriber_name=_text(fields["subscriberName"]),
        caller=_text(fields["caller"]),
        call_sid=_text(fields["callSid"]),
        at=_number(fields["at"]),
        push_id=_text(fields["pushId"]),
        accepted_at=_number(fields["acceptedAt"]),
    )


def _cancel(fields: Mapping[str, object]) -> Cancel:
    by = fields["by"]
    return Cancel(
        account=_text(fields["account"]),
        subscriber_name=_text(fields["subscriberName"]),
        call=_text(fields["call"]),
        reason=Reason(_text(fields["reason"])),
        at=_number(fields["at"]),
        accepted_at=_number(fields["acceptedAt"]),
        until=_number(fields["until"]),
        push_id=_text(fields["pushId"]),
        by=None if by is None else _text(by),
        devices=tuple(map(_device, _list(fields["devices"]))),
        whole=fields["whole"] is not False,
    )


def _device(fields: Mapping[str, object]) -> Device:
    platform, environment, bundle_id = fields["platform"], fields["environment"], fields["bundleId"]
    return Device(
        _text(fields["token"]),
        TokenType(_text(fields["tokenType"])),
        _number(fields["registeredAt"]),
        platform=None if platform is None else Platform(_text(platform)),
        environment=None if environment is None else Environment(_text(environment)),
        bundle_id=None if bundle_id is None else _text(bundle_id),
        knows=frozenset({CANCEL}),
    )


def _list(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int | float | str):
        raise TypeError
    return int(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


_READ: Mapping[object, Callable[[Mapping[str, object]], Pushed]] = {MISSED: _missed, CANCELLED: _cancel}
