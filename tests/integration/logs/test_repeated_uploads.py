"""An upload URL is valid for one PUT: what a second one costs, and what it changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.deployment import deployed
from tests.fakes.aws_calls import after_each, before_each
from tests.integration.logs.upload_bucket import KEPT, KEY, TAKEN, Bucket
from tests.zips import LOGS, unzipped, zipped

MEGABYTE = 1024 * 1024


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with deployed(LogUploadMaxMegabytes="1") as stack:
        yield Bucket(stack)


@pytest.mark.parametrize("first", [zipped(), b"no zip", b"\0" * 2 * MEGABYTE], ids=["sound", "no zip", "too large"])
def test_an_address_is_good_for_one_upload_whatever_that_was(bucket: Bucket, first: bytes) -> None:
    bucket.upload(first)
    left, told = bucket.keys(), bucket.told()
    calls = called_s3(bucket)
    for number in range(3):
        bucket.upload(zipped({"other.log": b"more"}), put=f"{number}")
    assert bucket.keys() == left
    assert len(told) == 1
    assert bucket.told() == told
    assert calls == [("ListObjectsV2", KEY), ("PutObject", TAKEN), ("GetObject", TAKEN), ("DeleteObject", KEY)] * 3


def called_s3(bucket: Bucket) -> list[tuple[str, str]]:
    """What the function asks S3 for from now on, and of which object."""
    calls: list[tuple[str, str]] = []

    def record(operation: str, asked: dict[str, Any]) -> None:
        calls.append((operation, asked.get("Key") or asked["Prefix"]))

    before_each(bucket.app.build().uploads._client, record)
    return calls


def test_a_put_while_the_one_before_is_looked_into_changes_nothing(bucket: Bucket) -> None:
    def put_again() -> None:
        bucket.s3.put_object(Bucket=bucket.name, Key=KEY, Body=zipped({"other.log": b"more"}))

    after_each(bucket.app.build().uploads._client, put_again, "GetObject")
    bucket.upload(zipped())
    bucket.tell(put="0056")
    assert bucket.keys() == [KEPT]
    assert unzipped(bucket.read(KEPT)) == LOGS
    assert len(bucket.told()) == 1
