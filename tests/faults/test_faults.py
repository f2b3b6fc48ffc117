"""Every dependency fails in every way: what the caller gets, within what time, and what is kept (docs/faults.md)."""

from collections.abc import Iterator

import pytest

from local.simulators import running_simulators
from tests.deployment import deployed
from tests.faults.fault_stack import FaultStack
from tests.faults.row import Row
from tests.faults.table import DEPENDENCIES, ROWS, lines, name
from tests.faults.wire import FAULTS
from tests.patience import in_time
from tests.sam_template import ROOT, resources

FIRST = {row.dependency: row for row in reversed(ROWS)}


def is_quick(row: Row, fault: str) -> bool:
    """Whether `make test` has a cell: of each dependency's first row all, of the others each answer once and the hang.

    How a fault is read is a rule that all rows of a dependency share; what is answered to it, and the timeouts that end
    a hang, are the row's own.
    """
    alike = next(one for one in FAULTS if row.answers[one] == row.answers[fault] and one not in row.elsewhere)
    return row is FIRST[row.dependency] or fault in ("hang", alike)


CELLS = [
    pytest.param(row, fault, id=name(row, fault), marks=() if is_quick(row, fault) else pytest.mark.long)
    for row in ROWS
    for fault in FAULTS
    if fault not in row.elsewhere
]


@pytest.fixture(scope="module")
def running() -> Iterator[FaultStack]:
    accounts = {"demo1m": ("key-of-demo1m", "token-of-demo1m")}
    with running_simulators(accounts) as simulators, deployed(LateContextMs="0") as deployment:
        yield FaultStack(deployment, simulators)


@pytest.fixture
def stack(running: FaultStack) -> FaultStack:
    running.reset()
    return running


@pytest.mark.parametrize(("row", "fault"), CELLS)
def test_it_is_answered_as_promised_and_nothing_is_lost(stack: FaultStack, row: Row, fault: str) -> None:
    got, seconds = row.meet(stack, fault)
    assert got == row.answers[fault]
    assert in_time(seconds, row.allowed(fault))
    row.check(stack, got)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.dependency}-{row.function}")
def test_a_row_promises_no_more_time_than_its_function_has(row: Row) -> None:
    function = "".join(part.title() for part in row.function.split()[0].split("_"))
    assert row.within <= resources("AWS::Serverless::Function")[f"{function}Function"].get("Timeout", 10)


def test_the_documents_table_has_these_cells_and_no_others() -> None:
    document = (ROOT / "docs" / "faults.md").read_text()
    shown = [line for line in document.splitlines() if line.startswith(DEPENDENCIES_IN_A_LINE)]
    assert shown == list(lines())[2:]
    assert {row.dependency for row in ROWS} == set(DEPENDENCIES)


def test_what_is_tested_elsewhere_is_tested_there() -> None:
    for row in ROWS:
        for test in row.elsewhere.values():
            path, _, function = test.partition("::")
            assert f"def {function}(" in (ROOT / path).read_text()


DEPENDENCIES_IN_A_LINE = tuple(f"| {dependency} | " for dependency in DEPENDENCIES)
