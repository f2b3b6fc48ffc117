"""The commands of `switchboard subscribers`, except the import."""

from dataclasses import replace

import typer
from rich.console import Console

from cli import options
from cli.chosen import Chosen
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

app = Commands(no_args_is_help=True)
app.command("import")(import_)


@app.callback()
def subscribers(context: typer.Context, *, account: options.OfAccount = None) -> None:
    """Exotel's subscribers and ours, together."""
    context.obj = replace(Chosen.by(context), account=account)


@app.command("list")
def show(
    context: typer.Context,
    *,
    differences: arguments.Differences = False,
) -> None:
    """List the subscribers of both sides, and the differences."""
    chosen = Chosen.by(context)
    with opened(chosen) as sides:
        everyone = list(sides.everyone())
    if chosen.as_json:
        shown = [one for one in everyone if one.difference or not differences]
        print_json({**screen.listing(everyone), "subscribers": screen.listing(shown)["subscribers"]})
    else:
        screen.print_listing(Console(), everyone, only_differences=differences)


@app.command()
def add(
    context: typer.Context,
    name: arguments.Name,
    *,
    password: arguments.Password = None,
    display_name: arguments.DisplayName = None,
    custom_field: arguments.CustomField = None,
) -> None:
    """Add a subscriber on both sides; an existing one gets the given values."""
    row = row_of({"name": name, "password": password, "display_name": display_name, "custom_field": custom_field})
    for wrong in wrong_with(row):
        raise OperatorError(wrong)
    chosen = Chosen.by(context)
    with opened(chosen) as sides:
        done = Import(sides, Journal()).run([row])
    report(done, as_json=chosen.as_json)


@app.command()
def suspend(context: typer.Context, names: arguments.Names) -> None:
    """Suspend subscribers on both sides: no login, no session, no calls."""
    chosen = Chosen.by(context)
    with opened(chosen) as sides:
        report_changes("suspended", list(changes.set_status(sides, names, Status.INACTIVE)), as_json=chosen.as_json)


@app.command()
def activate(context: typer.Context, names: arguments.Names) -> None:
    """Activate suspended subscribers on both sides."""
    chosen = Chosen.by(context)
    with opened(chosen) as sides:
        report_changes("active", list(changes.set_status(sides, names, Status.ACTIVE)), as_json=chosen.as_json)


@app.command()
def delete(
    context: typer.Context,
    names: arguments.Names,
    *,
    pseudonymise: arguments.Pseudonymise = False,
    yes: arguments.Yes = False,
) -> None:
    """Delete subscribers on both sides, and have all that is stored of them erased (see `erasures list`)."""
    chosen = Chosen.by(context)
    with opened(chosen) as sides:
        agree(f"Delete {', '.join(names)} here and at Exotel?", "nobody was deleted", yes=yes)
        done = list(changes.delete(sides, names, pseudonymise=pseudonymise))
        report_changes("deleted", done, as_json=chosen.as_json)
