"""The compilers, generators and grammars that `make test-all` fetches; a test that needs a missing one is skipped."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.patience import patience
from tests.sam_template import ROOT

PYTHON = ROOT / ".tools" / "clients" / "bin" / "python"
NODE_MODULES = ROOT / ".tools" / "clients-node" / "node_modules"
FETCH = "make .tools/clients/.ready .tools/clients-node/.ready"


def run(*command: str | Path, cwd: Path | None = None, seconds: float = 120) -> str:
    """Run a command to its end and return what it printed; fail the test with its whole output if it fails."""
    environment = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    environment["PATH"] = f"{PYTHON.parent}:{environment['PATH']}"
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=patience(seconds),
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def needed(program: str) -> str:
    """Return the path of a program of this machine, or skip the test."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed: what needs it is not tried")
    return found


def npm(name: str) -> Path:
    """Return a program of the npm packages, or skip the test."""
    needed("node")
    program = NODE_MODULES / ".bin" / name
    if not program.exists():
        pytest.skip(f"{name} is not fetched: {FETCH}")
    return program


def python() -> Path:
    """Return the interpreter that has the generators and the grammars, or skip the test."""
    if not PYTHON.exists():
        pytest.skip(f"the generators and grammars are not fetched: {FETCH}")
    return PYTHON


def jars(*patterns: str) -> Sequence[Path]:
    """Return the jars that npm packages carry, or skip the test."""
    found = [jar for pattern in patterns for jar in sorted(NODE_MODULES.glob(pattern))]
    if not found:
        pytest.skip(f"the jars are not fetched: {FETCH}")
    return found


def compile_kotlin(sources: Sequence[Path], made: Path, libraries: Sequence[Path], *options: str) -> None:
    """Compile Kotlin sources to a jar, or skip the test without a compiler or a Java."""
    needed("java")
    (compiler,) = jars("kotlin-compiler/bin/kotlinc")
    classpath = ":".join(str(jar) for jar in libraries)
    run("bash", compiler, *sources, "-cp", classpath, "-jvm-target", "17", *options, "-d", made, seconds=240)
    assert made.exists()


OKHTTP = ("allure-commandline/dist/plugins/jira-plugin/lib/*.jar",)  # with okio and jackson
ORG_JSON = ("tns-android/framework/build-tools/static-binding-generator.jar",)  # Android's own JSON, for the JVM
COROUTINES = ("kotlin-compiler/lib/kotlinx-coroutines-core-jvm.jar",)
