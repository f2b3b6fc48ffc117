"""Changed code reaches the running stack, broken code does not."""

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.deployment.aws import Aws
from local.deployment.deploy import Deployment
from local.deployment.reload import Reload
from local.deployment.repeated import repeated

ARN = "arn:aws:lambda:us-east-1:000000000000:layer:"


class Functions:
    """Lambda's client, as far as a reload needs it."""

    def __init__(self) -> None:
        self.done: list[tuple[str, Any]] = []

    def update_function_code(self, FunctionName: str, ZipFile: bytes) -> None:  # noqa: N803
        self.done.append((f"code of {FunctionName}", contents(ZipFile)))

    def publish_layer_version(self, LayerName: str, Content: dict[str, bytes]) -> dict[str, str]:  # noqa: N803
        self.done.append((f"layer {LayerName}", contents(Content["ZipFile"])))
        return {"LayerVersionArn": f"{ARN}{LayerName}:2"}

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        return {"Layers": [{"Arn": f"{ARN}DependenciesLayer:1"}, {"Arn": f"{ARN}SwitchboardLayer:1"}]}

    def update_function_configuration(self, FunctionName: str, Layers: list[str]) -> None:  # noqa: N803
        self.done.append((f"layers of {FunctionName}", [one.removeprefix(ARN) for one in Layers]))

    def list_aliases(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        return {"Aliases": [{"Name": "live"}] if FunctionName == "f1" else []}

    def publish_version(self, FunctionName: str) -> dict[str, str]:  # noqa: N803
        return {"Version": "2"}

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        self.done.append((f"alias of {FunctionName}", (Name, FunctionVersion)))


def contents(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


class Watched:
    def __init__(self, root: Path) -> None:
        package = "layers/switchboard/switchboard"
        write(
            root,
            {"functions/dial_whom/app.py": "a = 1\n", f"{package}/web/http.py": "b = 1\n", f"{package}/old.py": ""},
        )
        built = "built/DialWhomFunction"
        write(
            root,
            {f"{built}/app.py": "a = 1\n", f"{built}/__pycache__/app.cpython-313.pyc": "old", f"{built}/lib.py": "l"},
        )
        layer = "built/SwitchboardLayer/python/switchboard"
        write(
            root,
            {
                f"{layer}/web/http.py": "b = 1\n",
                f"{layer}/web/__pycache__/http.cpython-313.pyc": "old",
                f"{layer}/old.py": "",
            },
        )
        self.root, self.functions, self.said = root, Functions(), list[str]()
        resources = {
            "DialWhomFunction": "f1",
            "SwitchboardLayer57d2": f"{ARN}SwitchboardLayer:1",
            "OtherFunction": "f2",
        }
        aws = cast("Aws", SimpleNamespace(functions=self.functions))
        self.reload = Reload(aws, Deployment({}, resources), root, root / "built", self.said.append)
        self.reload.begin()

    def change(self, files: dict[str, str]) -> list[tuple[str, Any]]:
        self.functions.done.clear()
        write(self.root, files)
        self.reload.look()
        return list(self.functions.done)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_function_gets_its_new_code_behind_its_alias(watched: Watched) -> None:
    assert watched.change({}) == []
    code, alias = watched.change({"functions/dial_whom/app.py": "a = 22\n"})
    assert code == ("code of f1", {"lib.py": b"l", "app.py": b"a = 22\n"})  # the old byte code is left out
    assert alias == ("alias of f1", ("live", "2"))
    assert watched.said[0].startswith("reloaded dial_whom in ")


def test_the_package_becomes_a_new_version_of_its_layer(watched: Watched) -> None:
    (watched.root / "layers/switchboard/switchboard/old.py").unlink()
    layer, layers, alias = watched.change({"layers/switchboard/switchboard/web/http.py": "b = 22\n"})
    assert layer == ("layer SwitchboardLayer", {"python/switchboard/web/http.py": b"b = 22\n"})
    assert layers == ("layers of f1", ["DependenciesLayer:1", "SwitchboardLayer:2"])
    assert alias == ("alias of f1", ("live", "2"))


def test_broken_code_is_reported_once_and_waits_with_the_rest(watched: Watched) -> None:
    package = "layers/switchboard/switchboard"
    assert watched.change({"functions/dial_whom/app.py": "def (\n", f"{package}/web/http.py": "b = 3\n"}) == []
    assert watched.change({}) == []
    assert watched.said == ["not reloaded: app.py, line 1: invalid syntax"]
    done = watched.change({"functions/dial_whom/app.py": "a = 333\n"})
    assert [what for what, _ in done] == [
        "code of f1",
        "alias of f1",
        "layer SwitchboardLayer",
        "layers of f1",
        "alias of f1",
    ]


def test_repeated_work_goes_on_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("once")

    with repeated("saving", work, 0.001):
        while len(tries) < 3:
            pass
    assert [record.getMessage() for record in caplog.records] == ["saving failed"]
