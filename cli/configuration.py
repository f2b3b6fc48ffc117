"""The content of the three secrets, as a value that can be changed, compared and shown without AWS.

Shapes: webhook `{sid: {user, password, path, outgoing_phone_number?}}`; accounts `{server_key, accounts: {sid:
{api_key, api_token, api_host, sdk_host, exophone}}}`; push `{fcm: <service account>, apns: {key, key_id, team_id,
bundle_id}, accounts?: {sid: {fcm?, apns?}}}`. Unknown keys are kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

_OPEN: tuple[str, ...] = ("user", "api_host", "sdk_host", "exophone", "outgoing_phone_number", "fcm_base_url")
_OPEN += ("key_id", "team_id", "bundle_id", "production", "sandbox")


@dataclass(frozen=True)
class Change:
    """One value that differs, masked unless it is public; `before` or `after` is "" where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Configuration:
    """The values that setup writes; {} stands for an empty secret."""

    webhook: Mapping[str, Any] = field(default_factory=dict)
    accounts: Mapping[str, Any] = field(default_factory=dict)
    push: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sids(self) -> list[str]:
        """The SIDs of the Exotel accounts, complete or not."""
        return sorted({*self.webhook, *self.accounts.get("accounts", {})})

    @property
    def server_key(self) -> str:
        """The server key, or ""."""
        return str(self.accounts.get("server_key", ""))

    @property
    def fcm(self) -> Mapping[str, Any]:
        """The service account of all accounts without one of their own, or {}."""
        return self.app(None, "fcm")

    def app(self, sid: str | None, service: str) -> Mapping[str, Any]:
        """Return the account's own app for `fcm` or `apns`, None for the one that accounts share; or {}."""
        owner = self.push if sid is None else self.push.get("accounts", {}).get(sid, {})
        found: Mapping[str, Any] = owner.get(service) or {}
        return found

    def apps(self, service: str) -> list[tuple[str | None, Mapping[str, Any]]]:
        """Return all apps for `fcm` or `apns` with their accounts, the shared one first."""
        owners = [None, *sorted(self.push.get("accounts", {}))]
        return [(sid, found) for sid in owners if (found := self.app(sid, service))]

    def account(self, sid: str) -> Mapping[str, str]:
        """The account's entry in AccountsSecret, for requests to Exotel; or {}."""
        found: Mapping[str, str] = self.accounts.get("accounts", {}).get(sid, {})
        return found

    def webhooks(self, sid: str) -> Mapping[str, str]:
        """The account's entry in WebhookSecret, for requests from Exotel; or {}."""
        found: Mapping[str, str] = self.webhook.get(sid, {})
        return found

    def with_account(self, sid: str, account: Mapping[str, str], webhooks: Mapping[str, str]) -> Self:
        """Return a configuration in which one account is as given; the others stay."""
        accounts = {**self.accounts, "accounts": {**self.accounts.get("accounts", {}), sid: dict(account)}}
        return replace(self, accounts=accounts, webhook={**self.webhook, sid: dict(webhooks)})

    def with_server_key(self, key: str) -> Self:
        """Return a configuration with that server key."""
        return replace(self, accounts={**self.accounts, "server_key": key})

    def with_app(self, sid: str | None, service: str, app: Mapping[str, Any]) -> Self:
        """Return a configuration with that app for `fcm` or `apns`: of one account, or with None the shared one."""
        if sid is None:
            return replace(self, push={**self.push, service: dict(app)})
        accounts = self.push.get("accounts", {})
        own = {**accounts, sid: {**accounts.get(sid, {}), service: dict(app)}}
        return replace(self, push={**self.push, "accounts": own})

    def changes_to(self, wanted: Self) -> list[Change]:
        """Return what differs in `wanted`, in a stable order."""
        before, after = _leaves(self), _leaves(wanted)
        names = [*before, *(name for name in after if name not in before)]
        return [
            Change(name, _shown(name, before.get(name, "")), _shown(name, after.get(name, "")))
            for name in names
            if before.get(name) != after.get(name)
        ]


def masked(name: str, value: str) -> str:
    """Return a public value as it is, and of a secret one at most its last four characters."""
    if not value or name.rpartition(".")[2] in _OPEN:
        return value
    return "•" * 8 + (value[-4:] if len(value) >= 16 and "-----" not in value else "")


def service_account_label(service_account: Mapping[str, Any]) -> str:
    """Return a name for a service account's key that holds no secret; "" for {}."""
    if not service_account:
        return ""
    project, email = service_account.get("project_id"), service_account.get("client_email")
    return f"{project}, {email}, key {str(service_account.get('private_key_id', ''))[:8]}"


def _leaves(configuration: Configuration) -> dict[str, Any]:
    whole = {"accounts": configuration.accounts, "webhook": configuration.webhook, "push": configuration.push}
    return dict(_walk("", whole))


def _walk(name: str, value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and not _is_service_account(name):
        for key, inner in value.items():
            yield from _walk(f"{name}.{key}" if name else key, inner)
    else:
        yield name, value


def _is_service_account(name: str) -> bool:
    """Return whether it is shown as one value: nobody changes a part of a key file."""
    return name.startswith("push.") and name.endswith(".fcm")


def _shown(name: str, value: object) -> str:
    return service_account_label(value) if isinstance(value, Mapping) else masked(name, str(value))
