"""The CSV of an import is checked whole, line by line, before anything is done."""

from pathlib import Path

import pytest

from cli.errors import OperatorError
from cli.subscribers.roster import Row, read_roster
from tests.cli.fleet.conftest import Fleet


def roster(folder: Path, text: str) -> Path:
    path = folder / "users.csv"
    path.write_bytes(text.encode())
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(OperatorError) as refused:
        read_roster(roster(folder, text))
    return str(refused.value)


def test_columns_may_be_absent_empty_and_in_any_order(tmp_path: Path) -> None:
    text = '\ufeffcustom_field,name,password\r\n"desk 7, left",alice,"correct ""horse"""\r\n\r\n,bob,\r\n'
    assert read_roster(roster(tmp_path, text)) == [
        Row("alice", 'correct "horse"', custom_field="desk 7, left"),
        Row("bob"),
    ]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    rows = ["name,password,display_name", "alice,short,Alice", "", "two words,,", "bob,,Bob B", "bob,long enough,,more"]
    assert refusal(tmp_path, "\n".join(rows)).splitlines()[1:] == [
        "  line 2: password must have 8 to 128 characters",
        "  line 4: name must be 1 to 16 letters and digits, as Exotel requires: 'two words'",
        "  line 5: display_name must be 1 to 64 letters and digits",
        "  line 6: more fields than columns",
        "  line 6: bob is on line 5 already",
    ]


def test_a_password_is_not_repeated(tmp_path: Path) -> None:
    assert "hunter2" not in refusal(tmp_path, "name,password\nalice,hunter2\n")
    assert "hunter2" not in repr(Row("alice", "hunter2"))


def test_of_many_faults_twenty_are_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, "name\n" + "not a name\n" * 25).splitlines()
    assert len(said) == 22
    assert said[-1] == "  and 29 more"  # 25 names, and 24 of them twice


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no subscribers"),
        ("name,password\n", "has no subscribers"),
        ("names\nalice\n", "not 'names'"),
        ("name;password\nalice;x\n", "not 'name;password'"),
        ("password\nlong enough\n", "and a name for each"),
        ('name\n"alice\n', "cannot be read as CSV"),
        ("name,custom_field\nalice,a\x07b\n", "cannot be printed"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal(tmp_path, text)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be read"):
        read_roster(tmp_path / "nosuch.csv")
    (tmp_path / "users.csv").write_bytes(b"name\n\xff\xfe\n")
    with pytest.raises(OperatorError, match="UTF-8"):
        read_roster(tmp_path / "users.csv")


def test_one_bad_line_and_nothing_is_done(fleet: Fleet, tmp_path: Path) -> None:
    result = fleet.run("subscribers", "import", str(roster(tmp_path, "name\nalice\nnot a name\n")))
    assert isinstance(result.exception, OperatorError)
    assert "nothing was done" in str(result.exception)
    assert not fleet.exotel()
