"""The customer's Exotel accounts, as one deployment serves them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExotelAccount:
    """One account: how we reach Exotel for it, and what its apps need to know.

    `api_host` is the Subscriber API's base URL, `sdk_host` the SDK's; `exophone` is the number that the apps dial.
    """

    sid: str
    api_key: str = field(repr=False)
    api_token: str = field(repr=False)
    api_host: str
    sdk_host: str
    exophone: str
