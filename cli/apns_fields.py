"""The parts of an APNs app in PushSecret: how each is checked, shown and put together by setup."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.errors import OperatorError
from switchboard.pushes.apns_provider_token import ProviderTokens

OPTIONS = {
    "key": "--apns",
    "key_id": "--apns-key-id",
    "team_id": "--apns-team-id",
    "bundle_id": "--apns-bundle-id",
}
_ID = re.compile(r"[A-Z0-9]{10}\Z")
_BUNDLE = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
_FILE = re.compile(r"AuthKey_([A-Z0-9]{10})\.p8\Z")


@dataclass(frozen=True)
class ApnsWishes:
    """The values from options; `file` is the path of Apple's .p8 file."""

    file: str | None = None
    key_id: str | None = None
    team_id: str | None = None
    bundle_id: str | None = None

    def __bool__(self) -> bool:
        """Whether any was given."""
        return any((self.file, self.key_id, self.team_id, self.bundle_id))

    def wanted(self, present: Mapping[str, Any]) -> dict[str, str]:
        """Return the app: what is given, else what there is. Raises OperatorError for a missing or malformed part."""
        given = {"key_id": self.key_id, "team_id": self.team_id, "bundle_id": self.bundle_id}
        if self.file is not None:
            named = _FILE.search(self.file)
            given["key_id"] = self.key_id or (named[1] if named else None)
            given["key"] = _key(self.file)
        app = {name: str(given.get(name) or present.get(name, "")) for name in OPTIONS}
        missing = [option for name, option in OPTIONS.items() if not app[name]]
        if missing:
            raise OperatorError(
                f"an APNs app needs {', '.join(missing)} too: see the Keys page of Apple's developer site"
            )
        wrong = faults(app)
        if wrong:
            raise OperatorError("; ".join(f"{OPTIONS[name]}: {fault}" for name, fault in wrong.items()))
        return app


def faults(app: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with an app, by the name of the part."""
    wrong = {}
    for name in ("key_id", "team_id"):
        if not _ID.match(str(app.get(name, ""))):
            wrong[name] = "Apple's ids have ten capital letters and digits"
    if not _BUNDLE.match(str(app.get("bundle_id", ""))):
        wrong["bundle_id"] = "a bundle id is written like com.example.app, without .voip"
    elif str(app["bundle_id"]).endswith(".voip"):
        wrong["bundle_id"] = "leave out .voip"
    try:
        ProviderTokens(str(app.get("key", "")), "", "")
    except (ValueError, TypeError):
        wrong["key"] = "it is no private key that APNs takes: download AuthKey_….p8 (Keys, with APNs enabled)"
    return wrong


def label(app: Mapping[str, Any]) -> str:
    """Return a name for an app that holds no secret; "" for {}."""
    return f"{app.get('bundle_id')}, team {app.get('team_id')}, key {app.get('key_id')}" if app else ""


def _key(file: str) -> str:
    try:
        return Path(file).expanduser().read_text(encoding="ascii").strip() + "\n"
    except OSError as error:
        raise OperatorError(f"--apns: {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise OperatorError(f"--apns: {file} is no .p8 file") from None
