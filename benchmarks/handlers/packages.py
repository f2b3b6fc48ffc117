"""The packages that `make bench` compares with, as pip leaves them and byte-compiled as the product's layers are."""

import compileall
import py_compile
import shutil
from pathlib import Path

from benchmarks import ROOT

INSTALLED = ROOT / ".tools" / "bench"
SHIPPED, COMPILED = "as shipped", "byte-compiled"


def package(name: str, code: Path, scratch: Path, *, compiled: bool) -> Path:
    """Return a folder with an installed group, bench-<name>, if there is one, and beside it the files of `code`."""
    kind = COMPILED if compiled else SHIPPED
    folder = scratch / "packages" / f"{name} {code.name} {kind}".replace(" ", "-")
    if not folder.exists():
        if (INSTALLED / name).exists():
            shutil.copytree(INSTALLED / name, folder)
        shutil.copytree(code, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        if compiled:
            compile_folder(folder)
    return folder


def compile_folder(folder: Path) -> None:
    """Compile all of a folder, anew, for the Python that runs this; its clock and its disk do not matter later."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, force=True, invalidation_mode=mode)
