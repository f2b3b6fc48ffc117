"""The commands: each reads its options, runs its use case, and prints an error as one line."""

import json
import os
import sys
from collections.abc import Mapping

import typer
from rich.console import Console

from cli import options
from cli.apns_fields import ApnsWishes
from cli.calls.command import calls
from cli.chosen import Chosen
from cli.dlq import commands as dlq
from cli.doctor.command import doctor
from cli.environment import environments, for_containers
from cli.erasures import commands as erasures
from cli.errors import FINE, UNREACHABLE, OperatorError
from cli.help import Commands
from cli.questions import Questions, Terminal, Unattended
from cli.report.command import report
from cli.screen import Screen
from cli.setup import Setup, Wishes
from cli.subscribers import commands as subscribers
from cli.target import Target
from cli.why.command import why

app = Commands(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(dlq.app, name="dlq")
app.add_typer(erasures.app, name="erasures")


@app.callback()
def switchboard(
    context: typer.Context,
    *,
    stack: options.Stack = "switchboard",
    local: options.Local = False,
    profile: options.Profile = None,
    region: options.Region = None,
    as_json: options.AsJson = False,
) -> None:
    """Operate a deployed Switchboard. The options below stand before the command."""
    context.obj = Chosen(stack, local, profile, region, as_json)


app.command()(why)
app.command()(calls)
app.command()(report)
app.command()(doctor)


@app.command()
def setup(
    context: typer.Context,
    *,
    account: options.Account = None,
    exotel_key: options.ExotelKey = None,
    exotel_token: options.ExotelToken = None,
    exotel_host: options.ExotelHost = None,
    sdk_host: options.SdkHost = None,
    exophone: options.Exophone = None,
    outgoing_number: options.OutgoingNumber = None,
    fcm: options.Fcm = None,
    apns: options.Apns = None,
    apns_key_id: options.ApnsKeyId = None,
    apns_team_id: options.ApnsTeamId = None,
    apns_bundle_id: options.ApnsBundleId = None,
    own_app: options.OwnApp = False,
    rotate: options.Rotate = None,
    yes: options.Yes = False,
    hide_credentials: options.HideCredentials = False,
) -> None:
    """Fill a stack's secrets and print the URLs for Exotel. Run it again to change something or to add an account."""
    given = {
        "api_key": exotel_key,
        "api_token": exotel_token,
        "api_host": exotel_host,
        "sdk_host": sdk_host,
        "exophone": exophone,
        "outgoing_phone_number": outgoing_number,
    }
    values = {key: value for key, value in given.items() if value is not None}
    iphones = ApnsWishes(apns, apns_key_id, apns_team_id, apns_bundle_id)
    wishes = Wishes(_account(account, os.environ), values, fcm, frozenset(rotate or ()), iphones, own_app)
    chosen = Chosen.by(context)
    if chosen.as_json:
        raise OperatorError("setup prints no JSON: leave out --json")
    _set_up(chosen.target(), wishes, Unattended() if yes else Terminal(), show=not hide_credentials)


@app.command()
def env(context: typer.Context) -> None:
    """Print the functions' environments, for `sam local invoke --env-vars`."""
    target = Chosen.by(context).target()
    print(json.dumps(for_containers(environments(target.session, target.stack), target.endpoint), indent=2))


def _account(option: str | None, environment: Mapping[str, str]) -> str | None:
    variable = environment.get("EXOTEL_ACCOUNT_SID")
    if option and variable and option != variable:
        raise OperatorError(
            f"--account is {option}, EXOTEL_ACCOUNT_SID is {variable}: unset the EXOTEL_ variables of the other account"
        )
    return option or variable


def _set_up(target: Target, wishes: Wishes, questions: Questions, *, show: bool) -> None:
    screen, stored = Screen(Console()), target.secrets.read()
    screen.present(target.stack, stored.configuration)
    work = Setup(stored.configuration, wishes, questions)
    sid = work.account()
    wanted = work.wanted(sid)
    changes = stored.configuration.changes_to(wanted)
    if changes:
        screen.changes(changes)
        if not questions.agrees("Write these changes?"):
            raise OperatorError("nothing was written")
        target.secrets.write(stored, wanted)
    screen.line("Written." if changes else "Nothing to change; nothing was written.")
    if show:
        screen.paste(target.stack, sid, wanted)


def main() -> int:
    """Run the command line; return its exit code."""
    try:
        app(prog_name="switchboard")
    except OperatorError as error:
        print(f"switchboard: {error}", file=sys.stderr)
        return UNREACHABLE
    return FINE
