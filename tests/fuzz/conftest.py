"""Says at the end how many inputs were tried and what became of them."""

import pytest

from tests.fuzz.tries import TRIED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TRIED:
        became = ", ".join(f"{number} {what}" for what, number in sorted(TRIED.items()))
        terminalreporter.write_line(f"{TRIED.total()} inputs tried: {became}")
