"""Two builds compared: what callers wait for is judged, the rest is only reported."""

import pytest

from benchmarks.builds import MOST, WARM_ROUNDS, report

COLD = [1000.0] * WARM_ROUNDS


def found(**milliseconds: float) -> dict[str, dict[str, list[float]]]:
    other = dict.fromkeys(("dial_whom", "push_to_ring", "webhook_answer"), 100.0)
    return {
        which: {name: [*COLD, took, took * 50, took] for name, took in samples.items()}
        for which, samples in (("other", other), ("this", other | milliseconds))
    }


@pytest.mark.parametrize("judged", ["dial_whom", "push_to_ring"])
def test_a_build_on_which_a_caller_waits_longer_fails(judged: str) -> None:
    assert report(found(**{judged: 100 * MOST})) == 0
    assert report(found(**{judged: 100 * MOST + 1})) == 1


def test_the_webhooks_own_answer_is_reported_and_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(found(webhook_answer=200)) == 0
    assert "ratio 2.000 (not judged)" in capsys.readouterr().out
