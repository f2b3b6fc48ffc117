"""Figures are written so that they can be read, and read back as they were."""

from pathlib import Path

import pytest

from benchmarks.report import figures
from benchmarks.report.bounds import Bound, Verdict
from benchmarks.report.table import columns, number, show

PART: figures.Part = {"DialWhomFunction": {"cpu_ms": 98.76}, "AcceptPushFunction": {"cpu_ms": 123.456, "calls": 2}}


@pytest.mark.parametrize(
    ("value", "read"), [(None, "-"), (0, "0"), (30.0, "30"), (0.7512, "0.751"), (1.0499, "1.05"), (1534.8, "1535")]
)
def test_a_figure_has_three_digits_that_count(value: float | None, read: str) -> None:
    assert number(value) == read


def test_a_part_has_every_figure_of_any_of_its_rows() -> None:
    assert columns(PART) == ["cpu_ms", "calls"]


def test_the_table_names_what_does_not_hold(capsys: pytest.CaptureFixture[str]) -> None:
    bound = Bound("init", "DialWhomFunction", "x_boto3", "<=", 0.75, "INIT")
    show({"init": PART}, [Verdict(bound, 0.76)])
    printed = capsys.readouterr().out
    assert "DialWhomFunction" in printed
    assert "does not hold" in printed


def test_no_name_or_figure_of_a_wide_table_is_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"{what}_million_instructions" for what in ("init", "warm", "overhead")]
    names += ["init_cpu_ms", "warm_cpu_ms", "peak_mb", "zip_mb", "unzipped_mb", "init_x_ours", "overhead_x_ours"]
    show({"rivals": {"tutorial byte-compiled": dict.fromkeys(names, 8.27)}}, [])
    printed = capsys.readouterr().out
    assert "tutorial byte-compiled" in printed
    assert printed.count("8.27") == 10
    assert "…" not in printed


def test_what_was_written_is_read_back_and_other_parts_stay(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    assert figures.read(file) == {}
    figures.write({"init": {"row": {"x": 1.23456, "n": 1_534_785_532}}}, file)
    figures.write(figures.read(file) | {"warm": {"row": {"x": 2.0}}}, file)
    assert figures.read(file) == {"init": {"row": {"x": 1.235, "n": 1_534_785_532}}, "warm": {"row": {"x": 2.0}}}


def test_a_row_that_was_measured_alone_leaves_the_others() -> None:
    known: figures.Figures = {"warm": {"one": {"x": 1.0}, "two": {"x": 1.0}}, "init": {"one": {"x": 1.0}}}
    found: figures.Figures = {"warm": {"two": {"x": 2.0}}}
    assert figures.renewed(known, found) == known | {"warm": {"one": {"x": 1.0}, "two": {"x": 2.0}}}
