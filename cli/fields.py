"""The questions of setup about one Exotel account, in their order."""

from collections.abc import Callable
from dataclasses import dataclass

from cli import checks


@dataclass(frozen=True)
class Field:
    """One value of an account, also given by an `option` or an environment `variable`.

    `webhook`: it is stored in WebhookSecret, else in AccountsSecret. `choices` are suggestions; any other valid value
    is accepted.
    """

    key: str
    title: str
    option: str
    variable: str
    check: Callable[[str], str]
    hidden: bool = False
    webhook: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()

    def checked(self, text: str) -> str:
        """Return what to store for an answer, which may be the number of a choice. Raises ValueError."""
        text = text.strip()
        if self.optional and text in ("", "-"):
            return ""
        if text.isdecimal() and 1 <= int(text) <= len(self.choices):
            return self.choices[int(text) - 1]
        return self.check(text)


_API_HOSTS = ("https://chaotix.mum1.exotel.in", "https://chaotix.apac-sg.exotel.in")
_SDK_HOSTS = ("https://miles.apac-sg.exotel.in/v2",)
_NUMBER = "Number that the callee sees (- for the one that was dialled)"

FIELDS = (
    Field("api_key", "Exotel API key", "--exotel-key", "EXOTEL_API_KEY", checks.credential, hidden=True),
    Field("api_token", "Exotel API token", "--exotel-token", "EXOTEL_API_TOKEN", checks.credential, hidden=True),
    Field(
        "api_host", "Exotel's Subscriber API", "--exotel-host", "EXOTEL_API_HOST", checks.base_url, choices=_API_HOSTS
    ),
    Field("sdk_host", "Host of the app's SDK", "--sdk-host", "EXOTEL_SDK_HOST", checks.base_url, choices=_SDK_HOSTS),
    Field("exophone", "Exophone that the apps dial", "--exophone", "EXOTEL_EXOPHONE", checks.phone_number),
    Field(
        "outgoing_phone_number",
        _NUMBER,
        "--outgoing-number",
        "EXOTEL_OUTGOING_NUMBER",
        checks.phone_number,
        webhook=True,
        optional=True,
    ),
)
