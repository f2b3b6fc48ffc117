"""`switchboard subscribers import`: the result on both sides, over real HTTP to the simulated Exotel."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.errors import OperatorError
from local.simulators.faults import Fault
from switchboard.login.passwords import Argon2Passwords
from tests.cli.fleet.conftest import Fleet

NAMES = [f"user{number:03}" for number in range(250)]


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    return tmp_path / "users.csv"


def write(path: Path, names: Sequence[str], password: str = "") -> str:
    lines = [f"{name},{password},{name.capitalize()},desk {name[-3:]}" for name in names]
    path.write_text("\n".join(["name,password,display_name,custom_field", *lines]))
    return str(path)


def test_250_names_are_imported_despite_refusals_and_partial_failures(fleet: Fleet, csv_file: Path) -> None:
    write(csv_file, NAMES)
    fleet.faults.add(Fault("exotel", status=429, retry_after=1, every=5, times=3))
    fleet.faults.add(Fault("exotel", status=503, retry_after=1, every=7, times=1))
    fleet.faults.add(Fault("exotel", status=400, error_code="Invalid subscriber_name", subscriber="user013"))
    fleet.faults.add(Fault("exotel", status=403, subscriber="user200"))
    fleet.simulators.exotel.subscribers.create("demo1m", "user007", None)

    first = fleet.json("subscribers", "import", str(csv_file), exit_code=1)
    assert first["exotel"] == {"created": 247, "existing": 1, "failed": 2}
    assert first["here"] == {"created": 248, "changed": 0, "unchanged": 0}
    assert [one["name"] for one in first["failures"]] == ["user013", "user200"]
    assert first["failures"][0]["reason"] == "Exotel: 400: Invalid subscriber_name"
    assert set(NAMES) - set(fleet.here()) == {"user013", "user200"}
    assert fleet.here() == fleet.exotel()

    again = fleet.json("subscribers", "import", str(csv_file))
    assert again["exotel"] == {"created": 249, "existing": 1, "failed": 0}
    assert again["here"] == {"created": 250, "changed": 0, "unchanged": 0}
    assert fleet.here() == fleet.exotel() == dict.fromkeys(NAMES, "active")
    assert not list(csv_file.parent.glob("*.journal"))


def test_all_columns_of_a_row_are_stored(fleet: Fleet, csv_file: Path) -> None:
    assert fleet.run("subscribers", "import", write(csv_file, ["alice"], "correct horse")).exit_code == 0
    kept = fleet.subscribers.find("demo1m", "alice")
    assert kept is not None
    assert kept.display_name == "Alice"
    assert Argon2Passwords().verify("correct horse", kept.password_hash)
    listed = fleet.simulators.exotel.subscribers.get("demo1m", "alice")
    assert listed is not None
    assert listed.custom_field == "desk ice"


def test_a_second_import_changes_nothing_and_ends_no_session(fleet: Fleet, csv_file: Path) -> None:
    fleet.run("subscribers", "import", write(csv_file, ["alice", "bob"], "correct horse"))
    before = [fleet.subscribers.find("demo1m", name) for name in ("alice", "bob")]
    again = fleet.json("subscribers", "import", str(csv_file))
    assert again["exotel"] == {"created": 0, "existing": 2, "failed": 0}
    assert again["here"] == {"created": 0, "changed": 0, "unchanged": 2}
    assert [fleet.subscribers.find("demo1m", name) for name in ("alice", "bob")] == before


def test_a_new_password_in_the_file_is_set(fleet: Fleet, csv_file: Path) -> None:
    fleet.run("subscribers", "import", write(csv_file, ["alice"], "correct horse"))
    assert fleet.json("subscribers", "import", write(csv_file, ["alice"], "battery staple"))["here"]["changed"] == 1
    kept = fleet.subscribers.find("demo1m", "alice")
    assert kept is not None
    assert Argon2Passwords().verify("battery staple", kept.password_hash)


def test_a_subscriber_suspended_at_exotel_is_imported_as_suspended(fleet: Fleet, csv_file: Path) -> None:
    fleet.simulators.exotel.subscribers.create("demo1m", "alice", None)
    fleet.simulators.exotel.subscribers.change("demo1m", "alice", status="inactive")
    fleet.run("subscribers", "import", write(csv_file, ["alice"]))
    assert fleet.here() == fleet.exotel() == {"alice": "inactive"}


def test_a_dry_run_shows_the_changes_and_makes_none(fleet: Fleet, csv_file: Path) -> None:
    fleet.run("subscribers", "import", write(csv_file, ["alice"]))
    shown = fleet.json("subscribers", "import", write(csv_file, ["alice", "bob"]), "--dry-run")
    assert shown["dry_run"]
    assert shown["exotel"] == {"created": 1, "existing": 1, "failed": 0}
    assert shown["here"] == {"created": 1, "changed": 0, "unchanged": 1}
    assert set(fleet.here()) == set(fleet.exotel()) == {"alice"}
    assert not list(csv_file.parent.glob("*.journal"))


def test_the_closing_report_is_a_table(fleet: Fleet, csv_file: Path) -> None:
    fleet.faults.add(Fault("exotel", status=400, error_code="[bold]no[/]", subscriber="bob"))
    result = fleet.run("subscribers", "import", write(csv_file, ["alice", "bob"]))
    assert result.exit_code == 1
    assert re.search(r"at Exotel +1 +0 +1 +2", result.output)
    assert re.search(r"here +1 +0 +0 +1 +2", result.output)
    assert re.search(r"bob +Exotel: 400: \[bold\]no\[/\]", result.output)


def test_names_that_exotel_cannot_take_now_are_asked_for_again(fleet: Fleet, csv_file: Path) -> None:
    fleet.faults.add(Fault("exotel", status=503, subscriber="bob"))
    done = fleet.json("subscribers", "import", write(csv_file, ["alice", "bob", "carol"]))
    assert done["exotel"] == {"created": 3, "existing": 0, "failed": 0}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("exotel", status=401), "Exotel refused our credentials"),
        (Fault("exotel", status=429, retry_after=3600), "it says in 3600 s"),
    ],
)
def test_an_import_stops_when_exotel_stays_unavailable(fleet: Fleet, csv_file: Path, fault: Fault, reason: str) -> None:
    fleet.faults.add(fault)
    result = fleet.run("subscribers", "import", write(csv_file, ["alice"]))
    assert isinstance(result.exception, OperatorError)
    assert reason in str(result.exception)
    assert fleet.json("subscribers", "import", str(csv_file))["here"]["created"] == 1
