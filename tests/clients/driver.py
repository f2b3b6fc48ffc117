"""Drives a client in its own language: a process that obeys commands, with a stand-in for Exotel's SDK and a screen."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from tests.clients.tools import COROUTINES, NODE_MODULES, OKHTTP, ORG_JSON, compile_kotlin, jars, needed, npm, run
from tests.patience import patience
from tests.sam_template import ROOT

HERE, CLIENTS = Path(__file__).parent, ROOT / "clients"
STRICT = (
    *("--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--noUnusedLocals"),
    *("--target", "es2022", "--lib", "es2022,dom", "--module", "commonjs", "--moduleResolution", "node10"),
)


@dataclass
class Driver:
    """A running client. `seen` is what SDK and screen were told by the last command."""

    process: subprocess.Popen[str]
    seen: list[list[Any]] = field(default_factory=list)

    def do(self, command: str, **given: Any) -> Any:
        """Let the client do something; return its result, or `{"status", "code", "field"}` of its error."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"do": command, **given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the driver has ended: {command}"
        answer = json.loads(line)
        self.seen = answer["seen"]
        return answer.get("error") or answer["result"]

    def told(self, what: str) -> list[list[Any]]:
        """Return the arguments of these calls of SDK and screen by the last command."""
        return [rest for name, *rest in self.seen if name == what]


@contextmanager
def driving(command: Sequence[str | Path], **options: str) -> Iterator[Driver]:
    """Run a client with these options until the block ends; a hanging one is ended."""
    process = subprocess.Popen(
        [*(str(part) for part in command), json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    limit = Timer(patience(120), process.kill)
    limit.start()
    try:
        yield Driver(process)
    finally:
        limit.cancel()
        if process.stdin:
            process.stdin.close()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def typescript(folder: Path) -> Sequence[str | Path]:
    """Compile the TypeScript client and its driver; return the command that runs it."""
    source = HERE / "typescript" / "driver.ts"
    types = ("--typeRoots", NODE_MODULES / "@types", "--types", "node", "--rootDir", ROOT)
    run(npm("tsc"), *STRICT, *types, "--outDir", folder, source)
    return needed("node"), folder / source.relative_to(ROOT).with_suffix(".js")


def kotlin(folder: Path) -> Sequence[str | Path]:
    """Compile the Kotlin client and its driver; return the command that runs it."""
    libraries = [*jars(*OKHTTP), *jars(*ORG_JSON), *jars(*COROUTINES)]
    sources = [*(CLIENTS / "kotlin" / name for name in ("Switchboard.kt", "Phone.kt")), HERE / "kotlin" / "Driver.kt"]
    compile_kotlin(sources, folder / "client.jar", libraries, "-Werror")
    classpath = ":".join(str(jar) for jar in (folder / "client.jar", *libraries))
    return needed("java"), "-cp", classpath, "DriverKt"


LANGUAGES = {"typescript": typescript, "kotlin": kotlin}
