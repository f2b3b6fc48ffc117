"""How much memory the function takes at most, measured in a process of its own, whatever a phone uploads."""

import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.object_store import ObjectStore, object_store
from tests.integration.logs.upload_bucket import KEPT, KEY, REJECTED, notification
from tests.sam_template import ROOT
from tests.zips import bomb, by_hand, enveloped, repeated

MOST = 100  # MB; the function has 512, and its imports take some 50
MEGABYTE = 1024 * 1024
SIZE = 200 * MEGABYTE
MANY = {"here": 65_000, "count": 65_000}
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells a process's own peak")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ObjectStore]:
    with object_store(tmp_path) as store:
        yield store


def unpacked(store: ObjectStore, most_megabytes: int) -> int:
    """Let the function go through KEY; return its peak of resident memory in MB."""
    environment = {
        "PYTHONPATH": str(ROOT / "layers" / "switchboard"),
        "PATH": os.environ["PATH"],
        "TMPDIR": str(store.folder),
        "AWS_ENDPOINT_URL": store.url,
        "AWS_REGION": "ap-south-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "LOG_BUCKET": "bucket",
        "LOG_UPLOAD_MAX_MEGABYTES": str(most_megabytes),
        "CALL_RETENTION_DAYS": "30",
        "CALLS_TABLE": "calls",
        "SUBSCRIBERS_TABLE": "subscribers",
        "ERASURES_TABLE": "erasures",
        "TIMELINE_QUEUE_URL": f"{store.url}/queue",
    }
    script = Path(__file__).with_name("one_invocation.py")
    ran = subprocess.run(
        [sys.executable, script],
        input=json.dumps(notification(KEY)),
        text=True,
        capture_output=True,
        env=environment,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert not store.file(KEY).exists()
    assert len(store.said) == 1
    peak = int(ran.stderr)
    print(f"{peak} MB at most")  # noqa: T201 - pytest -rP shows the figures
    return peak


def filled(file: Path, beginning: bytes, filling: bytes) -> None:
    with file.open("wb") as content:
        content.write(beginning)
        for _ in range(SIZE // len(filling)):
            content.write(filling)


def lying_bomb() -> bytes:
    """An entry that expands to 10 GB and says that it has a thousand bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"\0" * (64 * MEGABYTE)
    block = deflate.compress(zeros) + deflate.flush(zlib.Z_FULL_FLUSH)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return by_hand(size=1000, packed=block * 160 + deflate.flush())


LARGE = "200 MB of text, where so much is allowed"  # as long as what follows it, which meets more of the function
REFUSED: dict[str, tuple[int, Callable[[Path], object], str]] = {
    "a bomb that would expand to 10 GB": (50, lambda file: file.write_bytes(bomb()), "expands-too-far"),
    "that bomb in an envelope": (50, lambda file: file.write_bytes(enveloped(bomb())), "expands-too-far"),
    "a bomb that says it is small": (50, lambda file: file.write_bytes(enveloped(lying_bomb())), "expands-too-far"),
    LARGE: (400, lambda file: filled(file, b"", b"text\n" * 1024), "not-a-zip"),
    "200 MB that never leave the envelope": (
        400,
        lambda file: filled(file, b"--b\r\n\r\n", b"\r\n--bx" * 1024),
        "truncated",
    ),
    "a text file": (50, lambda file: file.write_bytes(b"only text"), "not-a-zip"),
    "a traversal name": (50, lambda file: file.write_bytes(enveloped(by_hand(b"../../logs"))), "unsafe-name"),
    "a million entries": (50, lambda file: file.write_bytes(by_hand(count=800_000, end=MANY)), "too-many-entries"),
    "a directory of 40 MB": (
        50,
        lambda file: file.write_bytes(by_hand(b"n" * 60_000, count=700)),
        "too-many-entries",
    ),
}


@pytest.mark.parametrize(
    ("most", "make", "fault"),
    [pytest.param(*case, id=name, marks=[pytest.mark.long] * (name == LARGE)) for name, case in REFUSED.items()],
)
def test_what_is_refused_takes_little_memory(
    store: ObjectStore, most: int, make: Callable[[Path], object], fault: str
) -> None:
    make(store.file(KEY))
    assert unpacked(store, most) < MOST
    assert store.file(f"{REJECTED}.reason").read_text() == fault


def test_what_is_too_large_is_not_even_fetched(store: ObjectStore) -> None:
    filled(store.file(KEY), b"PK\3\4", b"\0" * MEGABYTE)
    assert unpacked(store, 50) < MOST
    assert not store.file(KEPT).exists()
    assert not store.file(REJECTED).exists()


def large_zip(file: Path) -> None:
    with file.open("wb") as content:
        repeated(content, os.urandom(MEGABYTE), SIZE // MEGABYTE)  # which does not compress


def large_upload(file: Path) -> None:
    head, _, tail = enveloped(b"|content|").partition(b"|content|")
    with file.open("wb") as content:
        content.write(head)
        repeated(content, os.urandom(MEGABYTE), SIZE // MEGABYTE)
        content.write(tail)


@pytest.mark.parametrize(
    "make", [pytest.param(large_zip, id="ios", marks=pytest.mark.long), pytest.param(large_upload, id="android")]
)
def test_200_mb_that_are_allowed_are_kept_without_being_held(
    store: ObjectStore, make: Callable[[Path], object]
) -> None:
    make(store.file(KEY))
    assert unpacked(store, 400) < MOST
    with zipfile.ZipFile(store.file(KEPT)) as archive:
        assert len(archive.namelist()) == SIZE // MEGABYTE
