"""The CSV of an import is checked completely, line by line, before any change."""

import json
from pathlib import Path

import pytest

from cli.errors import OperatorError
from cli.subscribers.rows import Row, read_rows
from tests.cli.fleet.conftest import Fleet


def csv_file(folder: Path, text: str) -> Path:
    path = folder / "users.csv"
    path.write_bytes(text.encode())
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(OperatorError) as refused:
        read_rows(csv_file(folder, text))
    return str(refused.value)


def test_columns_may_be_absent_empty_and_in_any_order(tmp_path: Path) -> None:
    text = '\ufeffcustom_field,name,password\r\n"desk 7, left",alice,"correct ""horse"""\r\n\r\n,bob,\r\n'
    assert read_rows(csv_file(tmp_path, text)).rows == [
        Row("alice", 'correct "horse"', custom_field="desk 7, left"),
        Row("bob"),
    ]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    rows = ["name,password,display_name", "alice,short,Alice", "", "two words,,", "bob,,Bob B", "bob,long enough,,more"]
    assert refusal(tmp_path, "\n".join(rows)).splitlines()[1:] == [
        "  line 2: password must have 8 to 128 characters",
        "  line 4: name must be 1 to 16 letters and digits, as Exotel requires: 'two words'",
        "  line 5: display_name must be 1 to 64 letters and digits",
        "  line 6: more fields than columns with a name",
        "  line 6: bob is on line 5 already",
    ]


def test_empty_rows_and_columns_from_spreadsheets_are_skipped_and_counted(tmp_path: Path) -> None:
    text = ",,,\nname , password,,\nalice,secret99,,\n,,,\n\n ,\t, ,\nbob,,\ncarol\ndave,,,,,\n"
    read = read_rows(csv_file(tmp_path, text))
    assert read.rows == [Row("alice", "secret99"), Row("bob"), Row("carol"), Row("dave")]
    assert (read.empty_rows, read.nameless_columns) == (3, 2)


def test_a_value_in_a_column_without_a_name_is_an_error(tmp_path: Path) -> None:
    assert "line 2: more fields than columns with a name" in refusal(tmp_path, "name,password,\nalice,secret99,x\n")
    assert "line 2: more fields than columns with a name" in refusal(tmp_path, "name,,password\nalice,x,secret99\n")


@pytest.mark.parametrize(
    "password", [" secret99", "secret99 ", '" secret99 "', "secret99\u00a0", " ", '"\u200bsecret99"']
)
def test_a_password_with_a_space_around_it_is_refused(tmp_path: Path, password: str) -> None:
    said = refusal(tmp_path, f"name,password,display_name\nalice,{password},Alice\n")
    assert "line 2: password begins or ends with a space, which apps remove from typed passwords" in said
    assert "secret99" not in said


def test_a_passwords_length_is_that_of_its_composed_form(tmp_path: Path) -> None:
    assert read_rows(csv_file(tmp_path, f"name,password\nalice,{'a\u0301' * 128}\n")).rows
    assert "8 to 128" in refusal(tmp_path, f"name,password\nalice,{'a\u0301' * 7}\n")


def test_spaces_around_all_fields_but_passwords_are_removed(tmp_path: Path) -> None:
    text = "name, custom_field ,display_name\r\n alice\u00a0, desk 7 , Alice\r\n"
    assert read_rows(csv_file(tmp_path, text)).rows == [Row("alice", None, "Alice", "desk 7")]


def test_a_space_before_a_quotation_mark_is_named_because_it_would_be_part_of_the_field(tmp_path: Path) -> None:
    assert "line 2: a space before a quotation mark" in refusal(tmp_path, 'name,custom_field\nalice, "desk 7"\n')


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
        ("name,password,password\nalice,,secret99\n", "names a column twice"),
        ("name,password,\n,,\n", "has no subscribers"),
        ('name\n"alice\n', "cannot be read as CSV"),
        ("name,custom_field\nalice,a\x07b\n", "cannot be printed"),
    ],
)
def test_an_unusable_csv_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal(tmp_path, text)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be read"):
        read_rows(tmp_path / "nosuch.csv")
    for other in ("latin-1", "utf-16"):
        (tmp_path / "users.csv").write_bytes("name,custom_field\nalice,Büro\n".encode(other))
        with pytest.raises(OperatorError, match="save it as CSV in UTF-8"):
            read_rows(tmp_path / "users.csv")


def test_skipped_rows_and_columns_are_reported(fleet: Fleet, tmp_path: Path) -> None:
    path = str(csv_file(tmp_path, "name,password,\nalice,secret99,\n,,\n,,\n"))
    shown = fleet.run("subscribers", "import", path, "--dry-run").output
    assert "skipped: rows of only separators: 2; columns without a name: 1" in shown
    done = fleet.run("--json", "subscribers", "import", path)
    assert json.loads(done.stdout)["skipped"] == {"empty_rows": 2, "nameless_columns": 1}


def test_one_bad_line_stops_the_whole_import(fleet: Fleet, tmp_path: Path) -> None:
    result = fleet.run("subscribers", "import", str(csv_file(tmp_path, "name\nalice\nnot a name\n")))
    assert isinstance(result.exception, OperatorError)
    assert "nothing was done" in str(result.exception)
    assert not fleet.exotel()
