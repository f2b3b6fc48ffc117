"""Bodies and answers of login, token and logout (contract 4 and 7)."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from switchboard.foundation.typed_text import LONGEST_PASSWORD
from switchboard.login.login import Login
from switchboard.subscribers.fields import WITHOUT_SPACES, DeviceId, OptionalPlatform
from switchboard.subscribers.status import LONGEST_SID


class LoginRequest(BaseModel):
    """A login by name and password, or without these by the customer's id token, sent as Bearer."""

    model_config = ConfigDict(strict=True)

    account_sid: Annotated[str, Field(min_length=1, max_length=LONGEST_SID), WITHOUT_SPACES] = Field(
        description="The Exotel account's sid; spaces around it are ignored."
    )
    device_id: DeviceId
    user_name: Annotated[str, Field(min_length=1, max_length=256), WITHOUT_SPACES] | None = Field(
        default=None, description="The subscriber's name; spaces around it are ignored."
    )
    password: str | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_PASSWORD,
        description="The user's own password, as it was typed.",
    )
    platform: OptionalPlatform = None


class TokenRequest(BaseModel):
    """A new subscriber token for a user with a session."""

    model_config = ConfigDict(strict=True)

    device_id: DeviceId
    platform: OptionalPlatform = None


class LogoutRequest(BaseModel):
    """The end of a session."""

    model_config = ConfigDict(strict=True)

    deviceToken: str | None = Field(  # noqa: N815  the apps' own word
        default=None,
        max_length=4096,
        description="A push token to remove, in addition to those of the session's phone.",
    )


class SubscriberTokens(BaseModel):
    """What the SDK presents to Exotel, as Exotel issued it."""

    refresh_token: str = Field(description="A JWT, valid for 24 hours.")
    access_token: str = Field(description="A JWT, valid for 30 minutes.")


class LoginAnswer(BaseModel):
    """All that the app needs to initialize the SDK and to call this service. Times are epoch seconds."""

    subscriber_token: SubscriberTokens
    subscriber_name: str
    host_name: str = Field(description="The SDK's host, for `initialize`.")
    account_sid: str
    exophone: str = Field(description="The number that the app dials.")
    contact_display_name: str
    session_token: str = Field(description="Our session: send it as `Authorization: Bearer`.")
    session_expires_at: int
    access_token_expires_at: int
    refresh_token_expires_at: int

    @classmethod
    def of(cls, login: Login) -> Self:
        """Return the answer to a login."""
        token, account = login.token, login.account
        return cls(
            subscriber_token=SubscriberTokens(refresh_token=token.refresh_token, access_token=token.access_token),
            subscriber_name=login.subscriber.name,
            host_name=account.sdk_host,
            account_sid=account.sid,
            exophone=account.exophone,
            contact_display_name=login.subscriber.display_name or login.subscriber.name,
            session_token=login.session.token,
            session_expires_at=login.session.expires_at,
            access_token_expires_at=token.access_expires_at,
            refresh_token_expires_at=token.refresh_expires_at,
        )
