"""Bodies and answers of the customer's subscriber API (contract 7)."""

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from switchboard.foundation.typed_text import LONGEST_PASSWORD, composed, trimmed
from switchboard.subscribers.subscriber import Contact, ContactGroup, Status, Subscriber

MOST_GROUPS = 20
MOST_CONTACTS = 200  # in a group; the bound on a whole body keeps the profile below DynamoDB's 400 KB an item
OUTER_SPACE = "outer_space"  # the kind of error
_Text = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]


def _typeable(password: object) -> object:
    """Return the password in composed form (NFC), whose length is then checked; a very long one as it is."""
    if not isinstance(password, str):
        return password
    if len(trimmed(password)) < len(password):
        raise PydanticCustomError(OUTER_SPACE, "begins or ends with a space")
    return composed(password) if len(password) <= LONGEST_PASSWORD else password


_Password = Annotated[str, Field(min_length=8, max_length=128), BeforeValidator(_typeable)]


class ContactBody(BaseModel):
    """One entry of the app's contact list, with the stock apps' field names."""

    model_config = ConfigDict(strict=True)

    contact_name: _Text
    contact_number: _Text = Field(description="The subscriber's name, which the app dials.")


class ContactGroupBody(BaseModel):
    """A titled list of contacts."""

    model_config = ConfigDict(strict=True)

    group: _Text
    is_special: bool = False
    contacts: list[ContactBody] = Field(max_length=MOST_CONTACTS)

    def to_domain(self) -> ContactGroup:
        """Return the group as a domain object."""
        contacts = tuple(Contact(entry.contact_name, entry.contact_number) for entry in self.contacts)
        return ContactGroup(self.group, contacts, self.is_special)

    @classmethod
    def of(cls, group: ContactGroup) -> Self:
        """Return the group as the apps receive it."""
        contacts = [ContactBody(contact_name=entry.name, contact_number=entry.number) for entry in group.contacts]
        return cls(group=group.group, is_special=group.is_special, contacts=contacts)


class PutSubscriber(BaseModel):
    """A change of a subscriber; absent fields stay unchanged."""

    model_config = ConfigDict(strict=True)

    password: _Password | None = Field(
        default=None,
        description="For the built-in login. It may not begin or end with a space, because apps trim what users type. "
        "A new password ends all sessions.",
    )
    display_name: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9]{1,64}$", description="Letters and digits, as Exotel requires."
    )
    status: Annotated[Status, Field(strict=False)] | None = Field(
        default=None, description="`inactive` suspends: no login, no session, no calls."
    )
    contact_groups: list[ContactGroupBody] | None = Field(
        default=None, max_length=MOST_GROUPS, description="What `GET S/contacts` shows this user; replaced whole."
    )


class SubscriberAnswer(BaseModel):
    """A subscriber. Times are epoch seconds."""

    subscriber_name: str
    display_name: str
    status: Status
    has_password: bool = Field(description="Whether the user can log in with a password.")
    devices: int = Field(description="The number of registered phones.")
    contact_groups: list[ContactGroupBody]
    created_at: int
    updated_at: int

    @classmethod
    def of(cls, subscriber: Subscriber, devices: int) -> Self:
        """Return the subscriber as the API shows it, without the password hash."""
        return cls(
            subscriber_name=subscriber.name,
            display_name=subscriber.display_name,
            status=subscriber.status,
            has_password=subscriber.password_hash is not None,
            devices=devices,
            contact_groups=[ContactGroupBody.of(group) for group in subscriber.contact_groups or ()],
            created_at=subscriber.created_at,
            updated_at=subscriber.updated_at,
        )
