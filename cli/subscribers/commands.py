"""The commands of `switchboard subscribers`, except the import."""

from rich.console import Console

from cli import options
from cli.consent import agree
from cli.errors import OperatorError
from cli.help import Commands
from cli.subscribers import arguments, changes, screen
from cli.subscribers.arguments import opened
from cli.subscribers.bulk_import import Import
from cli.subscribers.import_command import import_
from cli.subscribers.journal import Journal
from cli.subscribers.reports import print_json, report, report_changes
from cli.subscribers.rows import row_of, wrong_with
from switchboard.subscribers.subscriber import Status

app = Commands(no_args_is_help=True, help="Manage subscribers here and at Exotel together.")
app.command("import")(import_)


@app.command("list")
def show(
    *,
    differences: arguments.Differences = False,
    account: options.OfAccount = None,
    stack: options.Stack = "switchboard",
    local: options.Local = False,
    profile: options.Profile = None,
    region: options.Region = None,
    as_json: options.AsJson = False,
) -> None:
    """List the subscribers of both sides, and the differences."""
    with opened(account, stack, local=local, profile=profile, region=region) as sides:
        everyone = list(sides.everyone())
    if as_json:
        shown = [one for one in everyone if one.difference or not differences]
        print_json({**screen.listing(everyone), "subscribers": screen.listing(shown)["subscribers"]})
    else:
        screen.print_listing(Console(), everyone, only_differences=differences)


@app.command()
def add(
    name: arguments.Name,
    *,
    password: arguments.Password = None,
    display_name: arguments.DisplayName = None,
    custom_field: arguments.CustomField = None,
    account: options.OfAccount = None,
    stack: options.Stack = "switchboard",
    local: options.Local = False,
    profile: options.Profile = None,
    region: options.Region = None,
    as_json: options.AsJson = False,
) -> None:
    """Add a subscriber on both sides; an existing one gets the given values."""
    row = row_of({"name": name, "password": password, "display_name": display_name, "custom_field": custom_field})
    for wrong in wrong_with(row):
        raise OperatorError(wrong)
    with opened(account, stack, local=local, profile=profile, region=region) as sides:
        done = Import(sides, Journal()).run([row])
    report(done, as_json=as_json)


@app.command()
def suspend(
    names: arguments.Names,
    *,
    account: options.OfAccount = None,
    stack: options.Stack = "switchboard",
    local: options.Local = False,
    profile: options.Profile = None,
    region: options.Region = None,
    as_json: options.AsJson = False,
) -> None:
    """Suspend subscribers on both sides: no login, no session, no calls."""
    with opened(account, stack, local=local, profile=profile, region=region) as sides:
        report_changes("suspended", list(changes.set_status(sides, names, Status.INACTIVE)), as_json=as_json)


@app.command()
def activate(
    names: arguments.Names,
    *,
    account: options.OfAccount = None,
    stack: options.Stack = "switchboard",
    local: options.Local = False,
    profile: options.Profile = None,
    region: options.Region = None,
    as_json: options.AsJson = False,
) -> None:
    """Activate suspended subscribers on both sides."""
    with opened(account, stack, local=local, profile=profile, region=region) as sides:
        report_changes("active", list(changes.set_status(sides, names, Status.ACTIVE)), as_json=as_json)


@app.command()
def delete(
    names: arguments.Names,
    *,
    yes: arguments.Yes = False,
    account: options.OfAccount = None,
    stack: options.Stack = "switchboard",
    local: options.Local = False,
    profile: options.Profile = None,
    region: options.Region = None,
    as_json: options.AsJson = False,
) -> None:
    """Delete subscribers on both sides, with their devices and sessions."""
    with opened(account, stack, local=local, profile=profile, region=region) as sides:
        agree(f"Delete {', '.join(names)} here and at Exotel?", "nobody was deleted", yes=yes)
        report_changes("deleted", list(changes.delete(sides, names)), as_json=as_json)
