"""Checks that the alias `live` of the two hot functions points to the version of the last deployment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.aws import explained
from cli.doctor.findings import Finding, fine, note
from cli.target import Target

ALIAS = "live"


@dataclass(frozen=True)
class Versions:
    """A function's `newest` version, the alias's (`live`), the stack's (`deployed`); other versions' `weights`."""

    function: str
    live: int
    newest: int
    deployed: frozenset[int]
    weights: Mapping[str, float] = field(default_factory=dict)


def versions(target: Target) -> Iterator[Finding]:
    """Compare alias and versions of each function that has the alias. Raises OperatorError."""
    for logical in sorted(target.resources):
        if f"{logical}Alias{ALIAS}" in target.resources:
            yield judged(logical, _read(target, logical))


def judged(logical: str, seen: Versions) -> Finding:
    """Return the finding; `logical` is the function's logical id."""
    command = f"aws lambda {{}} --function-name {seen.function}"
    put = f"`{command.format('update-alias')} --name {ALIAS} --routing-config 'AdditionalVersionWeights={{}}'"
    if seen.weights:
        shares = ", ".join(f"{share:.0%} of calls to version {number}" for number, share in seen.weights.items())
        fix = f"Wait for the rollout to end; if none is running: {put}`, before the next one."
        return note("versions", logical, f"{ALIAS} is version {seen.live}, with {shares}", fix)
    if seen.live == seen.newest:
        return fine("versions", logical, f"{ALIAS} is version {seen.live}, the newest")
    seen_now = f"{ALIAS} is version {seen.live}, the newest is {seen.newest}"
    if seen.newest in seen.deployed:
        fix = f"Before the next gradual rollout: {put} --function-version {seen.newest}`."
        return note("versions", logical, f"{seen_now}: it was moved by hand", fix)
    fix = f"To deploy the same commit again: `{command.format('delete-function')} --qualifier {seen.newest}` first."
    return note("versions", logical, f"{seen_now}: its deployment was rolled back", fix)


def _read(target: Target, logical: str) -> Versions:
    name, client = target.resource(logical), target.client("lambda")
    with explained():
        alias = client.get_alias(FunctionName=name, Name=ALIAS)
        pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        numbers = [int(one["Version"]) for page in pages for one in page["Versions"] if one["Version"].isdigit()]
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    return Versions(
        name, _number(alias["FunctionVersion"]), max(numbers, default=0), _deployed(target, logical), weights
    )


def _deployed(target: Target, logical: str) -> frozenset[int]:
    published = (arn for name, arn in target.resources.items() if name.startswith(f"{logical}Version"))
    return frozenset(_number(arn.rpartition(":")[2]) for arn in published)


def _number(version: Any) -> int:  # noqa: ANN401 - as AWS writes it
    return int(version) if str(version).isdigit() else 0
