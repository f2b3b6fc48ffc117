"""What a first run fetches, with which Python, and its one-line errors."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sam_template import ROOT
from tests.start.clone import cloned
from tests.start.terminal import STOPPED, Terminal, environment, left_running

USED = [
    "bash",
    "make",
    "rm",
    "mkdir",
    "grep",
    "sed",
    "tail",
    "tee",
    "touch",
    "dirname",
    "basename",
    "uname",
    "find",
    "chmod",
    "sleep",
]
SHIM = "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n"
PYTHON = "#!/bin/sh\nexec '{python}' \"$@\"\n"
WITHOUT_ENSUREPIP = "#!/bin/sh\ncase $2 in *ensurepip*) exit 1;; esac\nexec '{python}' \"$@\"\n"
# Any environment takes seconds to make, and none is needed to know which Python was asked for one.
FOUND = "#!/bin/sh\ncase $2 in venv) echo full disk; exit 1;; esac\nexec '{python}' \"$@\"\n"
NO_PYTHON = "install it (apt, dnf, brew, pyenv or https://www.python.org/downloads), or name it with PYTHON="


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def closed() -> Iterator[str]:
    """An address that is taken, but at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@dataclass
class Machine:
    """A clone on a machine that has just the Pythons that are put there, and a package index at `index`."""

    folder: Path
    index: str

    def __post_init__(self) -> None:
        (cloned(self.folder) / "bin").mkdir()
        for name in USED:
            (self.folder / "bin" / name).symlink_to(str(shutil.which(name)))

    def has(self, name: str, script: str = FOUND) -> None:
        program = self.folder / "bin" / name
        program.write_text(script.format(python=sys.executable))
        program.chmod(0o755)

    def has_uv(self) -> None:
        uv = self.folder / ".tools" / "uv"
        uv.parent.mkdir()
        uv.symlink_to(ROOT / ".tools" / "uv")

    @property
    def environment(self) -> dict[str, str]:
        index = {"PIP_INDEX_URL": self.index, "UV_DEFAULT_INDEX": self.index, "HTTPS_PROXY": self.index}
        index |= {"PIP_CONFIG_FILE": "/dev/null", "UV_NO_CONFIG": "1", "PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}
        return index | {"PATH": str(self.folder / "bin"), "UV_CACHE_DIR": str(self.folder / "cache")}

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        seen = environment(**self.environment | more)
        return subprocess.run(command, cwd=self.folder, env=seen, capture_output=True, text=True, check=False)

    def fetch(self, what: str = "uv", **more: str) -> subprocess.CompletedProcess[str]:
        folder, lock = (".venv", "dev") if what == "dev" else (f".tools/{what}", what)
        return self.run("make/fetch.sh", folder, f"requirements/{lock}.txt", **more)


@pytest.fixture
def offline(tmp_path: Path, closed: str) -> Machine:
    return Machine(tmp_path / "switchboard", closed)


def test_a_first_run_without_network_prints_one_line(offline: Machine) -> None:
    offline.has("python3.13", PYTHON)
    done = offline.run("make", "run")
    assert done.returncode == 2
    assert done.stdout == "fetching the tools into .tools and .venv, once\n"
    reason, makes_own = done.stderr.splitlines()
    assert reason.startswith("no package index answers, so uv cannot be fetched: connect to the network and run it")
    assert makes_own.startswith("make: ***")


def test_an_offline_fetch_of_packages_says_so_in_one_line(offline: Machine) -> None:
    offline.has_uv()
    done = offline.fetch("sam", PYTHON=sys.executable)
    assert done.returncode == 1
    (reason,) = done.stderr.splitlines()
    assert reason.startswith("no package index answers, so requirements/sam.txt cannot be fetched")


@pytest.mark.long
def test_all_that_the_installer_says_is_shown_where_it_is_asked_for(offline: Machine) -> None:
    offline.has("python3.13", PYTHON)
    told = offline.fetch(V="1").stdout
    assert "No matching distribution found for uv" in told


def test_where_there_is_no_python_one_line_says_how_to_get_one(offline: Machine) -> None:
    done = offline.fetch()
    assert done.returncode == 1
    (reason,) = done.stderr.splitlines()
    assert NO_PYTHON in reason


def test_where_no_python_3_13_can_be_fetched_one_line_says_how_to_get_one(offline: Machine) -> None:
    offline.has_uv()
    offline.has("python3.13", SHIM)
    done = offline.fetch("sam")
    assert done.returncode == 1
    (reason,) = done.stderr.splitlines()
    assert reason.startswith("there is no Python 3.13 here, and none can be fetched: ")
    assert NO_PYTHON in reason


@pytest.mark.parametrize("name", ["python3.13", "python3", "python3.11", "python"])
def test_any_python_can_fetch_uv(offline: Machine, name: str) -> None:
    offline.has(name)
    done = offline.fetch()
    assert done.stderr == f"{name} cannot make the environment .tools/uv: full disk (more in .tools/fetch.log)\n"


def test_python_3_13_is_looked_for_first(offline: Machine) -> None:
    for name in ("python3", "python3.13", "python"):
        offline.has(name)
    assert offline.fetch().stderr.startswith("python3.13 ")


def test_a_pyenv_shim_without_that_python_is_skipped(offline: Machine) -> None:
    offline.has("python3.13", SHIM)
    offline.has("python3")
    assert offline.fetch().stderr.startswith("python3 cannot")


def test_a_python_that_cannot_make_environments_is_passed_over(offline: Machine) -> None:
    offline.has("python3.13", WITHOUT_ENSUREPIP)
    assert "apt install python3-venv" in offline.fetch().stderr


def test_the_python_that_is_named_is_the_one_that_is_taken(offline: Machine) -> None:
    offline.has("python3.13")
    offline.has("theirs", SHIM)
    done = offline.fetch(PYTHON="theirs")
    assert done.returncode == 1
    assert done.stderr.startswith("PYTHON=theirs is not Python 3.13: install it")
    offline.has("theirs")
    assert offline.fetch(PYTHON="theirs").stderr.startswith("theirs cannot")


def test_an_incomplete_environment_is_made_again(offline: Machine) -> None:
    offline.has("python3")
    half = offline.folder / ".tools" / "uv" / "bin"
    half.mkdir(parents=True)
    (half / "uv").write_text("half of it")
    offline.fetch()
    assert not (half / "uv").exists()


def test_ctrl_c_during_a_fetch_ends_all_of_it_with_one_line(tmp_path: Path, silent: str) -> None:
    machine = Machine(tmp_path / "a b" / "switch board", silent)
    machine.has("python3.13", PYTHON)
    with Terminal(machine.folder, **machine.environment) as run:
        run.until("fetching the tools")
        status = run.interrupt()
    assert run.lines == ["fetching the tools into .tools and .venv, once", STOPPED]
    assert status == 130
    assert left_running(machine.folder) == []
