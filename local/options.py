"""The options of a local run, from environment variables."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local import demo
from local.errors import LocalStackError

HTTPS_AFTER = 443
EXOTEL_NEEDED = ("EXOTEL_API_KEY", "EXOTEL_API_TOKEN", "EXOTEL_ACCOUNT_SID", "EXOTEL_API_HOST")


@dataclass(frozen=True)
class RealExotel:
    """A real Exotel account in place of the simulator; api_host is a full base URL."""

    account: str
    api_key: str
    api_token: str
    api_host: str
    sdk_host: str
    exophone: str


@dataclass(frozen=True)
class Options:
    """Host and port, whether stock apps are allowed, which real services replace simulators, template parameters.

    With `quiet` the terminal does not list the requests; with `https` there is a second port, over TLS.
    With `watch` changed code is reloaded; `state` is the folder that keeps users, devices and calls.
    """

    host: str = "127.0.0.1"
    port: int = 3000
    stock_apps: str = "allow"
    exotel: RealExotel | None = None
    fcm_service_account: Mapping[str, Any] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False
    https: bool = False
    watch: bool = False
    state: Path | None = None

    @property
    def account(self) -> str:
        """The demo's Exotel account."""
        return self.exotel.account if self.exotel else demo.ACCOUNT

    @property
    def exophone(self) -> str:
        """The number that the demo's apps dial."""
        return self.exotel.exophone if self.exotel else demo.EXOPHONE

    @property
    def https_port(self) -> int:
        """The port over TLS: 3443 beside 3000."""
        return min(self.port + HTTPS_AFTER, 65535) if self.port else 0

    @property
    def reachable_host(self) -> str:
        """The host by which programs on this machine reach the public server."""
        return "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host


def read_options(environment: Mapping[str, str]) -> Options:
    """Return the options; raises LocalStackError for an invalid variable."""
    stock_apps = environment.get("STOCK_APPS") or "allow"
    if stock_apps not in ("allow", "deny"):
        raise LocalStackError(f"STOCK_APPS is allow or deny, not {stock_apps!r}")
    return Options(
        host=environment.get("HOST") or "127.0.0.1",
        port=_port(environment.get("PORT") or "3000"),
        stock_apps=stock_apps,
        exotel=_exotel(environment),
        fcm_service_account=_service_account(environment.get("FCM_SERVICE_ACCOUNT")),
        parameters=_parameters(environment.get("PARAMETERS") or ""),
        quiet=_switched_on(environment, "QUIET"),
        https=_switched_on(environment, "HTTPS"),
        watch=_switched_on(environment, "WATCH"),
        state=Path(environment["STATE"]) if environment.get("STATE") else None,
    )


def _switched_on(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name) or "0"
    if value not in ("0", "1"):
        raise LocalStackError(f"{name} is 1 or 0, not {value!r}")
    return value == "1"


def _parameters(text: str) -> Mapping[str, str]:
    """Return the template's parameters in `Name=value Name=value`, with a shell's quotes around spaces."""
    try:
        given = [word.partition("=") for word in shlex.split(text)]
    except ValueError as error:
        raise LocalStackError(f"PARAMETERS: {error}") from error
    for name, sign, _ in given:
        if not sign or not name:
            raise LocalStackError(f"PARAMETERS is written Name=value Name=value, not {name + sign!r}")
    return {name: value for name, _, value in given}


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise LocalStackError(f"PORT is a number from 0 (any free one) to 65535, not {text!r}")
    return int(text)


def _exotel(environment: Mapping[str, str]) -> RealExotel | None:
    given = [name for name in EXOTEL_NEEDED if environment.get(name)]
    missing = [name for name in EXOTEL_NEEDED if name not in given]
    if not given:
        return None
    if missing:
        raise LocalStackError(f"for the real Exotel set {', '.join(missing)} too")
    key, token, account, host = (environment[name] for name in EXOTEL_NEEDED)
    api_host = host if "://" in host else f"https://{host}"
    sdk_host = environment.get("EXOTEL_SDK_HOST") or demo.SDK_HOST
    exophone = environment.get("EXOTEL_EXOPHONE") or demo.EXOPHONE
    return RealExotel(account, key, token, api_host.rstrip("/"), sdk_host, exophone)


def _service_account(path: str | None) -> Mapping[str, Any] | None:
    if not path:
        return None
    try:
        account = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LocalStackError(f"FCM_SERVICE_ACCOUNT: {path} cannot be read as JSON") from error
    if not isinstance(account, dict) or not {"project_id", "private_key", "client_email"} <= set(account):
        raise LocalStackError(f"FCM_SERVICE_ACCOUNT: {path} is not a service account file")
    return account
