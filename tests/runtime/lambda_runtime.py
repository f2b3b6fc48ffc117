"""A built function under Lambda's own runtime client and the Runtime Interface Emulator that ships with the SAM CLI."""

import json
import platform
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.patience import patience
from tests.sam_template import ROOT

BUILD = ROOT / ".aws-sam" / "host"
RAPID = ROOT / ".tools/sam/lib/python3.13/site-packages/samcli/local/rapid"
MACHINE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
# The runtime client alone, so that whatever a function imports must come from the layers or its own folder.
RUNTIME_CLIENT = ("awslambdaric", "runtime_client*.so", "simplejson", "snapshot_restore_py*")


@dataclass(frozen=True)
class Invocation:
    """What an invocation answered, and how long it took in seconds."""

    answer: Any
    seconds: float

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.answer["body"])
        return body


def _read(answer: bytes) -> Any:
    """Return the JSON of an answer, or its text where Lambda itself speaks."""
    try:
        return json.loads(answer)
    except ValueError:
        return answer.decode()


@dataclass(frozen=True)
class Runtime:
    """A running function."""

    port: int

    def invoke(self, event: Mapping[str, Any]) -> Invocation:
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/function/invocations"
        request = urllib.request.Request(url, json.dumps(event).encode(), {"Content-Type": "application/json"})
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=patience(30)) as answer:
            return Invocation(_read(answer.read()), time.monotonic() - began)


@contextmanager
def running(function: str, environment: Mapping[str, str], scratch: Path) -> Iterator[Runtime]:
    """Run a function of the host build, with nothing but what ships on its path."""
    port, api_port = _free_port(), _free_port()
    command: list[str | Path] = [
        RAPID / f"aws-lambda-rie-{MACHINE}",
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{port}",
        "--runtime-api-address",
        f"127.0.0.1:{api_port}",
        f"{sys.base_prefix}/bin/python3",
        "-S",
        "-m",
        "awslambdaric",
        "app.handler",
    ]
    layers = [BUILD / "DependenciesLayer" / "python", BUILD / "SwitchboardLayer" / "python"]
    path = [BUILD / function, *layers, runtime_client_in(scratch)]
    variables = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(map(str, path)), **environment}
    process = subprocess.Popen(
        command, cwd=BUILD / function, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield Runtime(port)
    finally:
        process.terminate()
        process.wait(patience(10))


def runtime_client_in(scratch: Path) -> Path:
    installed = Path(sysconfig.get_path("purelib"))
    for pattern in RUNTIME_CLIENT:
        for source in installed.glob(pattern):
            (scratch / source.name).symlink_to(source)
    return scratch


def _free_port() -> int:
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + patience(10)
    while time.monotonic() < until:
        with closing(socket.socket()) as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("the Runtime Interface Emulator did not start")
