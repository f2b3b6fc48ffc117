"""Puts changed code of the functions and the package into the running stack (`WATCH=1`)."""

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.deployment.aws import Aws
from local.deployment.deploy import Deployment

LAYER, PACKAGE = "SwitchboardLayer", Path("layers/switchboard/switchboard")
LOOK_SECONDS = 0.5

type Files = Mapping[Path, int]


@dataclass
class Reload:
    """Watches the sources under `root`, of which `built` has the build; `say` gets a line about each reload."""

    aws: Aws
    deployment: Deployment
    root: Path
    built: Path
    say: Callable[[str], None]
    _seen: Files = field(default_factory=dict)
    _waiting: set[Path] = field(default_factory=set)

    def begin(self) -> None:
        """Take the present sources for those that run."""
        self._seen = self._files()

    def look(self) -> None:
        """Reload what has changed since the last look; a file that is no Python is reported, and changes nothing."""
        now = self._files()
        new = {path for path in now.keys() | self._seen.keys() if now.get(path) != self._seen.get(path)}
        if not new:
            return
        self._seen, self._waiting = now, self._waiting | new
        broken = [error for path in self._waiting if path in now and (error := _error_in(self.root / path))]
        for error in broken:
            self.say(f"not reloaded: {error}")
        if not broken:
            changed, self._waiting = self._waiting, set()
            self._reload(changed)

    def _reload(self, changed: set[Path]) -> None:
        began = time.monotonic()
        functions = sorted({path.parts[1] for path in changed if path.parts[0] == "functions"})
        for function in functions:
            self._update_code(function)
        if any(path.is_relative_to(PACKAGE) for path in changed):
            self._update_package()
            functions.append("the package")
        self.say(f"reloaded {', '.join(functions)} in {time.monotonic() - began:.1f} s")

    def _files(self) -> Files:
        found = [*(self.root / "functions").rglob("*.py"), *(self.root / PACKAGE).rglob("*.py")]
        return {path.relative_to(self.root): path.stat().st_mtime_ns for path in found}

    def _update_code(self, function: str) -> None:
        name = "".join(word.capitalize() for word in function.split("_")) + "Function"
        code = _archive(self.built / name, self.root / "functions" / function, Path())
        self.aws.functions.update_function_code(FunctionName=self.deployment.resources[name], ZipFile=code)
        self._publish(name)

    def _update_package(self) -> None:
        code = _archive(self.built / LAYER, self.root / PACKAGE, Path("python/switchboard"))
        arn = next(value for name, value in self.deployment.resources.items() if name.startswith(LAYER))
        layer = _name(arn)
        new = self.aws.functions.publish_layer_version(LayerName=layer, Content={"ZipFile": code})["LayerVersionArn"]
        for name in self.deployment.resources:
            if name.endswith("Function") and (self.built / name).is_dir():
                self._use_layer(name, layer, new)

    def _use_layer(self, name: str, layer: str, new: str) -> None:
        function = self.deployment.resources[name]
        used = self.aws.functions.get_function_configuration(FunctionName=function).get("Layers", [])
        layers = [new if _name(one["Arn"]) == layer else one["Arn"] for one in used]
        self.aws.functions.update_function_configuration(FunctionName=function, Layers=layers)
        self._publish(name)

    def _publish(self, name: str) -> None:
        """Point the function's aliases, through which requests come, to the new code."""
        function = self.deployment.resources[name]
        aliases = self.aws.functions.list_aliases(FunctionName=function)["Aliases"]
        if aliases:
            version = self.aws.functions.publish_version(FunctionName=function)["Version"]
        for alias in aliases:
            self.aws.functions.update_alias(FunctionName=function, Name=alias["Name"], FunctionVersion=version)


def _name(layer_arn: str) -> str:
    """Return the layer's name in `arn:aws:lambda:region:account:layer:name:version`."""
    return layer_arn.split(":")[6]


def _error_in(file: Path) -> str:
    try:
        compile(file.read_bytes(), str(file), "exec")
    except (SyntaxError, ValueError) as error:
        return f"{file.name}, line {getattr(error, 'lineno', '?')}: {getattr(error, 'msg', error)}"
    return ""


def _archive(built: Path, source: Path, inside: Path) -> bytes:
    """Return a zip of the build with the sources' Python in its place, without the byte code of the build's own."""
    ours = {inside / file.relative_to(source): file for file in sorted(source.rglob("*.py"))}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as zipped:
        for file in sorted(built.rglob("*")):
            place = file.relative_to(built)
            if file.is_file() and not _is_ours(place, inside, ours):
                zipped.write(file, place)
        for place, file in ours.items():
            zipped.write(file, place)
    return content.getvalue()


def _is_ours(place: Path, inside: Path, ours: Mapping[Path, Any]) -> bool:
    """Whether a file of the build is, or was compiled from, one of the sources."""
    if place.suffix == ".pyc" and place.parent.name == "__pycache__":
        place = place.parent.parent / f"{place.name.partition('.')[0]}.py"
    return place in ours or (inside != Path() and place.is_relative_to(inside))
