"""Dependencies: every lock has hashes, every licence is known, every CI action is pinned."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement

from docs.licences import FILE, VENDORED, packages, rendered
from tests.sam_template import ROOT

LOCKS = sorted([*ROOT.glob("requirements/*.txt"), *ROOT.glob("functions/*/requirements.txt")])
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
PERMITTED = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0"}
HASHED = re.compile(r"(?P<pinned>[A-Za-z0-9][^\\]*?)(?P<hashes>(?: \\\n +--hash=sha256:[0-9a-f]{64})+)\n")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_line_of_a_lock_is_one_version_with_its_hashes(lock: object) -> None:
    text = lock.read_text()  # type: ignore[attr-defined]
    assert HASHED.sub("", text) == ""
    pinned = [Requirement(match["pinned"]) for match in HASHED.finditer(text)]
    assert pinned
    assert [str(one) for one in pinned if one.url or not re.fullmatch(r"==[^*]+", str(one.specifier))] == []


def test_every_group_is_locked() -> None:
    locked = {lock.stem if lock.parent.name == "requirements" else lock.parent.name for lock in LOCKS}
    parts_of_dev = {"cli", "local", "test"}
    assert set(GROUPS) - parts_of_dev == {name.replace("_", "-") for name in locked}


def test_a_package_has_the_same_version_wherever_it_ships_and_is_tested() -> None:
    versions: dict[str, set[str]] = {}
    for lock in (ROOT / "requirements" / "dev.txt", *(lock for lock in LOCKS if lock.parent.name != "requirements")):
        for name, version in re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", lock.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    for name, version in re.findall(
        r"^([a-z0-9._-]+)==([^ ;]+)", (ROOT / "requirements/runtime.txt").read_text(), re.M
    ):
        versions[name].add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_list_of_licences_is_that_of_what_ships() -> None:
    assert FILE.read_text(encoding="utf-8") == rendered(), "run `make docs`"


def test_every_licence_is_one_that_is_permitted() -> None:
    assert {one.name: one.licence for one in packages() if not set(one.licence.split(" OR ")) & PERMITTED} == {}


def test_each_copied_file_is_listed_with_its_licence() -> None:
    folder = ROOT / "local" / "workbench" / "pages" / "vendor"
    assert {one[3] for one in VENDORED} == {file.name for file in folder.iterdir() if file.suffix != ".LICENSE"}
    assert {one[0].split()[0].rstrip(",") for one in VENDORED} == {file.stem for file in folder.glob("*.LICENSE")}
    assert {one[2] for one in VENDORED} <= PERMITTED


def test_the_installers_ask_for_hashes() -> None:
    makefiles = [ROOT / "Makefile", *ROOT.glob("make/*.sh"), *ROOT.glob("layers/**/Makefile"), ROOT / "layers/build.mk"]
    made = [line for file in makefiles for line in file.read_text().replace("\\\n", " ").splitlines()]
    installs = [line for line in made if re.search(r"pip (install|sync)", line)]
    assert len(installs) >= 4
    assert [line for line in installs if "--require-hashes" not in line] == []


def test_ci_uses_actions_by_commit_and_may_only_read() -> None:
    files = list((ROOT / ".github" / "workflows").glob("*.yml"))
    assert files
    for file in files:
        text = file.read_text()
        used = re.findall(r"uses: (\S+)", text)
        assert used
        assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)] == []
        assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
