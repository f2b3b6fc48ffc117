"""The emulator writes down what it holds when it is asked to."""

import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.emulator.memory import WRITE, WRITTEN, write_when_asked


class App:
    """The emulator's, with one service."""

    def __init__(self) -> None:
        self.saved: list[Mapping[str, object]] = []

    def save_all(self, services: Mapping[str, object]) -> None:
        self.saved.append(services)

    def _build_persistence_save_dict(self) -> Mapping[str, object]:
        return {"sqs": "its state"}


@pytest.fixture(autouse=True)
def handler_is_put_back() -> Iterator[None]:
    before = signal.getsignal(WRITE)
    yield
    signal.signal(WRITE, before)


def test_each_signal_has_everything_written_and_then_says_so(tmp_path: Path) -> None:
    app = App()
    emulator: Any = app
    write_when_asked(emulator, tmp_path)
    assert not (tmp_path / WRITTEN).exists()

    signal.raise_signal(WRITE)

    assert app.saved == [{"sqs": "its state"}]
    assert (tmp_path / WRITTEN).exists()
