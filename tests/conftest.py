"""What holds for all tests: none logs a secret, those that make up inputs say how many, and who shares a worker."""

import os
import signal
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from hypothesis import HealthCheck, settings

from tests.fuzz.tries import TRIED
from tests.leak_guard import pytest_collection_finish, pytest_runtest_makereport

if TYPE_CHECKING:
    from local.simulators import Simulators

__all__ = ["pytest_collection_finish", "pytest_runtest_makereport"]
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # slow inputs are no fault where the machine does much else
if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # so a shell starts what runs in the background, and all its children
    signal.signal(signal.SIGINT, signal.default_int_handler)  # else the tests of Ctrl-C wait until their time is over
# AWS's models of its services are parsed once in a process, and not for each client of each test
botocore.session.create_loader = cache(botocore.session.create_loader)
# fixtures that take seconds to start and that tests of several files share
SHARED = ("allowing", "denying", "hurried", "relaying", "aws")
# What takes longest starts first, mostly waiting while other workers compute: else it would run on alone at the end.
FIRST = (
    *("hurried", "tests/stack/test_iam.py", "denying", "allowing", "tests/faults/test_faults.py"),
    *("tests/stack/test_api_document.py", "relaying", "aws", "tests/start/test_interrupted_start.py"),
)


@pytest.fixture(scope="session")
def started_simulators() -> "Iterator[Simulators]":
    from local.simulators import running_simulators  # here, since unit tests need none of its libraries

    with running_simulators() as simulators:
        yield simulators


@pytest.fixture
def simulators(started_simulators: "Simulators") -> "Simulators":
    """Exotel, FCM and APNs, without faults and pushes of other tests."""
    started_simulators.faults.clear()
    started_simulators.pushes.clear()
    started_simulators.apns.provider_tokens.seen.clear()
    return started_simulators


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return two for each processor, since tests of the running stack mostly wait."""
    return 2 * (os.process_cpu_count() or 1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what `--dist loadgroup` gives to one worker: tests of a shared fixture, else those of a file."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: FIRST.index(group) if (group := _group(item)) in FIRST else len(FIRST))


def _group(item: pytest.Item) -> str:
    """Return the name of the item's shared fixture, by which it is asked for or parametrized, or of its file."""
    file = item.nodeid.partition("::")[0]
    if not isinstance(item, pytest.Function) or "tests/stack/" not in file:
        return file
    parameter = item.callspec.params.get("stack") if hasattr(item, "callspec") else None
    return next((name for name in SHARED if name in (parameter, *item.fixturenames)), file)


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
