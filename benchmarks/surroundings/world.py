"""The environment of the measured functions: AWS behind TLS, Exotel and FCM, and their processes."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.handlers.functions import TEMPLATE, function
from benchmarks.handlers.orders import Order, Subject
from benchmarks.handlers.processes import Processes
from benchmarks.surroundings.events import Event, events_of
from benchmarks.surroundings.stub.resources import REGION
from benchmarks.surroundings.stubbed_aws import StubbedAws
from local import demo
from local.deployment.secret_values import secret_values
from local.emulator.run_folder import run_folder
from local.options import Options
from local.simulators import Simulators, running_simulators
from local.stack import HOME

SESSION_KEY = "the-key-of-sessions-that-only-benchmarks-know"
LONGEST_RING = {"RING_SECONDS": "60"}  # the template's most: valgrind takes its time


@dataclass(frozen=True)
class World:
    """`scratch` is a folder for files that are gone at the end; `only` names what is to be measured, if not all.

    `session` is alice's, once she is there (seeding.py).
    """

    aws: StubbedAws
    simulators: Simulators
    processes: Processes
    scratch: Path
    only: frozenset[str] = frozenset()
    session: str = ""

    def wanted(self, names: Iterable[str]) -> list[str]:
        """Return those of these names that are to be measured."""
        return [name for name in names if not self.only or name in self.only]

    def function(self, name: str) -> Subject:
        """Return a built function, in an environment that names what is here."""
        return function(name, self.aws.references, **LONGEST_RING)

    def events(self, name: str, count: int = 1) -> list[Event]:
        """Return so many events for a function; alice's, where they are a user's."""
        return events_of(name, count, self.session)

    def handled(self, url: str, name: str, events: Sequence[Any]) -> list[Any]:
        """Have a function handle events, and return its answers."""
        order = Order(events=self.lines(events), warm=len(events))
        answers: list[Any] = self.processes.run(self.function(name), order, url).said["answers"]
        return answers

    def lines(self, values: Sequence[Any]) -> str:
        """Write one JSON value a line into a new file, and return its path."""
        with tempfile.NamedTemporaryFile("w", dir=self.scratch, suffix=".jsonl", delete=False) as file:
            file.writelines(json.dumps(value) + "\n" for value in values)
        return file.name


@contextmanager
def world(only: frozenset[str] = frozenset()) -> Iterator[World]:
    """Start it, with nobody and nothing in it but the secrets."""
    with ExitStack() as ending, running_simulators(demo.ACCOUNTS) as simulators:
        scratch = run_folder(HOME, "bench")
        ending.callback(shutil.rmtree, scratch)
        values = secret_values(Options(), simulators) | {"SessionSecret": {"key": SESSION_KEY}}
        push = {name: value for name, value in values["PushSecret"].items() if name != "apns_root_certificate"}
        with StubbedAws(TEMPLATE, values | {"PushSecret": push}, scratch) as aws:
            roots = scratch / "roots.pem"  # of both servers, beside those that ship
            roots.write_text(aws.root_certificate.read_text() + simulators.apns_root_pem)
            yield World(aws, simulators, Processes(roots, REGION, scratch), scratch, only)
