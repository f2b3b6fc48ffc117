import pytest

from switchboard.exotel.routing import BridgeOptions
from switchboard.foundation.caller_ids import name_in


@pytest.mark.parametrize(
    ("caller_id", "name"),
    [
        ("sip:alice", "alice"),
        ("SIP:Alice", "Alice"),
        ("wa:alice", "alice"),
        ("alice", "alice"),
        ("sip:alice@voip.exotel.com", "alice"),
        ("sip:alice;tag=1", "alice"),
        (" sip:alice@host;x=y ", "alice"),
        ("sip:sip", "sip"),
        ("sipalice", "sipalice"),
        ("", ""),
        ("sip:", ""),
    ],
)
def test_the_name_in_a_caller_id(caller_id: str, name: str) -> None:
    assert name_in(caller_id) == name


def test_an_answer_dials_the_callee_and_names_the_exophone() -> None:
    answer = BridgeOptions().answer("bob", "08040408080")
    assert answer["destination"] == {"numbers": ["sip:bob"]}
    assert answer["outgoing_phone_number"] == "08040408080"
    assert answer["fetch_after_attempt"] is False


def test_nobody_to_dial_is_an_empty_list() -> None:
    assert BridgeOptions().answer(None, None)["destination"] == {"numbers": []}


def test_an_unknown_exophone_is_left_out_rather_than_sent_empty() -> None:
    for number in ("", None, "12", "9" * 16, "0804-0408080", "08040408080\n", "+", "sip:0804", 8040408080, ["0804"]):
        assert "outgoing_phone_number" not in BridgeOptions().answer("bob", number)


def test_the_first_number_that_is_one_is_named() -> None:
    assert BridgeOptions().answer("bob", None, "+918040408080", "1800")["outgoing_phone_number"] == "+918040408080"
    assert BridgeOptions().answer("bob", 8040408080, "1800")["outgoing_phone_number"] == "1800"


@pytest.mark.parametrize(("asked", "sent"), [(0, 5), (30, 30), (61, 60)])
def test_the_ringing_time_is_clamped_to_what_exotel_takes(asked: int, sent: int) -> None:
    assert BridgeOptions(ringing=asked).answer("bob", None)["max_ringing_duration"] == sent


@pytest.mark.parametrize(("asked", "sent"), [(1, 60), (3600, 3600), (4501, 4500)])
def test_the_conversation_time_is_clamped_to_what_exotel_takes(asked: int, sent: int) -> None:
    assert BridgeOptions(conversation=asked).answer("bob", None)["max_conversation_duration"] == sent
