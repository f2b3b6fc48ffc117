"""Faults: what may be asked for, and in which order they come."""

import pytest

from local.simulators.faults import BadFaultError, Fault, Faults, parse_fault


def test_only_the_target_is_needed() -> None:
    assert parse_fault({"target": "fcm"}) == Fault("fcm")
    assert Fault("fcm").answer_status == 503


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"target": "apns", "host": "test"},
        {"target": "fcm", "times": 0},
        {"target": "fcm", "times": True},
        {"target": "fcm", "status": "503"},
        {"target": "fcm", "status": 99},
        {"target": "fcm", "error_code": 5},
        {"target": "fcm", "often": 2},
    ],
)
def test_an_invalid_fault_is_refused(body: object) -> None:
    with pytest.raises(BadFaultError):
        parse_fault(body)


def test_faults_come_in_the_order_in_which_they_were_set() -> None:
    faults = Faults()
    faults.add(Fault("fcm", status=503, times=2))
    faults.add(Fault("exotel", status=500))
    faults.add(Fault("fcm", status=404))
    taken = [faults.take("fcm") for _ in range(4)]
    assert [fault and fault.status for fault in taken] == [503, 503, 404, None]
    assert faults.left() == [{"target": "exotel", "status": 500, "delay_ms": 0, "times": 1}]
    faults.clear()
    assert faults.left() == []


def test_the_status_follows_from_the_error_code() -> None:
    assert Fault("fcm", error_code="SENDER_ID_MISMATCH").answer_status == 403
    assert Fault("fcm", error_code="UNREGISTERED", status=410).answer_status == 410
    assert Fault("fcm", delay_ms=5).answer_status is None


def test_a_fault_can_affect_every_nth_answer() -> None:
    faults = Faults()
    faults.add(parse_fault({"target": "exotel", "status": 429, "every": 3, "times": 2}))
    taken = [faults.take("exotel") for _ in range(7)]
    assert [fault and fault.status for fault in taken] == [None, None, 429, None, None, 429, None]


def test_a_fault_of_one_subscriber_leaves_the_others_and_whole_requests_alone() -> None:
    faults = Faults()
    faults.add(parse_fault({"target": "exotel", "status": 400, "subscriber": "bad"}))
    assert faults.take("exotel") is None
    assert faults.take("exotel", subscriber="good") is None
    assert faults.take("exotel", subscriber="bad") is not None
