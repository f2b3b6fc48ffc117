"""The emulator's Lambda workers do not end in the middle of a call."""

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.deployment.aws import Aws
from local.emulator.process import Emulator
from local.emulator.worker_leases import Worker
from local.emulator.workers import when_done
from local.stack import EMULATOR
from tests.patience import patience

HANDLER = """
import pathlib, time
def handler(event, context):
    pathlib.Path(event["begun"]).touch()
    while not pathlib.Path(event["go"]).exists():
        time.sleep(0.01)
    import late
    return str(pathlib.Path(late.__file__).resolve())
"""


def archive(**files: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(f"{name}.py", content)
    return written.getvalue()


@dataclass
class Busy:
    in_use: bool
    _lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)


def end(workers: Iterable[Worker | None]) -> None:
    for worker in workers:
        assert isinstance(worker, Busy)
        worker.ended.set()


def test_an_idle_worker_ends_at_once_and_one_at_work_after_its_call() -> None:
    idle, busy = Busy(in_use=False), Busy(in_use=True)
    with busy._lock:
        when_done(end, lease_seconds=0)([idle, None, busy])
        assert idle.ended.is_set()
        assert not busy.ended.wait(0.05)
    assert busy.ended.wait(patience(5))


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[Aws]:
    with Emulator(EMULATOR, tmp_path, tmp_path) as emulator:
        yield Aws(emulator.url)


def test_a_call_outlives_a_change_of_its_function_and_still_finds_its_files(aws: Aws, tmp_path: Path) -> None:
    functions = aws.session.client("lambda", endpoint_url=aws.endpoint)
    role = aws.session.client("iam", endpoint_url=aws.endpoint).create_role(
        RoleName="any", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}'
    )
    functions.create_function(
        FunctionName="slow",
        Runtime="python3.13",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": archive(app=HANDLER, late="")},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="slow")

    def call(number: int) -> str:
        event = {"begun": str(tmp_path / f"begun-{number}"), "go": str(tmp_path / "go")}
        answer = functions.invoke(FunctionName="slow", Payload=json.dumps(event))
        assert "FunctionError" not in answer
        return str(json.load(answer["Payload"]))

    with ThreadPoolExecutor() as pool:
        calls = [pool.submit(call, number) for number in range(2)]
        while len(list(tmp_path.glob("begun-*"))) < 2:
            assert not any(one.done() for one in calls), calls
            time.sleep(0.01)
        functions.update_function_configuration(FunctionName="slow", MemorySize=256)
        (tmp_path / "go").touch()
        files = {one.result() for one in calls}
    assert len(files) == 1
    assert "unpacked" in files.pop()
