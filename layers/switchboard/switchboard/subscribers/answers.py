"""What the routes of a device token and of the contacts answer."""

from typing import Literal, NotRequired, TypedDict

from switchboard.subscribers.subscriber import ContactGroup, TokenType


class DeviceAnswer(TypedDict):
    """How the token was understood."""

    tokenType: NotRequired[TokenType]
    warning: NotRequired[str]


class RemovedAnswer(TypedDict):
    """Whether that device was registered for this subscriber."""

    removed: bool


class ShownContact(TypedDict):
    """One contact; `contact_number` is a subscriber's name."""

    contact_name: str
    contact_number: str


class ShownGroup(TypedDict):
    """A titled list of contacts."""

    group: str
    is_special: bool
    contacts: list[ShownContact]


class ContactsEntry(TypedDict):
    """One entry of the stock apps' list."""

    code: Literal[200]
    error_data: None
    status: Literal["success"]
    data: ShownGroup


class ContactsAnswer(TypedDict):
    """The subscriber's contact groups, in the stock apps' envelope."""

    response: list[ContactsEntry]


def contacts_entry(group: ContactGroup) -> ContactsEntry:
    """Return a group as an entry of the list, in Exotel's envelope: iOS shows no contact at all without `status`."""
    contacts: list[ShownContact] = [
        {"contact_name": contact.name, "contact_number": contact.number} for contact in group.contacts
    ]
    shown: ShownGroup = {"group": group.group, "is_special": group.is_special, "contacts": contacts}
    return {"code": 200, "error_data": None, "status": "success", "data": shown}
