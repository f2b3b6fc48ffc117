"""Instructions are read from cachegrind's summary only."""

from pathlib import Path

import pytest

from benchmarks.handlers import cachegrind

OUTPUT = "cmd: /usr/bin/python3\nevents: Ir\nfl=???\nfn=summary: 7\n12 34\nsummary: 1534785532\n"


def test_the_summary_is_read_and_nothing_that_looks_like_it() -> None:
    assert cachegrind.instructions(OUTPUT) == 1_534_785_532


def test_without_a_summary_nothing_is_counted() -> None:
    with pytest.raises(cachegrind.CachegrindError, match="no summary"):
        cachegrind.instructions("events: Ir\nfn=main\n12 34\n")


def test_a_missing_valgrind_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(cachegrind.CachegrindError, match="apt-get install valgrind"):
        cachegrind.command(tmp_path / "out")
