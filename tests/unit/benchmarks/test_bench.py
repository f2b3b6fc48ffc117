"""The exit status of `make bench` shows whether all was measured within bounds; the figures are written in any case."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks import ROOT
from benchmarks.__main__ import BY_FUNCTION, PARTS, main, measured
from benchmarks.handlers.processes import HandlerError
from benchmarks.report.bounds import verdicts
from benchmarks.report.document import DOCUMENT, FIGURES, republish
from benchmarks.report.figures import Figures, read

PUBLISHED = ROOT / "docs"
LAYER = "DependenciesLayer"


class Measured:
    """What is found in place of a measurement; then, with a fault, no more."""

    def __init__(self, *found: Figures, fault: BaseException | None = None) -> None:
        self._found, self._fault = found, fault
        self.asked: tuple[Sequence[str], frozenset[str]] = ((), frozenset())

    def __call__(self, parts: Sequence[str], only: frozenset[str]) -> Iterator[Figures]:
        self.asked = (parts, only)
        yield from self._found
        if self._fault:
            raise self._fault


def layer(megabytes: float) -> Figures:
    return {"sizes": {LAYER: {"unzipped_mb": megabytes}}}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for name in (FIGURES, DOCUMENT):
        shutil.copy(PUBLISHED / name, tmp_path)
    return tmp_path


def test_a_bound_that_does_not_hold_fails_the_run_and_is_named(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sizes"], docs, Measured(layer(30.0))) == 0
    assert main(["sizes"], docs, Measured(layer(30.1))) == 1
    assert "does not hold: shared dependency layer" in capsys.readouterr().err
    assert "| <= 30 | 30.1 | **does not hold** |" in (docs / DOCUMENT).read_text()


def test_a_bound_whose_figure_is_missing_fails_the_run(docs: Path) -> None:
    assert main(["sizes"], docs, Measured({"sizes": {"SwitchboardLayer": {"unzipped_mb": 1}}})) == 1


@pytest.mark.parametrize("fault", [HandlerError("it broke"), KeyboardInterrupt()])
def test_a_run_that_breaks_off_fails_and_keeps_what_it_found(docs: Path, fault: BaseException) -> None:
    before = read(docs / FIGURES)
    assert main([], docs, Measured(layer(12.5), fault=fault)) == 1
    after = read(docs / FIGURES)
    assert after["sizes"] == before["sizes"] | layer(12.5)["sizes"]
    assert f"| {LAYER} | 12.5 |" in (docs / DOCUMENT).read_text()


def test_a_whole_run_forgets_the_rows_that_are_no_more_and_one_of_some_rows_does_not(docs: Path) -> None:
    rows = set(read(docs / FIGURES)["sizes"])
    main(["sizes", "DialWhomFunction"], docs, Measured(layer(20)))
    assert set(read(docs / FIGURES)["sizes"]) == rows
    main(["sizes"], docs, Measured(layer(20)))
    assert set(read(docs / FIGURES)["sizes"]) == {LAYER}


def test_without_a_part_all_are_measured_and_of_a_function_what_has_a_row_for_it(docs: Path) -> None:
    one = "DialWhomFunction"
    for arguments, asked in (([], (PARTS, frozenset())), ([one], (BY_FUNCTION, frozenset({one})))):
        measure = Measured(layer(20))
        main(arguments, docs, measure)
        assert measure.asked == asked


def test_what_is_no_part_or_function_is_refused(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["warmth"], docs, Measured())
    assert "no such part or function: warmth" in capsys.readouterr().err


def test_without_valgrind_nothing_is_begun(
    monkeypatch: pytest.MonkeyPatch, docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(docs))
    assert main(["init"], docs, measured) == 1
    [begun, said] = capsys.readouterr().err.splitlines()
    assert begun.startswith("measuring init")
    assert "apt-get install valgrind" in said


def test_the_published_tables_are_those_of_the_published_figures(docs: Path) -> None:
    republish(docs)
    assert (docs / DOCUMENT).read_text() == (PUBLISHED / DOCUMENT).read_text(), "run make bench ARGS=--tables"


def test_the_published_figures_keep_all_bounds() -> None:
    bad = [
        verdict.bound.reach for verdict in verdicts(json.loads((PUBLISHED / FIGURES).read_text())) if not verdict.good
    ]
    assert not bad
