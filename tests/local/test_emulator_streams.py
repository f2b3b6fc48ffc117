import threading
from types import SimpleNamespace

from local.emulator_streams import Later, amend


def test_readers_wake_a_while_after_the_write_and_not_during_it() -> None:
    woken = threading.Event()
    later = Later(woken, seconds=0.05)
    later.set()
    assert not woken.is_set()
    assert woken.wait(5)


def test_the_emulators_tables_wake_the_same_readers() -> None:
    woken = threading.Event()
    tables = SimpleNamespace(esm_wake=woken)
    amend(tables)
    tables.esm_wake.set()
    assert woken.wait(5)
