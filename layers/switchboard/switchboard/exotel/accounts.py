"""The Exotel accounts that a deployment serves."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExotelAccount:
    """One account: its API credentials, and the settings of its apps.

    `api_host` is the base URL of the Subscriber API, `sdk_host` that of the SDK; `exophone` is the number that the apps
    dial.
    """

    sid: str
    api_key: str = field(repr=False)
    api_token: str = field(repr=False)
    api_host: str
    sdk_host: str
    exophone: str
