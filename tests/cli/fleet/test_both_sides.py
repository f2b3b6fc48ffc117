"""`switchboard subscribers`: how both sides differ, and changes of single subscribers."""

import time

import pytest

from cli.errors import OperatorError
from cli.subscribers.patience import Patience
from local.simulators.faults import Fault
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import UpstreamError
from switchboard.login.passwords import Argon2Passwords
from switchboard.pushes.cancel import Cancel, Reason
from switchboard.pushes.queued_push import decode
from switchboard.pushes.ringing import RingingCall, ringing_id
from switchboard.pushes.ringing_calls import DynamoRingingCalls
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.subscriber import CANCEL, Device, TokenType
from tests.cli.fleet.conftest import Fleet


def test_the_list_names_each_difference(fleet: Fleet) -> None:
    for number in range(120):
        fleet.simulators.exotel.subscribers.create("demo1m", f"user{number:03}", None)
    fleet.run("subscribers", "add", "alice", "--custom-field", "[desk]")
    fleet.run("subscribers", "add", "bob")
    fleet.run("subscribers", "add", "carol")
    fleet.simulators.exotel.subscribers.delete("demo1m", "bob")
    fleet.simulators.exotel.subscribers.change("demo1m", "carol", status="inactive")

    found = fleet.json("subscribers", "list", "--differences")
    assert (found["here"], found["exotel"]) == (3, 122)
    assert found["differences"] == {"only at Exotel": 120, "only here": 1, "status differs": 1}
    assert "alice" not in {one["name"] for one in found["subscribers"]}
    shown = fleet.run("subscribers", "list").output
    assert "[desk]" in shown
    assert "120 only at Exotel" in shown


def test_adding_says_what_it_did_and_takes_a_password(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBSCRIBER_PASSWORD", "correct horse")
    done = fleet.json("subscribers", "add", "alice", "--display-name", "Alice")
    assert (done["exotel"]["created"], done["here"]["created"]) == (1, 1)
    kept = fleet.subscribers.find("demo1m", "alice")
    assert kept is not None
    assert Argon2Passwords().verify("correct horse", kept.password_hash)
    assert fleet.json("subscribers", "add", "alice")["here"]["unchanged"] == 1


def test_a_name_that_exotel_would_refuse_is_not_added(fleet: Fleet) -> None:
    assert isinstance(fleet.run("subscribers", "add", "not a name").exception, OperatorError)
    assert not fleet.exotel()


def test_suspending_and_activating_change_both_sides(fleet: Fleet) -> None:
    fleet.run("subscribers", "add", "alice")
    fleet.simulators.exotel.subscribers.create("demo1m", "bob", None)
    assert fleet.json("subscribers", "suspend", "alice", "bob")["suspended"] == ["alice", "bob"]
    assert fleet.exotel() == {"alice": "inactive", "bob": "inactive"}
    assert fleet.here() == {"alice": "inactive"}
    assert fleet.run("subscribers", "activate", "alice", "bob").output == "active: alice, bob\n"
    assert fleet.exotel() == {"alice": "active", "bob": "active"}


@pytest.mark.parametrize("command", [("suspend", "alice"), ("delete", "alice", "--yes")])
def test_whoever_is_suspended_or_deleted_stops_ringing(fleet: Fleet, command: tuple[str, ...]) -> None:
    fleet.run("subscribers", "add", "alice")
    now = int(time.time() * 1000)
    calls = DynamoRingingCalls(fleet.client("dynamodb"), fleet.resources["DeliveriesTable"])
    phones = frozenset({"a phone"})
    call = RingingCall("demo1m", "alice", ringing_id(now, "sid"), now + 30_000, pushes={"p": "u"}, phones=phones)
    calls.register(call)
    device = Device("a-token", TokenType.FCM, now, knows=frozenset({CANCEL}))
    DynamoDevices(fleet.client("dynamodb"), fleet.resources["SubscribersTable"]).register("demo1m", "alice", device)

    assert fleet.run("subscribers", *command).exit_code == 0
    queue = fleet.resources["PushQueue"]
    (message,) = fleet.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    cancel = decode(message["Body"])
    assert isinstance(cancel, Cancel)
    assert (cancel.subscriber_name, cancel.reason, cancel.devices) == ("alice", Reason.ENDED, (device,))

    fleet.client("sqs").delete_queue(QueueUrl=queue)
    fleet.run("subscribers", "add", "alice")
    calls.register(call)
    DynamoDevices(fleet.client("dynamodb"), fleet.resources["SubscribersTable"]).register("demo1m", "alice", device)
    done = fleet.run("subscribers", *command)
    assert done.exit_code == 0
    assert "alice's phones may ring on" in done.stderr


def test_an_unknown_name_fails_and_creates_nobody(fleet: Fleet) -> None:
    fleet.run("subscribers", "add", "alice")
    done = fleet.json("subscribers", "suspend", "nobody", "alice", exit_code=1)
    assert done["suspended"] == ["alice"]
    assert done["failures"][0]["name"] == "nobody"
    assert "nobody" not in {**fleet.here(), **fleet.exotel()}
    assert "neither here nor at Exotel" in fleet.run("subscribers", "delete", "nobody", "--yes").output


def test_one_failure_does_not_stop_the_other_changes(fleet: Fleet) -> None:
    fleet.run("subscribers", "add", "alice")
    fleet.run("subscribers", "add", "bob")
    fleet.faults.add(Fault("exotel", status=403))
    done = fleet.json("subscribers", "suspend", "alice", "bob", exit_code=1)
    assert done["failures"] == [{"name": "alice", "reason": "Exotel refused the account: VoIP is not enabled on it"}]
    assert done["suspended"] == ["bob"]


def test_deleting_asks_and_deletes_on_both_sides(fleet: Fleet) -> None:
    fleet.run("subscribers", "add", "alice")
    fleet.simulators.exotel.subscribers.create("demo1m", "bob", None)
    for answer in ("n\n", ""):  # "no", and no answer
        assert isinstance(fleet.run("subscribers", "delete", "alice", answer=answer).exception, OperatorError)
    assert fleet.here()
    assert fleet.run("subscribers", "delete", "alice", "bob", answer="y\n").exit_code == 0
    assert not {**fleet.here(), **fleet.exotel()}


class Exotel:
    """Fails `times` times, then answers."""

    def __init__(self, times: int, retry_after: int | None) -> None:
        self.times, self.retry_after, self.asked = times, retry_after, 0

    def __call__(self, deadline: Deadline) -> str:
        self.asked += 1
        if self.asked > self.times:
            return "answer"
        raise UpstreamError("exotel_unavailable", "Exotel is down", retry_after=self.retry_after)


def test_retries_wait_as_long_as_exotel_asks() -> None:
    waits: list[float] = []
    said: list[str] = []
    assert Patience(said.append, waits.append)(Exotel(3, 40)) == "answer"
    assert waits == [40, 40, 40]
    assert said[0] == "Exotel is down; waiting 40 s"


@pytest.mark.parametrize(
    ("times", "retry_after", "asked", "reason"),
    [(99, 1, 6, "asked 6 times"), (1, None, 1, "Exotel is down"), (1, 301, 1, "it says in 301 s")],
)
def test_retries_have_an_end(times: int, retry_after: int | None, asked: int, reason: str) -> None:
    exotel = Exotel(times, retry_after)
    with pytest.raises(OperatorError, match=reason):
        Patience(lambda _: None, lambda _: None)(exotel)
    assert exotel.asked == asked
