"""`switchboard why` on the records of a stack."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.errors import OperatorError
from switchboard.subscribers.subscriber import Device, Status, TokenType
from switchboard.timeline.event import Event, Kind, of_app, shown
from tests.cli.stack_in_moto import ACCOUNT, StackInMoto, codes, reading_in, stack_in_moto
from tests.silent_phones import phone, silent
from tests.unit.why.events import (
    CALL,
    GOOD,
    PUSH,
    RANG,
    START,
    acknowledged,
    callback,
    dialled,
    ended,
    event,
    pushed,
    sent,
)


@pytest.fixture
def stack() -> Iterator[StackInMoto]:
    with stack_in_moto() as made:
        made.subscriber("alice", "token-of-alice")
        made.subscriber("bob", "token-of-bob")
        yield made


def linked(stack: StackInMoto) -> None:
    stack.joined(CALL, PUSH)


def test_a_good_call_is_shown_whole_and_in_order(stack: StackInMoto) -> None:
    stack.happened(*reversed(GOOD))
    linked(stack)
    result = stack.run("why", CALL)

    assert result.exit_code == 0, result.output
    assert "alice calls bob, 2025-11-21 20:00:00.000 UTC" in result.output
    shown = [line.split() for line in result.output.splitlines() if line.startswith("20:00")]
    assert [line[3] for line in shown] == [
        *("dial-whom", "push-accepted", "push-sent", "push-acknowledged", "sdk-callback", "sdk-callback")
    ]
    assert [line[1] for line in shown] == ["0", "1000", "1200", "2000", "3000", "6000"]
    assert "No problem is known. It was answered." in result.output


@pytest.mark.parametrize("known_as", [CALL, PUSH, "session-1"])
def test_any_id_of_the_call_finds_it(stack: StackInMoto, known_as: str) -> None:
    stack.happened(*GOOD)
    linked(stack)
    explained = stack.read("why", known_as)
    assert len(explained["timeline"]) == len(GOOD)
    assert explained["summary"]["call_sid"] == CALL
    assert explained["timeline"][1] == {
        "at": "2025-11-21T20:00:01.000Z",
        "after_ms": 1000,
        "kind": "push-accepted",
        "subscriber": "bob",
        "id": PUSH,
        "details": {"caller": "alice", "push_id": PUSH},
    }


def test_what_went_wrong_is_said_with_what_to_do_and_exit_code_1(stack: StackInMoto) -> None:
    stack.happened(dialled(), pushed(), sent("dead-token", "404 UNREGISTERED"))
    linked(stack)
    result = stack.run("why", CALL)
    assert result.exit_code == 1
    assert "problem: FCM reports that the app is no longer on that phone" in result.output
    assert "to do: The app must register its new token" in result.output


def test_the_verdict_comes_first_and_once(stack: StackInMoto) -> None:
    stack.happened(dialled(), pushed(), sent("dead-token", "404 UNREGISTERED"))
    linked(stack)
    output = stack.run("why", CALL).output
    assert output.splitlines()[1].startswith("problem: FCM reports that the app is no longer on that phone")
    assert output.count("FCM reports that the app is no longer on that phone") == 1


def test_a_token_that_was_renewed_since_is_history(stack: StackInMoto) -> None:
    stack.happened(dialled(), pushed(), sent("dead-token", "404 UNREGISTERED"))
    linked(stack)
    stack.devices.register(ACCOUNT, "bob", Device("another-token", TokenType.FCM, START + 60_000))
    explained, result = stack.read("why", CALL), stack.run("why", CALL)
    assert [found["severity"] for found in explained["findings"]] == ["history"]
    assert explained["findings"][0]["evidence"].endswith(
        "; since then the callee's app registered its token, 2025-11-21 20:01:00.000 UTC"
    )
    assert result.exit_code == 0
    assert result.output.splitlines()[1] == "The causes of the failure have been fixed since."


def test_a_cause_that_a_later_call_disproves_is_history(stack: StackInMoto) -> None:
    stack.happened(event(Kind.DIAL_WHOM, -60_000, call="d" * 32, caller="alice", route="no-context"))
    assert stack.run("why", "d" * 32).exit_code == 1
    stack.happened(*GOOD)
    linked(stack)
    explained = stack.read("why", "d" * 32)
    assert [(found["code"], found["severity"]) for found in explained["findings"]] == [("context-missing", "history")]
    assert "a call of the caller was answered, 2025-11-21 20:00:00.000 UTC" in explained["findings"][0]["evidence"]


def test_logins_that_succeed_again_are_history(stack: StackInMoto) -> None:
    refusal = {"account": ACCOUNT, "code": "exotel_credentials", "status": 502, "route": "POST /v1/login"}
    stack.logged(refusal, {"account": "another", "status": 200, "route": "POST /v1/login"}, after_ms=1_000)
    assert stack.read("why", "alice")["findings"][0]["severity"] == "problem"
    stack.logged({"account": ACCOUNT, "status": 200, "route": "POST /v1/login"}, after_ms=2_000)
    (refused, *_) = stack.read("why", "alice")["findings"]
    assert (refused["code"], refused["severity"]) == ("login-refused", "history")


def test_times_are_those_of_the_readers_zone_which_is_named(stack: StackInMoto) -> None:
    stack.happened(*GOOD)
    linked(stack)
    with reading_in("Asia/Kolkata"):
        output = stack.run("why", CALL).output
        assert stack.read("why", CALL)["timeline"][0]["at"] == "2025-11-21T20:00:00.000Z"
    assert "alice calls bob, 2025-11-22 01:30:00.000 IST" in output
    assert any(line.split()[:2] == ["IST", "after"] for line in output.splitlines())


@pytest.mark.parametrize("nothing", ["", "  "])
def test_nothing_is_refused(stack: StackInMoto, nothing: str) -> None:
    refused = stack.run("why", nothing)
    assert isinstance(refused.exception, OperatorError)
    assert "WHAT is empty" in str(refused.exception)


def test_a_dead_letter_of_the_call_is_found_and_left_where_it_is(stack: StackInMoto) -> None:
    stack.happened(dialled(), pushed(), sent("rejected", "400 INVALID_ARGUMENT"))
    linked(stack)
    stack.dead_letter(PUSH, "400 INVALID_ARGUMENT")
    stack.dead_letter("another", None)
    found = stack.read("why", CALL)["findings"]
    assert codes(found) == ["fcm-message-refused", "dead-letter"]
    assert found[1]["evidence"] == f"push {PUSH}: 400 INVALID_ARGUMENT"
    assert stack.dead_letters() == 2


def test_a_dead_letter_that_is_no_push_disturbs_nothing(stack: StackInMoto) -> None:
    stack.happened(*GOOD)
    linked(stack)
    stack.sqs.send_message(QueueUrl=stack._queue("PushDeadLetterQueue"), MessageBody="no push")
    assert codes(stack.read("why", CALL)["findings"]) == []


def test_the_callee_as_the_tables_know_them_counts(stack: StackInMoto) -> None:
    stack.happened(
        dialled(callee="nobody"), event(Kind.PUSH_ACCEPTED, 10, "nobody", PUSH, push_id=PUSH), ended("no-device")
    )
    linked(stack)
    assert codes(stack.read("why", CALL)["findings"]) == ["callee-unknown"]


def test_events_without_a_call_of_the_callees_app_count_at_that_time(stack: StackInMoto) -> None:
    stack.happened(*RANG, acknowledged())
    linked(stack)
    stack.happened(_failed(1_500), _failed(-3_600_000))
    assert codes(stack.read("why", CALL)["findings"]) == ["library-not-initialised", "payload-not-relayed"]


def _failed(at: int) -> Event:
    return event(Kind.SDK_ERROR, at, "bob", of_app("bob"), name="onInitializationFailure", type="NETWORK")


def test_since_when_is_read_from_the_callees_earlier_calls(stack: StackInMoto) -> None:
    stack.happened(*RANG)
    linked(stack)
    earlier = event(
        Kind.PUSH_SENT, -60_000, "bob", "push-0", push_id="push-0", device="0123456789ab", outcome="retry", reason="503"
    )
    before = event(Kind.PUSH_ACCEPTED, -60_000, "bob", "push-0", push_id="push-0", caller="alice")
    stack.happened(before, earlier)
    stack.happened(sent("retry", "503"))
    assert "since 2025-11-21 19:59:00.000 UTC" in stack.read("why", CALL)["findings"][0]["evidence"]


def test_a_push_that_may_be_another_calls_is_pointed_to(stack: StackInMoto) -> None:
    stack.happened(
        dialled(), pushed(), event(Kind.PUSH_CORRELATION, 1_100, "bob", PUSH, push_id=PUSH, correlation="ambiguous")
    )
    assert codes(stack.read("why", CALL)["findings"]) == ["push-loose"]
    assert codes(stack.read("why", PUSH)["findings"]) == ["push-ambiguous"]


def test_an_unknown_call_is_explained_as_never_received(stack: StackInMoto) -> None:
    result = stack.run("why", "f" * 32)
    assert result.exit_code == 1
    assert f"Nothing is known of {'f' * 32}." in result.output
    assert "No Dial Whom request came" in result.output


def test_an_unknown_call_shows_what_keeps_apps_from_a_token(stack: StackInMoto) -> None:
    refusal = {"account": ACCOUNT, "code": "exotel_credentials", "status": 502}
    stack.logged(refusal, refusal, refusal | {"account": "another"}, {"account": ACCOUNT, "code": "bad_credentials"})
    found = stack.read("why", "f" * 32)["findings"]
    assert codes(found) == ["id-unknown", "login-refused", "no-dial-whom"]
    assert found[1]["evidence"].startswith("2 since ")


def test_a_subscriber_is_explained_by_their_newest_calls(stack: StackInMoto) -> None:
    stack.happened(*GOOD)
    linked(stack)
    stack.happened(event(Kind.DIAL_WHOM, 60_000, call="d" * 32, caller="alice", route="no-context"))
    explained = stack.read("why", "alice")
    assert [call["id"] for call in explained["calls"]] == ["d" * 32, CALL]
    assert explained["findings"] == []
    result = stack.run("why", "alice")
    assert result.exit_code == 1
    assert result.output.splitlines()[1] == f"Their newest call, {'d' * 32}, went wrong:"
    assert result.output.count("There was no call context of alice.") == 1


def test_a_subscriber_without_calls(stack: StackInMoto) -> None:
    stack.subscriber("carol", status=Status.INACTIVE)
    explained = stack.read("why", "carol")
    assert codes(explained["findings"]) == ["subscriber-suspended", "no-device", "no-dial-whom"]
    assert codes(stack.read("why", "stranger")["findings"]) == ["subscriber-unknown", "no-dial-whom"]


def test_each_call_is_found_in_its_own_account(stack: StackInMoto) -> None:
    from tests.cli.stack_in_moto import WEBHOOK

    stack.fill("WebhookSecret", {ACCOUNT: WEBHOOK, "other1m": WEBHOOK})
    stack.happened(*GOOD)
    assert stack.read("why", CALL)["account"] == ACCOUNT
    assert stack.read("why", CALL, "--account", "other1m")["timeline"] == []
    refused = stack.run("why", "stranger")
    assert isinstance(refused.exception, OperatorError)
    assert "which account? Give --account SID: there is demo1m, other1m" in str(refused.exception)


def test_an_account_that_is_not_set_up(stack: StackInMoto) -> None:
    assert "the account nosuch is not set up here" in str(stack.run("why", CALL, "--account", "nosuch").exception)


def test_nothing_secret_that_an_app_sent_is_shown(stack: StackInMoto) -> None:
    jwt = "eyJhbGciOiJIUzI1NiJ9.eyJjYWxsZXJJZCI6ImEifQ.c2lnbmF0dXJl"
    stack.happened(
        *RANG,
        acknowledged(),
        callback("onAuthenticationFailure", message=f"bad {jwt}", access_token="abc", session="x" * 120),
    )
    linked(stack)
    output = stack.run("why", CALL).output + json.dumps(stack.read("why", CALL))
    assert jwt not in output
    assert "abc" not in output
    assert "x" * 100 not in output
    assert "bad [redacted]" in output


def test_control_codes_that_an_app_sent_are_removed(stack: StackInMoto) -> None:
    stack.happened(
        *RANG,
        acknowledged(),
        callback("onCallEnded\x1b[2J", "bob", 3_000, **{"app_\x1b]0;title\x07": "one\x9b31mtwo\rthree"}),
    )
    linked(stack)
    output = stack.run("why", CALL).output + json.dumps(stack.read("why", CALL), ensure_ascii=False)
    assert [letter for letter in output if not (letter.isprintable() or letter == "\n")] == []
    assert "onCallEnded\ufffd[2J" in output


def test_the_report_is_one_page_with_what_exotel_asks_for(stack: StackInMoto, tmp_path: Path) -> None:
    stack.happened(*GOOD, callback("onCallEnded", at=9_000, note="<b>loud</b>"))
    linked(stack)
    assert stack.run("why", CALL, "--report", str(tmp_path / "call.html")).exit_code == 0
    page = (tmp_path / "call.html").read_text()
    for wanted in (
        CALL,
        PUSH,
        "session-1",
        "2025-11-22 01:30:00.000 IST",
        "2025-11-21 20:00:00.000 UTC",
        "onCallRinging",
    ):
        assert wanted in page
    assert "&lt;b&gt;loud" in page
    assert "token-of-bob" not in page
    assert "http" not in page


def test_a_report_of_a_subscriber_is_that_of_the_newest_call(stack: StackInMoto, tmp_path: Path) -> None:
    nothing = stack.run("why", "alice", "--report", str(tmp_path / "none.html"))
    assert "there is no call to report" in str(nothing.exception)
    stack.happened(dialled("no-context", None))
    stack.run("why", "alice", "--report", str(tmp_path / "call.html"))
    page = (tmp_path / "call.html").read_text()
    assert "There was no call context of alice." in page
    assert "not reported by the apps" in page


def test_a_report_that_cannot_be_written(stack: StackInMoto, tmp_path: Path) -> None:
    stack.happened(*GOOD)
    assert "cannot be written" in str(stack.run("why", CALL, "--report", str(tmp_path / "no" / "call.html")).exception)


def test_ids_on_standard_input_are_explained_one_a_line(stack: StackInMoto) -> None:
    stack.happened(*GOOD)
    linked(stack)
    ids = f"{CALL}\n\nno such call\n{PUSH}\n"
    printed = CliRunner().invoke(app, ["--json", "why", "-"], input=ids).stdout.splitlines()
    first, unknown, third = (json.loads(line) for line in printed)
    assert first["verdict"] == third["verdict"]
    assert first["timeline"] == third["timeline"] != []
    assert unknown["findings"][0]["code"] == "id-unknown"
    refused = CliRunner().invoke(app, ["why", "-"], input=ids)
    assert isinstance(refused.exception, OperatorError)
    assert "--json" in str(refused.exception)


def test_a_phone_that_is_probably_dead_is_the_problem_of_its_user_and_of_the_call(stack: StackInMoto) -> None:
    stack.subscriber("dave")
    dead = phone("dead", "dave")
    stack.devices.register(ACCOUNT, "dave", dead)
    silent(dead, stack.happened, "dave")

    found = stack.read("why", "dave")
    (problem,) = [one for one in found["findings"] if one["code"] == "phone-silent"]
    assert (problem["severity"], shown(dead.key) in problem["evidence"]) == ("problem", True)
    assert "phone-silent" in codes(stack.read("why", "sid-dave-1")["findings"])

    stack.devices.register(ACCOUNT, "dave", phone("another", "dave"))
    found = stack.read("why", "dave")
    assert [one["severity"] for one in found["findings"] if one["code"] == "phone-silent"] == ["note"]
