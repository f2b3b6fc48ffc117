"""Runs a handler in a process like Lambda's: the interpreter, its runtime client, the package, the environment."""

import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.handlers import cachegrind
from benchmarks.handlers.orders import Order, Ran, Subject
from benchmarks.handlers.packages import compile_folder
from benchmarks.handlers.root_certificates import write_bundle

CHILD = Path(__file__).parent / "child" / "main.py"
EXTRAS = CHILD.parent / "extras"
RUNTIME_CLIENT = ("awslambdaric", "runtime_client*.so", "simplejson", "snapshot_restore_py*")
LIMIT_SECONDS = 300.0


class HandlerError(RuntimeError):
    """A handler under measurement failed, so its figures would mean nothing."""


class Processes:
    """Starts them; they trust the AWS stub's `root_certificate`. `scratch` is a folder of their own."""

    def __init__(self, root_certificate: Path, region: str, scratch: Path) -> None:
        self._runtime_client = _runtime_client(scratch / "runtime")
        self._root_certificate, self._scratch = root_certificate, scratch
        self._aws = {
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ACCESS_KEY_ID": "benchmark",
            "AWS_SECRET_ACCESS_KEY": "benchmark",
            "AWS_SESSION_TOKEN": "benchmark",
        }

    def run(self, subject: Subject, order: Order, url: str, *, counted: bool = False) -> Ran:
        """Run an order against AWS at `url`. Raises HandlerError, CachegrindError."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as made:
            folder = Path(made)
            asked = folder / "order.json"
            result, counts = folder / "result.json", folder / "cachegrind.out"
            asked.write_text(json.dumps(asdict(order) | {"result": str(result)}))
            command = [f"{sys.base_prefix}/bin/python3", "-S", "-P", str(CHILD), str(asked)]
            if counted:
                command = [*cachegrind.command(counts), *command]
            environment = self._environment(subject, url, extras=bool(order.record or order.clock_step))
            _run(subject, command, environment)
            said = json.loads(result.read_text())
            _check(subject, said.get("answers", []))
            return Ran(said, cachegrind.instructions(counts.read_text()) if counted else 0)

    def _environment(self, subject: Subject, url: str, *, extras: bool) -> dict[str, str]:
        path = [*subject.path, self._runtime_client] + ([EXTRAS] if extras else [])
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": ":".join(map(str, path)),
            "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's disk is read-only
            "PYTHONHASHSEED": "0",  # the same order of sets gives the same count of instructions
            "AWS_ENDPOINT_URL": url,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_NAME": subject.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "LAMBDA_TASK_ROOT": str(subject.path[0]),
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            **self._aws,
            **subject.environment,
            **self._root_certificates(subject),
        }

    def _root_certificates(self, subject: Subject) -> dict[str, str]:
        """Return the variables that name root certificates; a rival has but AWS's."""
        named = {name: subject.environment.get(name) for name in ("AWS_CA_BUNDLE", "PUSH_CA_BUNDLE")}
        if named["PUSH_CA_BUNDLE"] is None:
            del named["PUSH_CA_BUNDLE"]
        return {name: str(write_bundle(self._root_certificate, subject.path, file)) for name, file in named.items()}


def _runtime_client(folder: Path) -> Path:
    """Copy the runtime client alone, so that whatever a handler imports must come from its package.

    Byte-compiled, as on Lambda: what is installed here may be so or not.
    """
    folder.mkdir()
    for pattern in RUNTIME_CLIENT:
        for source in Path(sysconfig.get_path("purelib")).glob(pattern):
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, folder / source.name)
    compile_folder(folder)
    return folder


def _run(subject: Subject, command: Sequence[str], environment: Mapping[str, str]) -> None:
    try:
        ran = subprocess.run(
            command,
            env=dict(environment),
            cwd=subject.path[0],
            timeout=LIMIT_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise HandlerError(f"{subject.name} took longer than {LIMIT_SECONDS:.0f} s") from expired
    if ran.returncode or "warming up failed" in ran.stdout:
        raise HandlerError(f"{subject.name} failed:\n{ran.stdout[-3000:]}")


def _check(subject: Subject, answers: Sequence[Any]) -> None:
    """Raise HandlerError unless every event was served."""
    for answer in answers:
        said = answer if isinstance(answer, dict) else {}
        if said.get("batchItemFailures") or not 200 <= int(said.get("statusCode", 200)) < 300:
            raise HandlerError(f"{subject.name} answered {json.dumps(answer)[:500]}")
