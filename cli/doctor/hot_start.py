"""Checks that the account's limits allow the chosen HotStart."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cli.aws import explained
from cli.doctor.findings import Finding, fine, note, problem

_PROVISIONED_FUNCTIONS = 2  # Dial Whom and the push webhook
_LEAST_UNRESERVED = 10  # executions that Lambda keeps for functions without a reservation
_NEW_ACCOUNT = 10  # concurrent executions
# Regions where Lambda has no SnapStart for Python (docs/deploy.md, "Partitions and regions").
_NO_SNAPSTART = ("cn-", "us-gov-", "ap-east-2", "ap-southeast-6")
_RAISE = (
    "request more: `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
    "--desired-value 1000`"
)


@dataclass(frozen=True)
class AccountLimit:
    """Lambda's limits for an account in a region: concurrent executions, and the unreserved ones of them."""

    executions: int
    unreserved: int


def account_limit(client: Any) -> AccountLimit:  # noqa: ANN401 - boto3's lambda
    """Ask Lambda. Raises OperatorError."""
    with explained():
        limit = client.get_account_settings()["AccountLimit"]
    return AccountLimit(limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"])


def hot_start(parameters: Mapping[str, str], region: str, limit: Callable[[], AccountLimit]) -> Iterator[Finding]:
    """Check the HotStart of `parameters`. `limit` is called only where it matters; its exceptions go up."""
    chosen = parameters.get("HotStart", "none")
    if chosen == "snapstart" and region.startswith(_NO_SNAPSTART):
        seen = f"snapstart, which Lambda does not have for Python in {region}"
        yield problem("hot start", "HotStart", seen, "Deploy with HotStart=none or provisioned.")
    if chosen == "provisioned":
        yield _provisioned(int(parameters.get("ProvisionedConcurrency", "1")), limit())


def _provisioned(each: int, limit: AccountLimit) -> Finding:
    needed = each * _PROVISIONED_FUNCTIONS
    seen = f"provisioned takes {needed} of {limit.unreserved} executions at once, and {_LEAST_UNRESERVED} must be left"
    if limit.unreserved - needed < _LEAST_UNRESERVED:
        return problem("hot start", "HotStart", seen, f"Deploy with HotStart=none, or {_RAISE}.")
    return fine("hot start", "HotStart", seen)


def executions(limit: AccountLimit) -> Finding:
    """Check that the account allows more concurrent executions than a new one."""
    seen = f"{limit.executions} executions at once"
    if limit.executions <= _NEW_ACCOUNT:
        return note("account", "Lambda", f"{seen}: too few for HotStart=provisioned, and for calls in bursts", _raise())
    return fine("account", "Lambda", seen)


def _raise() -> str:
    return f"{_RAISE[0].upper()}{_RAISE[1:]}."
