"""Byte code as the product's layers ship it."""

import compileall
import py_compile
from pathlib import Path


def compile_folder(folder: Path) -> None:
    """Compile a folder again for this Python; file times and a read-only disk do not matter later."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, force=True, invalidation_mode=mode)
