"""The journal of an import is complete, whenever the process ended."""

from pathlib import Path

import pytest

from cli.errors import OperatorError
from cli.subscribers.journal import Settled
from cli.subscribers.journal_file import JournalFile

DONE = Settled("alice", "created", "created")
FAILED = Settled("bob", "failed", reason="Exotel: 400")


def journal(path: Path, content: bytes = b"name,password\nalice,secret horse", **about: str) -> JournalFile:
    return JournalFile(path, {"account": "demo1m", "stack": "switchboard"} | about, content)


def written(path: Path) -> bytes:
    with journal(path) as first:
        first.ask(["alice", "bob"])
        first.make("alice")
        first.settle([DONE, FAILED])
    return path.read_bytes()


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    written(tmp_path / "j")
    with journal(tmp_path / "j") as again:
        assert again.settled == {"alice": DONE, "bob": FAILED}
        assert (again.asked, again.making) == ({"alice", "bob"}, {"alice"})
        assert not again.outdated


def test_a_journal_cut_off_anywhere_can_be_continued(tmp_path: Path) -> None:
    whole = written(tmp_path / "j")
    for length in range(0, len(whole), 31):  # each opening costs the time of a slow hash
        (tmp_path / "j").write_bytes(whole[:length])
        with journal(tmp_path / "j") as again:
            assert set(again.settled) <= {"alice", "bob"}
            again.settle([DONE])
        with journal(tmp_path / "j") as later:
            assert later.settled["alice"] == DONE


def test_a_journal_holds_no_password(tmp_path: Path) -> None:
    assert b"horse" not in written(tmp_path / "j")


def test_a_changed_csv_is_imported_from_the_start(tmp_path: Path) -> None:
    written(tmp_path / "j")
    with journal(tmp_path / "j", b"name\ncarol") as again:
        assert again.outdated
        assert not again.settled


def test_another_accounts_journal_is_not_touched(tmp_path: Path) -> None:
    before = written(tmp_path / "j")
    with pytest.raises(OperatorError, match="into the account demo1m"), journal(tmp_path / "j", account="other1m"):
        pass
    assert (tmp_path / "j").read_bytes() == before


@pytest.mark.parametrize("content", ["name,password\nalice,x\n", "a line", "[]\n", "{}\n", "{} or\n"])
def test_a_file_that_is_no_journal_is_not_touched(tmp_path: Path, content: str) -> None:
    (tmp_path / "j").write_text(content)
    with pytest.raises(OperatorError, match="is no journal"), journal(tmp_path / "j"):
        pass
    assert (tmp_path / "j").read_text() == content


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    with journal(tmp_path / "j"), pytest.raises(OperatorError, match="another import"), journal(tmp_path / "j"):
        pass


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"), journal(tmp_path / "nosuch" / "j"):
        pass
