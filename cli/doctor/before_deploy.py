"""The checks of `make deploy` before it starts: the account's limits, and the answers saved in samconfig.toml."""

import shlex
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.doctor.findings import Finding, note
from cli.doctor.hot_start import AccountLimit, executions, hot_start
from cli.doctor.parameter_checks import stock_apps
from cli.errors import OperatorError

SAVED = Path(__file__).resolve().parents[2] / "samconfig.toml"


def saved(file: Path = SAVED) -> Mapping[str, Any]:
    """Return what `sam deploy --guided` saved: region, profile, parameter_overrides. Raises OperatorError."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        return dict(found["default"]["deploy"]["parameters"])
    except (FileNotFoundError, KeyError):
        return {}
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise OperatorError(
            f"{file.name} cannot be read ({error}): fix it, or restore it with `git checkout samconfig.toml`"
        ) from error


def answers(settings: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the saved parameters, which SAM writes as one text of NAME="value" or as a list."""
    overrides = settings.get("parameter_overrides", "")
    pairs = shlex.split(overrides) if isinstance(overrides, str) else map(str, overrides)
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def before_deploy(parameters: Mapping[str, str], region: str, limit: Callable[[], AccountLimit]) -> Iterator[Finding]:
    """Check for parameters that would fail during the deployment, or that are kept from an earlier one."""
    try:
        known = limit()
    except OperatorError as error:
        yield note("account", "Lambda", f"could not be asked: {error}", "Allow yourself lambda:GetAccountSettings.")
    else:
        yield executions(known)
        yield from hot_start(parameters, region, lambda: known)
    if parameters.get("StockApps") == "allow":
        yield stock_apps(parameters)
