"""`switchboard erasures`, and deletions with it."""

import pytest

from cli.errors import OperatorError
from tests.cli.fleet.conftest import Fleet


def test_a_deletion_is_listed_and_has_a_certificate_without_the_name(fleet: Fleet) -> None:
    assert "nobody was deleted" in fleet.run("erasures", "list").output
    for name, options in (("alice", ()), ("bob", ("--pseudonymise",))):
        fleet.run("subscribers", "add", name)
        assert fleet.run("subscribers", "delete", name, "--yes", *options).exit_code == 0
    listed = fleet.json("erasures", "list")
    assert sorted(one["call_records"] for one in listed) == ["erased", "kept under a pseudonym"]
    for one in listed:
        assert one == fleet.json("erasures", "certificate", one["erasure"])
        assert (one["account"], one["finished_at"], one["counts"]) == ("demo1m", None, {})
    shown = fleet.run("erasures", "list").output
    assert shown.count("not yet") == 2
    assert "alice" not in shown


def test_an_unknown_erasure_is_refused(fleet: Fleet) -> None:
    assert isinstance(fleet.run("erasures", "certificate", "x").exception, OperatorError)


@pytest.mark.parametrize("times", [1, 2])
def test_what_has_stopped_goes_on_by_a_touch_of_the_sweep(fleet: Fleet, times: int) -> None:
    for _ in range(times):
        assert "go on" in fleet.run("erasures", "resume").output
    found = fleet.client("dynamodb").scan(TableName=fleet.resources["ErasuresTable"])["Items"]
    assert [one["pk"]["S"] for one in found] == ["sweep"]
