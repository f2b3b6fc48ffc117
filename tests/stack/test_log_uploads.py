"""A log upload by each app's method, through S3's notification, the queue and the function."""

import gzip
import io
import json
import re
import zipfile
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local import demo
from tests.patience import patience
from tests.stack.conftest import Api, wait_until
from tests.zips import LOGS, bomb, by_hand, zipped

PATIENCE = 20.0  # seconds: a function's cold start on a busy machine


_names = cycle(("alice", "bob", "carol", "dave"))  # each of them may upload ten times an hour


def destination(api: Api, app: str) -> str:
    query = {"platform": "ios"} if app == "ios" else {}
    url: str = api.http.get(api.subscriber(next(_names), "/logdestination"), params=query).json()["logDestinationURL"]
    return url


def upload(api: Api, app: str, content: bytes, url: str = "") -> str:
    """PUT logs as the app does; return the object's key."""
    url = url or destination(api, app)
    if app == "ios":
        answer = httpx.put(url, content=content, timeout=patience(5))
    else:
        answer = httpx.put(url, files={"file": ("logs.zip", content, "application/zip")}, timeout=patience(5))
    assert answer.is_success, answer.text
    return urlsplit(url).path.split("/", 2)[2]


def keys(api: Api) -> list[str]:
    bucket = api.stack.deployment.resources["LogBucket"]
    found = api.stack.aws.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return [one["Key"] for one in found if not one["Key"].startswith("taken/")]


def got(api: Api, key: str) -> Any:
    """The object that the upload ended as, once it is there and the upload itself is gone."""
    wait_until(lambda: key in keys(api), PATIENCE)
    wait_until(lambda: key.replace("logs/", "uploads/").replace("rejected/", "uploads/") not in keys(api), PATIENCE)
    return api.stack.aws.s3.get_object(Bucket=api.stack.deployment.resources["LogBucket"], Key=key)


@pytest.mark.parametrize("app", ["ios", "android"])
def test_an_upload_ends_as_a_zip_that_opens(allowing: Api, app: str) -> None:
    key = upload(allowing, app, zipped())
    assert re.match(rf"uploads/{demo.ACCOUNT}/\w+/{app}/", key)
    kept = got(allowing, key.replace("uploads/", "logs/"))["Body"].read()
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == LOGS


@pytest.mark.parametrize("app", ["ios", "android"])
@pytest.mark.parametrize(
    ("content", "fault"),
    [(bomb(), "expands-too-far"), (b"only text", "not-a-zip"), (by_hand(b"../../logs"), "unsafe-name")],
    ids=["bomb", "text", "traversal"],
)
def test_what_must_not_be_opened_is_rejected(allowing: Api, app: str, content: bytes, fault: str) -> None:
    key = upload(allowing, app, content)
    assert got(allowing, key.replace("uploads/", "rejected/"))["Metadata"] == {"rejected": fault}


def test_an_address_is_good_for_one_upload(allowing: Api) -> None:
    url = destination(allowing, "ios")
    kept = upload(allowing, "ios", zipped(), url).replace("uploads/", "logs/")
    first = got(allowing, kept)["Body"].read()
    upload(allowing, "ios", zipped({"other.log": b"more"}), url)
    assert got(allowing, kept)["Body"].read() == first == zipped()


def test_what_the_function_writes_does_not_come_back_to_it(allowing: Api) -> None:
    key = upload(allowing, "ios", zipped())
    got(allowing, key.replace("uploads/", "logs/"))
    wait_until(lambda: allowing.queued("LogUploadQueue") == 0, PATIENCE)
    name = key.rpartition("/")[2]
    assert [one for one in keys(allowing) if one.endswith(name)] == [key.replace("uploads/", "logs/")]


def test_a_batch_of_lines_is_kept_beside_the_zips_without_coming_back_either(denying: Api) -> None:
    before = set(keys(denying))
    body = {"lines": [{"level": "INFO", "tag": "sip", "message": "registered", "time": 1}], "platform": "ios"}
    answer = denying.http.post(denying.subscriber("alice", "/logs"), json=body, headers=denying.login("alice"))
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    ((key, line),) = ((key, _lines(denying, key)) for key in set(keys(denying)) - before)
    assert key.startswith(f"logs/{demo.ACCOUNT}/alice/ios/")
    assert json.loads(line) == body["lines"][0]
    assert denying.queued("LogUploadQueue") == 0


def _lines(api: Api, key: str) -> bytes:
    bucket = api.stack.deployment.resources["LogBucket"]
    return gzip.decompress(api.stack.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read())
