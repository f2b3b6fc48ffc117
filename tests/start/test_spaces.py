"""A clone in a path with spaces builds what ships."""

import marshal
import subprocess
from pathlib import Path

import pytest

from tests.start.clone import FETCHED, cloned
from tests.start.terminal import environment


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cloned(tmp_path_factory.mktemp("with") / "a b" / "switch board", *FETCHED)


@pytest.mark.parametrize(
    ("folder", "target", "module"),
    [
        ("functions", "DialWhomFunction", "app.py"),
        ("functions", "VendTokenFunction", "cryptography/fernet.py"),  # with packages of its own
        ("layers/switchboard", "SwitchboardLayer", "python/switchboard/exotel/routing.py"),
    ],
)
def test_what_ships_is_built_where_the_path_has_spaces(clone: Path, folder: str, target: str, module: str) -> None:
    artifacts = clone / ".aws-sam" / "host.1" / "build" / target
    artifacts.mkdir(parents=True)
    told = environment(ARCHITECTURE="host", ARTIFACTS_DIR=str(artifacts))
    subprocess.run(["make", "-s", "-C", folder, f"build-{target}"], cwd=clone, env=told, check=True)
    compiled = artifacts / module
    (byte_code,) = (compiled.parent / "__pycache__").glob(f"{compiled.stem}.*.pyc")
    placed = marshal.loads(byte_code.read_bytes()[16:]).co_filename  # noqa: S302 - what the build has just compiled
    assert placed == str(clone / ".aws-sam" / "host" / target / module)
