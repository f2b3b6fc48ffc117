"""What is compared with is packed as pip ships it or byte-compiled, and nothing gets the code of another."""

from pathlib import Path

import pytest

from benchmarks.handlers.packages import package


@pytest.fixture
def codes(tmp_path: Path) -> list[Path]:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(f"NAME = '{name}'\n")
    return [tmp_path / "one", tmp_path / "other"]


def test_two_handlers_that_need_the_same_packages_are_packed_apart(codes: list[Path], tmp_path: Path) -> None:
    folders = [package("no-group", code, tmp_path, compiled=True) for code in codes]
    assert [(folder / "app.py").read_text() for folder in folders] == ["NAME = 'one'\n", "NAME = 'other'\n"]


@pytest.mark.parametrize("compiled", [True, False])
def test_only_what_is_to_be_byte_compiled_has_byte_code(codes: list[Path], tmp_path: Path, compiled: bool) -> None:
    (codes[0] / "__pycache__").mkdir()  # as a developer's own runs leave it
    (codes[0] / "__pycache__" / "old.pyc").touch()
    folder = package("no-group", codes[0], tmp_path, compiled=compiled)
    assert [file.name for file in folder.rglob("*.pyc")] == ["app.cpython-313.pyc"] * compiled
