"""A rival's overhead against ours, also where ours is none; and that it does the work that ours does."""

import pytest

from benchmarks.handlers.orders import Subject
from benchmarks.handlers.processes import HandlerError
from benchmarks.parts.rivals import check_answers, overhead_ratio

RIVAL = Subject("a rival", ())


@pytest.mark.parametrize(
    ("theirs", "ours", "ratio"),
    [
        (6.0, 2.0, 3.0),
        (6.0, 0.0, 60.0),  # nothing above the calls: as if it were a hundredth of them
        (6.0, -2.0, 60.0),  # less than the calls: no better than nothing, and no negative ratio
        (-1.0, 2.0, -0.5),  # a rival that is better than the calls loses nothing by it
    ],
)
def test_an_overhead_is_above_the_calls_alone(theirs: float, ours: float, ratio: float) -> None:
    assert overhead_ratio(theirs, {"overhead_million_instructions": ours}, calls=10.0) == pytest.approx(ratio)


def test_a_rival_has_to_name_the_callee_as_ours_does() -> None:
    check_answers(RIVAL, [{"statusCode": 200, "body": "sip:bob"}, {"body": "sip:bob", "isBase64Encoded": False}])
    for wrong in ({"body": '"sip:bob"'}, {"body": "c2lwOmJvYg==", "isBase64Encoded": True}, {"body": ""}):
        with pytest.raises(HandlerError, match="a rival answered"):
            check_answers(RIVAL, [{"body": "sip:bob"}, wrong])
