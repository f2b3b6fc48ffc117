"""The items of the Subscribers table: converts profiles and devices to items and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from switchboard.subscribers.status_dynamodb import item_key
from switchboard.subscribers.subscriber import (
    Contact,
    ContactGroup,
    Device,
    Environment,
    Platform,
    Status,
    Subscriber,
    TokenType,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, UniversalAttributeValueTypeDef

    type Stored = Mapping[str, AttributeValueTypeDef]
    type Item = dict[str, UniversalAttributeValueTypeDef]

DEVICE_PREFIX = "device#"
FAMILIAR = "seen-origins"  # of earlier logins; sorts after the profile: a push reads from the first device to that
OWNER = "owner"


def profile_item(subscriber: Subscriber) -> Item:
    """Return the profile as an item. Only profiles have `account`, so the index ByAccount has no other items."""
    item = item_key(subscriber.account, subscriber.name) | {
        "account": {"S": subscriber.account},
        "name": {"S": subscriber.name},
        "status": {"S": subscriber.status},
        "session_version": {"S": subscriber.session_version},
        "display_name": {"S": subscriber.display_name},
        "created_at": {"N": str(subscriber.created_at)},
        "updated_at": {"N": str(subscriber.updated_at)},
        "generation": {"N": str(subscriber.generation)},
    }
    if subscriber.password_hash is not None:
        item["password_hash"] = {"S": subscriber.password_hash}
    if subscriber.contact_groups is not None:
        item["contact_groups"] = {"L": [_group_value(group) for group in subscriber.contact_groups]}
    if subscriber.ended_sessions:
        item["ended_sessions"] = {"M": {session: {"N": str(until)} for session, until in subscriber.ended_sessions}}
    return item


def subscriber_in(item: Stored) -> Subscriber:
    """Return the subscriber of a profile item, or of its shorter copy in the index."""
    groups, ended = item.get("contact_groups"), item.get("ended_sessions", {"M": {}})["M"]
    return Subscriber(
        account=item["account"]["S"],
        name=item["name"]["S"],
        status=Status(item["status"]["S"]),
        session_version=_text(item, "session_version") or "",
        display_name=item["display_name"]["S"],
        created_at=_number(item, "created_at"),
        updated_at=_number(item, "updated_at"),
        password_hash=_text(item, "password_hash"),
        contact_groups=None if groups is None else tuple(_group_in(value["M"]) for value in groups["L"]),
        ended_sessions=tuple(sorted((session, int(until["N"])) for session, until in ended.items())),
        generation=_number(item, "generation"),
    )


def device_key(account: str, name: str, key: str) -> Item:
    """Return the item key of a subscriber's device; `key` is the hash of its token."""
    return item_key(account, name, DEVICE_PREFIX + key)


def owner_key(account: str, key: str) -> Item:
    """Return the key of a token's owner item. It cannot be a subscriber's, whose name never contains a `#`."""
    return item_key(account, f"token#{key}", OWNER)


def device_item(account: str, name: str, device: Device) -> Item:
    """Return the device as an item, without attributes that are None."""
    known: dict[str, str | None] = {
        "token": device.token,
        "token_type": device.token_type,
        "platform": device.platform,
        "device_id": device.device_id,
        "disabled_reason": device.disabled_reason,
        "session_version": device.session_version,
        "phone": device.phone,
        "apns_environment": device.environment,
        "bundle_id": device.bundle_id,
    }
    item = device_key(account, name, device.key) | {"registered_at": {"N": str(device.registered_at)}}
    if device.accepted_at is not None:
        item["accepted_at"] = {"N": str(device.accepted_at)}
    if device.guessed:
        item["guessed"] = {"BOOL": True}
    if device.knows:
        item["knows"] = {"SS": sorted(device.knows)}
    return item | {field: {"S": value} for field, value in known.items() if value is not None}


def device_in(item: Stored) -> Device:
    """Return the device of an item."""
    platform, environment = _text(item, "platform"), _text(item, "apns_environment")
    return Device(
        token=item["token"]["S"],
        token_type=TokenType(item["token_type"]["S"]),
        registered_at=_number(item, "registered_at"),
        platform=None if platform is None else Platform(platform),
        device_id=_text(item, "device_id"),
        disabled_reason=_text(item, "disabled_reason"),
        session_version=_text(item, "session_version") or "",
        phone=_text(item, "phone"),
        accepted_at=_number(item, "accepted_at") or None,
        environment=None if environment is None else Environment(environment),
        bundle_id=_text(item, "bundle_id"),
        guessed=item.get("guessed", {}).get("BOOL", False),
        knows=frozenset(item.get("knows", {}).get("SS", ())),
    )


def _text(item: Stored, field: str) -> str | None:
    value = item.get(field)
    return None if value is None else value["S"]


def _number(item: Stored, field: str) -> int:
    value = item.get(field)
    return 0 if value is None else int(value["N"])


def _group_value(group: ContactGroup) -> UniversalAttributeValueTypeDef:
    contacts: list[UniversalAttributeValueTypeDef] = [
        {"M": {"name": {"S": contact.name}, "number": {"S": contact.number}}} for contact in group.contacts
    ]
    return {"M": {"group": {"S": group.group}, "is_special": {"BOOL": group.is_special}, "contacts": {"L": contacts}}}


def _group_in(value: Stored) -> ContactGroup:
    contacts = (entry["M"] for entry in value["contacts"]["L"])
    return ContactGroup(
        group=value["group"]["S"],
        contacts=tuple(Contact(contact["name"]["S"], contact["number"]["S"]) for contact in contacts),
        is_special=value["is_special"]["BOOL"],
    )
