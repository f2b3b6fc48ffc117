"""The commands of `switchboard erasures`."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.aws import explained
from cli.chosen import Chosen
from cli.erasures.records import ErasureRecords
from cli.help import Commands
from cli.time_formats import utc
from switchboard.erasure.erasures import Certificate

app = Commands(no_args_is_help=True, help="Show what was erased of deleted users.")

Erasure = Annotated[str, typer.Argument(help="Its id, as in `erasures list`.", show_default=False)]


@app.command("list")
def show(context: typer.Context) -> None:
    """List the erasures, the newest first, without the users' names."""
    with explained():
        found = _records(context).all()
    if Chosen.by(context).as_json:
        print(json.dumps(found, indent=2))
    else:
        _print(Console(), found)


@app.command()
def certificate(context: typer.Context, erasure: Erasure) -> None:
    """Print what was erased, when, and until when logs, backups and dead letters may have traces, as JSON."""
    with explained():
        print(json.dumps(_records(context).one(erasure), indent=2))


@app.command()
def resume(context: typer.Context) -> None:
    """Make an erasure that has stopped after too many failures go on where it was."""
    with explained():
        _records(context).resume()
    print("the erasures that wait go on; see `switchboard erasures list`")


def _records(context: typer.Context) -> ErasureRecords:
    target = Chosen.by(context).target()
    return ErasureRecords(target.client("dynamodb"), target.resource("ErasuresTable"))


def _print(console: Console, found: Sequence[Certificate]) -> None:
    if not found:
        console.print("nobody was deleted")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("erasure", "account", "requested", "finished", "call records", "items"):
        table.add_column(column, overflow="fold")
    for one in found:
        finished = utc(one["finished_at"] * 1000) if one["finished_at"] else "not yet"
        items = str(sum(one["counts"].values()))
        table.add_row(
            one["erasure"], one["account"], utc(one["requested_at"] * 1000), finished, one["call_records"], items
        )
    console.print(table)
