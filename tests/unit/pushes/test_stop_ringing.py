"""A call that is answered, declined or over stops the other phones, and never the one that answered."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from switchboard.foundation.errors import UnavailableError
from switchboard.pushes.cancel import Cancel, Reason
from switchboard.pushes.invite import call_uuid
from switchboard.pushes.push import Delivery, Outcome
from switchboard.pushes.stop_ringing import AckState
from switchboard.subscribers.subscriber import Device, Status, TokenType
from switchboard.timeline.event import Detail, Event, Kind
from tests.benches.deliver_push import ACCEPTED_AT, UNAVAILABLE, outcomes
from tests.benches.stop_ringing import ACCOUNT, ONE, TWO, StoppingBench, agent, callback, invited, passthru

CANCELLED = ["call", "cancel"]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AckState.ANSWERED, "answeredElsewhere"),
        (AckState.DECLINED, "declinedElsewhere"),
        (AckState.BUSY, "declinedElsewhere"),
    ],
)
def test_the_ack_of_one_phone_stops_the_other_once(state: AckState, reason: str) -> None:
    bench = StoppingBench().ring()

    for _ in range(3):
        bench.acknowledge(state, ONE)
        bench.run()

    assert (bench.kinds(ONE), bench.kinds(TWO)) == (["call"], CANCELLED)
    cancel = bench.last(TWO)
    assert isinstance(cancel, Cancel)
    assert cancel.data(TWO) == {
        "type": "cancel",
        "pushId": bench.push.push_id,
        "callUuid": call_uuid(bench.push),
        "subscriberName": "dave",
        "reason": reason,
        "at": str(bench.now),
    }


@pytest.mark.parametrize("state", [AckState.ANSWERED, AckState.DECLINED])
def test_a_phone_that_has_no_device_of_the_call_cannot_be_told_apart(state: AckState) -> None:
    bench = StoppingBench().ring()

    bench.acknowledge(state, replace(ONE, phone="another phone of dave's"))
    bench.run()

    told = ["call"] if state is AckState.ANSWERED else CANCELLED
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (told, told)


@pytest.mark.parametrize(
    "ids",
    [{"push_id": invited().push_id}, {"session_id": "session-1"}, {"call_id": "sid-1"}],
    ids=lambda ids: next(iter(ids)),
)
@pytest.mark.parametrize(
    ("name", "reason"), [("onCallEstablished", Reason.ANSWERED_ELSEWHERE), ("onCallEnded", Reason.ENDED)]
)
def test_an_event_of_one_phone_stops_the_other(ids: Mapping[str, str], name: str, reason: Reason) -> None:
    bench = StoppingBench().ring()

    bench.stop.reported(ACCOUNT, "dave", [callback("dave", name, bench.now, **ids)], ONE.phone or "")
    bench.run()

    assert (bench.kinds(ONE), bench.kinds(TWO)) == (["call"], CANCELLED)
    assert bench.reason(TWO) is reason


@pytest.mark.parametrize(
    "ids", [{"call_id": "sid-1"}, {"session_id": "the caller's own"}], ids=["call_id", "session_id"]
)
def test_both_phones_stop_when_the_callers_app_reports_the_end(ids: Mapping[str, str]) -> None:
    bench = StoppingBench().ring()

    bench.stop.reported(ACCOUNT, "alice", [callback("alice", "onCallEnded", bench.now, **ids)], "alices-phone")
    bench.run()

    assert (bench.kinds(ONE), bench.kinds(TWO)) == (CANCELLED, CANCELLED)
    assert bench.reason(ONE) is Reason.CALLER_HUNG_UP


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (agent("terminal"), Reason.ENDED),
        (replace(agent("terminal"), details={"hook": "agent", "event": "terminal", "callee": "dave"}), Reason.ENDED),
        (passthru("incomplete", "no-answer"), Reason.ENDED),
        (passthru("client-hangup", "no-answer"), Reason.CALLER_HUNG_UP),
        (passthru("incomplete", "canceled"), Reason.CALLER_HUNG_UP),
    ],
    ids=["terminal", "terminal without caller", "passthru", "hang-up", "canceled"],
)
def test_both_phones_stop_when_exotel_says_that_the_call_is_over(event: Event, reason: Reason) -> None:
    bench = StoppingBench().ring()

    bench.stop.told(replace(event, at=bench.now))
    bench.run()

    assert (bench.kinds(ONE), bench.kinds(TWO)) == (CANCELLED, CANCELLED)
    assert bench.reason(ONE) is bench.reason(TWO) is reason


@pytest.mark.parametrize("event", [agent("dial"), agent("ringing"), passthru("call-attempt", "")])
def test_other_events_of_exotel_stop_nothing(event: Event) -> None:
    bench = StoppingBench().ring()
    bench.stop.told(event)
    assert not bench.cancels.queued


@pytest.mark.parametrize("by_exotel", [True, False])
def test_an_answer_that_names_no_phone_stops_the_others_once_one_is_named(*, by_exotel: bool) -> None:
    bench = StoppingBench().ring()
    if by_exotel:
        bench.stop.told(agent("answered"))
    else:
        event = callback("alice", "onCallEstablished", bench.now, call_id="sid-1")
        bench.stop.reported(ACCOUNT, "alice", [event], "alices-phone")
    bench.stop.told(agent("terminal"))  # nobody knows yet which phone must not be told
    bench.run()
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (["call"], ["call"])

    bench.acknowledge(AckState.ANSWERED, ONE)
    bench.stop.told(agent("terminal"))
    bench.run()

    assert (bench.kinds(ONE), bench.kinds(TWO)) == (["call"], CANCELLED)
    assert bench.reason(TWO) is Reason.ANSWERED_ELSEWHERE


def test_a_passthru_of_an_answered_call_is_an_answer_that_names_no_phone() -> None:
    bench = StoppingBench().ring()
    bench.stop.told(passthru("completed", "completed"))
    bench.run()
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (["call"], ["call"])


def test_the_only_phone_is_not_told_of_the_end_of_the_call_that_it_answered() -> None:
    bench = StoppingBench(ONE).ring()
    bench.acknowledge(AckState.ANSWERED, ONE)
    bench.stop.told(agent("terminal"))
    bench.run()
    assert bench.kinds(ONE) == ["call"]
    assert not bench.cancels.queued


def test_apps_that_do_not_know_a_cancel_never_see_one_and_cost_nothing() -> None:
    one, two = (replace(phone, knows=frozenset()) for phone in (ONE, TWO))
    bench = StoppingBench(one, two).ring()
    before = dict(bench.delivery.ringing.calls)

    bench.acknowledge(AckState.ANSWERED, one)
    bench.stop.told(agent("terminal"))
    bench.run()

    assert (bench.kinds(one), bench.kinds(two)) == (["call"], ["call"])
    assert bench.delivery.ringing.calls == before
    bench = StoppingBench(one, TWO).ring()
    bench.acknowledge(AckState.ANSWERED, one)
    bench.run()
    assert (bench.kinds(one), bench.kinds(TWO)) == (["call"], CANCELLED)


def test_a_cancel_that_overtakes_its_invite_wins() -> None:
    bench = StoppingBench()
    bench.stop.told(agent("terminal"))
    bench.run()

    attempt = bench.deliver()

    assert outcomes(attempt) == [Outcome.ENDED]
    assert not bench.gateway.sent


def test_an_invite_that_overtakes_its_cancel_in_the_queue_is_cancelled() -> None:
    bench = StoppingBench()
    bench.stop.told(agent("terminal"))
    bench.deliver()
    bench.run()
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (CANCELLED, CANCELLED)


def test_nothing_rings_at_a_retry_after_the_call_is_over() -> None:
    bench = StoppingBench(ONE, TWO, two=[UNAVAILABLE])
    assert bench.deliver().retry_after == 2
    bench.acknowledge(AckState.ANSWERED, ONE)
    bench.run()

    assert outcomes(bench.deliver()) == [Outcome.ENDED]
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (["call"], [])


def test_a_phone_that_takes_the_invite_while_the_call_ends_is_told_afterwards() -> None:
    bench = StoppingBench(TWO)

    def end() -> None:
        bench.gateway.before_answer = lambda: None
        bench.stop.told(agent("terminal"))
        bench.run()

    bench.gateway.before_answer = end
    bench.deliver()
    bench.run()

    assert bench.kinds(TWO) == CANCELLED


def test_a_phone_that_takes_the_invite_while_the_call_ends_and_sqs_fails_is_told_by_the_invites_retry() -> None:
    bench = StoppingBench(TWO)

    def end() -> None:
        bench.gateway.before_answer = lambda: None
        bench.stop.told(agent("terminal"))
        bench.run()
        bench.cancels.down = True

    bench.gateway.before_answer = end
    with pytest.raises(UnavailableError):
        bench.deliver()  # so the push comes back, as after each fault of a store
    bench.cancels.down = False
    assert bench.kinds(TWO) == ["call"]

    for _ in range(2):
        assert outcomes(bench.deliver()) == [Outcome.ENDED]
        bench.run()
    assert bench.kinds(TWO) == CANCELLED


def test_a_cancel_that_fcm_cannot_take_now_is_tried_again_within_the_ring_time() -> None:
    bench = StoppingBench(ONE, TWO).ring()
    bench.gateway.answers["two"] = [UNAVAILABLE, Delivery(Outcome.REJECTED, "400")]
    bench.acknowledge(AckState.ANSWERED, ONE)
    (cancel,) = bench.cancels.queued

    assert bench.delivery.deliver(cancel).retry_after == 2
    assert outcomes(bench.delivery.deliver(cancel)) == [Outcome.REJECTED]
    assert not bench.delivery.dead_letters.letters  # nobody could use it later

    bench.gateway.answers["two"] = []
    bench.clock.now = (ACCEPTED_AT + 36_000) / 1000
    assert outcomes(bench.delivery.deliver(cancel)) == [Outcome.STALE]


def test_who_hangs_up_and_dials_again_within_two_seconds_rings_again() -> None:
    bench = StoppingBench().ring()
    bench.stop.told(agent("terminal"))
    bench.dial("sid-2", after=1_500)
    bench.clock.now = ACCEPTED_AT / 1000 + 1.9
    late = callback("alice", "onCallEnded", bench.now, session_id="the caller's own")
    bench.stop.reported(ACCOUNT, "alice", [late], "alices-phone")  # of the first call, and without its CallSid
    bench.deliver(invited("session-2", after=1_800))
    bench.run()
    bench.stop.reported(ACCOUNT, "alice", [late], "alices-phone")
    bench.run()

    assert bench.kinds(ONE) == ["call", "call", "cancel"] or bench.kinds(ONE) == ["call", "cancel", "call"]
    assert bench.rings(ONE, invited("session-2", after=1_800))
    assert not bench.rings(ONE, bench.push)


@pytest.mark.parametrize("ids", [{"session_id": "an earlier call's"}, {"push_id": "f" * 40}, {"call_id": "sid-0"}])
def test_a_late_report_of_an_earlier_call_does_not_end_the_one_that_its_user_has_dialled_since(
    ids: Mapping[str, str],
) -> None:
    bench = StoppingBench().ring()

    event = callback("alice", "onCallEnded", ACCEPTED_AT - 500, **ids)  # before Dial Whom answered alice's call
    bench.stop.reported(ACCOUNT, "alice", [event], "alices-phone")

    assert not bench.cancels.queued


def test_all_phones_of_a_callee_who_is_suspended_stop_also_when_the_devices_are_gone() -> None:
    bench = StoppingBench().ring()
    bench.stop.gone(ACCOUNT, "dave", bench.delivery.devices.of(ACCOUNT, "dave"))
    bench.delivery.subscribers.delete(ACCOUNT, "dave", 0)
    bench.run()
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (CANCELLED, CANCELLED)
    assert bench.reason(ONE) is Reason.ENDED


def test_a_phone_that_logs_out_is_told_and_the_other_rings_on() -> None:
    bench = StoppingBench().ring()
    bench.delivery.devices.remove(ACCOUNT, "dave", ONE.key)
    bench.stop.logged_out(ACCOUNT, "dave", [ONE])
    bench.run()
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (CANCELLED, ["call"])

    bench.stop.told(agent("terminal"))
    bench.run()
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (CANCELLED, CANCELLED)


def test_a_voip_token_of_a_phone_that_logs_out_gets_nothing() -> None:
    voip = replace(ONE, token="ab" * 32, token_type=TokenType.APNS_VOIP)
    bench = StoppingBench(voip, TWO).ring()
    bench.stop.logged_out(ACCOUNT, "dave", [voip])
    assert not bench.cancels.queued


def test_a_voip_phone_is_cancelled_by_the_token_that_took_the_invite_alone() -> None:
    voip = replace(ONE, token="ab" * 32, token_type=TokenType.APNS_VOIP, device_id="d1")
    fcm = replace(ONE, token="fcm", device_id="d1")
    bench = StoppingBench(voip, fcm, TWO).ring()

    bench.acknowledge(AckState.ANSWERED, TWO)
    bench.run()

    assert (bench.kinds(voip), bench.kinds(fcm), bench.kinds(TWO)) == (CANCELLED, [], ["call"])


def test_no_token_of_the_phone_that_answered_is_told() -> None:
    voip = replace(ONE, token="ab" * 32, token_type=TokenType.APNS_VOIP, device_id="d1", phone="voip-session")
    fcm = replace(ONE, token="fcm", device_id="d1")
    bench = StoppingBench(voip, fcm, TWO).ring()

    bench.acknowledge(AckState.ANSWERED, fcm)
    bench.run()

    assert (bench.kinds(voip), bench.kinds(TWO)) == (["call"], CANCELLED)


def test_a_call_long_ago_costs_one_read_of_the_callers_answers() -> None:
    bench = StoppingBench().ring()
    bench.clock.now = ACCEPTED_AT / 1000 + 60
    bench.stop.told(agent("terminal"))
    assert not bench.cancels.queued


def test_nothing_is_read_at_the_end_of_a_call_whose_parties_have_talked_longer_than_it_can_ring() -> None:
    bench = StoppingBench().ring()
    asked: list[str] = []
    bench.delivery.ringing.of = lambda *_: asked.append("callee") or []  # type: ignore[method-assign, func-returns-value]
    bench.delivery.contexts.answers = lambda *_: asked.append("caller") or []  # type: ignore[method-assign, func-returns-value]
    ended = passthru("completed", "completed")

    for talked, reads in ((36, []), (34, ["caller"])):
        asked.clear()
        bench.stop.told(replace(ended, details={**ended.details, "duration_s": talked}))
        assert asked == reads
        events = [
            callback("alice", "onCallEstablished", bench.now - talked * 1000, call_id="sid-1"),
            callback("alice", "onCallEnded", bench.now, call_id="sid-1"),
        ]
        asked.clear()
        bench.stop.reported(ACCOUNT, "alice", events, "alices-phone")
        assert asked == [*(["callee"] if reads else []), *reads]


def test_a_caller_who_hangs_up_after_a_long_wait_stops_the_phones() -> None:
    bench = StoppingBench().ring()
    about: Mapping[str, Detail] = {"hook": "status", "event": "terminal", "status": "no-answer", "duration_s": 90}
    ended = Event(ACCOUNT, "sid-1", Kind.EXOTEL_EVENT, bench.now, details={**about, "caller": "alice"})
    bench.stop.told(ended)  # 90 s in a menu, before it rang
    bench.run()
    assert (bench.kinds(ONE), bench.kinds(TWO)) == (CANCELLED, CANCELLED)


def test_of_many_events_in_one_request_few_are_looked_at() -> None:
    bench = StoppingBench().ring()
    events = [callback("dave", "onCallEnded", bench.now, session_id=f"made-up-{number}") for number in range(100)]
    events.append(Event(ACCOUNT, "sid-1", Kind.SDK_CDR, bench.now, "dave", {}))
    asked: list[str] = []
    of, bench.delivery.ringing.of = bench.delivery.ringing.of, lambda *a: asked.append("of") or of(*a)  # type: ignore[method-assign, func-returns-value]

    bench.stop.reported(ACCOUNT, "dave", events, "phone-1")

    assert len(asked) <= 4
    assert not bench.cancels.queued


def test_a_suspended_callee_without_knowing_phones_is_asked_about_nothing() -> None:
    bench = StoppingBench().ring()
    assert bench.delivery.subscribers.find(ACCOUNT, "dave").status is Status.ACTIVE  # type: ignore[union-attr]
    bench.stop.gone(ACCOUNT, "dave", [Device("old", TokenType.FCM, 1)])
    assert not bench.cancels.queued
