"""The emulator's Lambda workers share unpacked code."""

import io
import zipfile
from pathlib import Path

import pytest

from local.emulator.shared_code import SharedZip


def archive(**files: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(f"{name}.py", content)
    return written.getvalue()


def unpack(home: Path, name: str, content: bytes) -> Path:
    """Unpack as the emulator does for a new worker."""
    worker = home / name
    (worker / "code").mkdir(parents=True)
    (worker / "code.zip").write_bytes(content)
    with SharedZip(str(worker / "code.zip")) as zipped:
        zipped.extractall(str(worker / "code"))
    return worker / "code"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_workers_of_the_same_code_share_one_copy_and_keep_no_archive(home: Path) -> None:
    first, second = (unpack(home, name, archive(app="x = 1")) for name in ("first", "second"))
    assert (first / "app.py").read_text() == "x = 1"
    assert first.resolve() == second.resolve()
    assert not list(home.glob("*/code.zip"))


def test_workers_of_other_code_have_another_copy(home: Path) -> None:
    old, new = unpack(home, "old", archive(app="x = 1")), unpack(home, "new", archive(app="x = 2"))
    assert [(code / "app.py").read_text() for code in (old, new)] == ["x = 1", "x = 2"]


def test_no_archive_is_unpacked_outside_its_folder(home: Path) -> None:
    unpack(home, "worker", archive(**{"../../../escaped": "x = 1"}))
    assert [file.parent.parent.name for file in home.rglob("escaped.py")] == ["unpacked"]
