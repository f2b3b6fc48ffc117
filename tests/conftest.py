"""Rules for all tests: none logs a secret, and fuzz tests report the number of inputs."""

from typing import Any

import pytest

from tests.fuzz.tries import TRIED
from tests.leak_guard import pytest_collection_finish, pytest_runtest_makereport

__all__ = ["pytest_collection_finish", "pytest_runtest_makereport"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the counts of an xdist worker to its controller."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tried"] = dict(TRIED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    TRIED.update(getattr(node, "workeroutput", {}).get("tried", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TRIED:
        became = ", ".join(f"{number} {what}" for what, number in sorted(TRIED.items()))
        terminalreporter.write_line(f"{TRIED.total()} inputs tried: {became}")
