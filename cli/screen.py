"""The output of setup. Secrets are masked, except those that the operator has to copy elsewhere."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from cli.apns_fields import label
from cli.configuration import Change, Configuration, masked, service_account_label
from cli.stack import Stack
from cli.webhooks import Webhook, webhooks

_NONE = "-"
_SERVICES = {"fcm": "FCM", "apns": "APNs"}


class Screen:
    """Prints to a console; URLs are never wrapped, so that they can be copied."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, text: str) -> None:
        """Print a sentence."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def present(self, stack: Stack, configuration: Configuration) -> None:
        """Show the present values."""
        self.line(f"Stack {stack.name} in {stack.region}: {stack.outputs['ApiBase']}")
        if not configuration.sids:
            self.line("Its secrets are empty.")
            return
        table = _table("Exotel account", *configuration.sids)
        for key in ("api_key", "api_token", "api_host", "sdk_host", "exophone"):
            self._row(table, key, [str(configuration.account(sid).get(key, "")) for sid in configuration.sids])
        for key in ("outgoing_phone_number", "user", "password", "path"):
            self._row(table, key, [str(configuration.webhooks(sid).get(key, "")) for sid in configuration.sids])
        self._console.print(table)
        self.line(f"Server key {masked('server_key', configuration.server_key) or _NONE}")
        for service, named in (("fcm", service_account_label), ("apns", label)):
            for sid, app in configuration.apps(service) or [(None, {})]:
                whose = "" if sid is None else f" of {sid}"
                self.line(f"{_SERVICES[service]}{whose} {named(app) or _NONE}")

    def changes(self, changes: Sequence[Change]) -> None:
        """Show the changes to be written."""
        table = _table("Changes", "now", "then")
        for change in changes:
            table.add_row(change.name, change.before or _NONE, change.after or _NONE)
        self._console.print(table)

    def paste(self, stack: Stack, sid: str, configuration: Configuration) -> None:
        """Print the values for Exotel, the apps and the customer's server, credentials included."""
        base = stack.outputs["ApiBase"]
        self.line(
            f"\nFor Exotel, account {sid}; use a URL's second form where Exotel drops the credentials of the first"
        )
        for hook in webhooks(base, sid, configuration.webhooks(sid)):
            self.line(f"  {hook.title}{self._not_yet(hook, stack)}\n    {hook.url}\n    {hook.path_url}")
        self.line(f"For the apps: {base}")
        self.line(f"For your own server: Authorization: Bearer {configuration.server_key}")
        fcm, apns = (configuration.apps(service) for service in ("fcm", "apns"))
        if not fcm:
            whose = "no phone rings" if not apns else "no Android phone rings"
            self.line(f"Without an FCM service account {whose}: run this again with --fcm FILE.")
        if not apns:
            self.line(
                "Without an APNs key an iPhone rings only through FCM, and not while its app is closed: --apns FILE."
            )

    def _not_yet(self, hook: Webhook, stack: Stack) -> str:
        unserved = hook.route == "callevents" and "CallEventsUrl" not in stack.outputs
        return ", which this stack does not serve yet" if unserved else ""

    def _row(self, table: Table, key: str, values: Sequence[str]) -> None:
        table.add_row(key, *(masked(key, value) or _NONE for value in values))


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
