"""docs/licences.md: what ships to Lambda beside our own code, in which version and under which licence. `make docs`."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
FILE = Path(__file__).with_suffix(".md")
# what is shipped by which lock
SHIPPED = {
    "requirements/runtime.txt": "every function",
    "functions/deliver_push/requirements.txt": "deliver_push",
    "functions/vend_token/requirements.txt": "vend_token",
}
# Copied from npm packages; the pages of `make run` are made of them, and they ship nowhere.
VENDORED = (
    ("htm", "3.1.1", "Apache-2.0", "htm-preact-3.1.1.js"),
    ("preact, inside htm", "10", "MIT", "htm-preact-3.1.1.js"),
    ("rapidoc", "9.3.8", "MIT", "rapidoc-9.3.8.js.gz"),
)
LAMBDA = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "python_version": "3.13"}
LAMBDA |= {"platform_python_implementation": "CPython", "implementation_name": "cpython", "extra": ""}
_CLASSIFIER = "License :: OSI Approved :: "
# SPDX's identifiers for what older packages write
_SPDX = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


@dataclass(frozen=True)
class Package:
    """A locked package, its licence by SPDX's identifier, and what ships it."""

    name: str
    version: str
    licence: str
    ships_with: str


def locked(lock: str) -> Iterator[Requirement]:
    """Yield what a lock installs on Lambda."""
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            requirement = Requirement(line.rstrip(" \\"))
            if requirement.marker is None or requirement.marker.evaluate(LAMBDA):
                yield requirement


def packages() -> list[Package]:
    """Return all that ships, by name. Raises ValueError where the environment has another version than the lock."""
    found: dict[str, Package] = {}
    for lock, ships_with in SHIPPED.items():
        for requirement in locked(lock):
            known, version = metadata(requirement.name), str(requirement.specifier).removeprefix("==")
            if known["Version"] != version:
                raise ValueError(f"{requirement.name} is {known['Version']} here and {version} in {lock}: make tools")
            also = f"{found[requirement.name].ships_with}, " if requirement.name in found else ""
            found[requirement.name] = Package(requirement.name, version, licence(known), also + ships_with)
    return [found[name] for name in sorted(found)]


def licence(known: PackageMetadata) -> str:
    """Return the licence that a package states: its expression, else its classifiers, else its words."""
    if expression := known.get("License-Expression"):
        return str(expression)
    stated = [line.rpartition(" :: ")[2] for line in known.get_all("Classifier") or () if line.startswith(_CLASSIFIER)]
    words = stated or str(known.get("License", "")).splitlines()[:1]
    return " OR ".join(_SPDX.get(word.strip(), word.strip()) for word in words)


def rendered() -> str:
    """Return the file's text."""
    rows = [f"| {one.name} | {one.version} | {one.licence} | {one.ships_with} |" for one in packages()]
    head = [
        "# Licences of what ships",
        "",
        "Made by `make docs` from the locks and the packages' own metadata: everything that a deployment puts on",
        "Lambda beside this project's code, which is under the [Apache License 2.0](../LICENSE). A package's full",
        "text lies in its `*.dist-info` folder, in the layer or with the function. Lambda's runtime brings Python.",
        "",
        "| package | version | licence | ships with |",
        "|---|---|---|---|",
    ]
    copied = [f"| {name} | {version} | {licence} | {file} |" for name, version, licence, file in VENDORED]
    tail = [
        "",
        "The pages of `make run` use these files of npm packages, in `local/workbench/pages/vendor`, with their",
        "licences:",
        "",
        "| package | version | licence | file |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, *tail, *copied, ""])


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT)}\n")
