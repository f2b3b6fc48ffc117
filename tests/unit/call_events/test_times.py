"""Times as Exotel writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.call_events.times import milliseconds

THEN = 1_574_526_637_000  # 22:00:37 in India


@pytest.mark.parametrize(
    "written",
    [
        "2019-11-23 22:00:37",
        "Sat,+23+Nov+2019+22:00:37",
        "Sat, 23 Nov 2019 22:00:37",
        "Sat, 23 Nov 2019 22:00:37 +0530",
        "2019-11-23T22:00:37+05:30",
        "2019-11-23T16:30:37Z",
        "2019-11-23+22:00:37",
        '"2019-11-23 22:00:37"',
        " 2019-11-23 22:00:37 ",
    ],
)
def test_every_format_gives_the_same_time(written: str) -> None:
    assert milliseconds(written) == THEN


@pytest.mark.parametrize(
    "written",
    ["1970-01-01 05:30:00", "Thu, 01 Jan 1970 05:30:00", "0000-00-00 00:00:00", "", "null", "soon", "9" * 400],
)
def test_invalid_times_are_ignored(written: str) -> None:
    assert milliseconds(written) is None


@given(
    st.text(max_size=40) | st.from_regex(r"[0-9T:+ ,-]{0,30}|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,6} [0-9:]{0,9}")
)
def test_no_text_makes_it_crash(written: str) -> None:
    milliseconds(written)


@given(st.datetimes())
def test_any_text_gives_a_time_or_none(moment: object) -> None:
    milliseconds(str(moment))
