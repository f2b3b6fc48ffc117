"""All rows, and the table in docs/faults.md that shows them; `python -m tests.faults.table` prints it."""

from collections.abc import Iterator

from tests.faults import apps, records, webhooks
from tests.faults.row import Row
from tests.faults.wire import FAULTS

DEPENDENCIES = ("DynamoDB", "SQS", "S3", "Secrets Manager", "Exotel", "OAuth", "FCM", "APNs")
ROWS = sorted((*webhooks.ROWS, *apps.ROWS, *records.ROWS), key=lambda row: DEPENDENCIES.index(row.dependency))
HEAD = ("dependency", "fault", "function", "the caller gets, or the record", "within", "what is kept", "test")


def name(row: Row, fault: str) -> str:
    """Return the id of the cell's test in test_faults.py, or the name of the test elsewhere."""
    return row.elsewhere.get(fault, f"{row.dependency}-{row.function}-{fault}")


def lines() -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield "|" + "---|" * len(HEAD)
    for row in ROWS:
        for fault in FAULTS:
            told = (row.dependency, fault, f"`{row.function}`", row.answers[fault], f"{row.within:.0f} s", row.kept)
            yield f"| {' | '.join(told)} | `{name(row, fault)}` |"


if __name__ == "__main__":
    print(*lines(), sep="\n")  # noqa: T201
