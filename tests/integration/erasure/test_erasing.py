"""Deleted users are gone from everything that is stored, and others keep what is theirs."""

import time

from switchboard.timeline.summary import summarise
from tests.integration.erasure.conftest import ZOE, ErasureStack
from tests.timeline_events import ACCOUNT, dialled


def now() -> int:
    return int(time.time() * 1000)


def test_nothing_that_names_a_deleted_user_is_left(lived: ErasureStack) -> None:
    assert len(lived.traces()) > 50
    lived.delete(ZOE)
    lived.erase()
    assert lived.traces() == []


def test_others_keep_their_calls_without_the_name(lived: ErasureStack) -> None:
    before = {call["id"]: call for call in lived.history("amy")}
    lived.delete(ZOE)
    lived.erase()
    after = {call["id"]: call for call in lived.history("amy")}
    nameless = {"other_party": None, "other_deleted": True}
    assert after == before | {sid: before[sid] | nameless for sid in ("sid-1", "sid-2")}
    assert summarise(lived.timelines.read(ACCOUNT, "sid-1")).outcome == "answered"


def test_what_comes_late_is_recorded_without_the_name(lived: ErasureStack) -> None:
    lived.delete(ZOE)
    lived.erase()
    lived.tell(dialled("sid-1", now(), "amy", ZOE))
    assert lived.traces() == []
