"""The options that stand before the command: which deployment it works on, and whether it prints for programs."""

from dataclasses import dataclass
from typing import Self

import typer

from cli.target import Target, choose


@dataclass(frozen=True)
class Chosen:
    """What the operator chose; `account` is the Exotel account of `switchboard subscribers`, where one was named."""

    stack: str
    local: bool
    profile: str | None
    region: str | None
    as_json: bool
    account: str | None = None

    @classmethod
    def by(cls, context: typer.Context) -> Self:
        """Return the choice that the groups before a command left in its context."""
        chosen: Self = context.obj
        return chosen

    def target(self) -> Target:
        """Return the deployment. Raises OperatorError where it cannot be reached."""
        return choose(self.stack, local=self.local, profile=self.profile, region=self.region)
