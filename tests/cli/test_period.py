from datetime import UTC, datetime, timedelta

import pytest

from cli.errors import OperatorError
from cli.report.period import period

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0d", "00m", "0h", "0w", "-1d", "d", "", "soon", "2026-02-01"])
def test_an_empty_or_future_period_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="--since"):
        period(text, NOW)


@pytest.mark.parametrize(("text", "days"), [("1d", 1), ("010d", 10), ("2w", 14), ("48h", 2)])
def test_a_duration_ends_now(text: str, days: int) -> None:
    assert period(text, NOW).since == NOW - timedelta(days=days)
