"""The AWS emulator, ministack, as a child process that ends with this one."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from local.emulator.memory import WRITE, WRITTEN
from local.errors import LocalStackError
from local.gateway.servers import listen, port_of

CHILD = Path(__file__).with_name("child.py")
START_SECONDS = 300.0  # only for a hanging process; a busy machine takes a minute
REGION = "us-east-1"
# Requests signed with this pair are the account root's; Lambda functions get credentials of their role.
ADMIN_KEY, ADMIN_SECRET = "test", "test"


class Emulator:
    """A running emulator that enforces IAM; `url` is its endpoint. Use it as a context manager.

    `home` is the folder of its log (emulator.log), `scratch` of the unpacked files of its Lambda workers.
    """

    def __init__(self, python: Path, home: Path, scratch: Path) -> None:
        self._python, self._home, self._scratch, self._state = python, home, scratch, scratch / "state"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def pid(self) -> int:
        """Its process, whose children are the Lambda workers."""
        return self._process.pid if self._process else 0

    @property
    def log(self) -> Path:
        """The log of the emulator and the functions."""
        return self._home / "emulator.log"

    def __enter__(self) -> Self:
        if not self._python.exists():
            raise LocalStackError(f"no emulator at {self._python}: run `make tools`")
        listener = listen()
        self.url = f"http://127.0.0.1:{port_of(listener)}"
        self._begin(listener)
        return self

    def crash(self) -> None:
        """Kill it and its Lambda workers, and start it again with its state from just before."""
        if self._process is None:
            raise LocalStackError("no emulator is running")
        written, until = self._state / WRITTEN, time.monotonic() + START_SECONDS
        written.unlink(missing_ok=True)
        self._process.send_signal(WRITE)
        while not written.exists() and time.monotonic() < until:
            time.sleep(0.01)
        self._stop()
        self._begin(listen(port=int(self.url.rpartition(":")[2])))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _begin(self, listener: socket.socket) -> None:
        self._process = self._start(port_of(listener), listener)
        try:
            self._await_health(self._process)
        except BaseException:
            self._stop()
            raise

    def _start(self, port: int, listener: socket.socket) -> subprocess.Popen[bytes]:
        # Only the variables it needs: every function inherits the emulator's environment.
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
            "TMPDIR": str(self._scratch),
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AUTH": "true",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._state),
        }
        listener.close()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self._python, "-P", CHILD],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

    def _await_health(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise LocalStackError(f"the emulator ended at once: see {self.log}")
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1):  # noqa: S310 - our own child
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise LocalStackError(f"the emulator did not answer within {START_SECONDS:.0f} s: see {self.log}")

    def _stop(self) -> None:
        """Kill the whole process group at once, the emulator and its Lambda workers: no state is kept."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin:
            process.stdin.close()
