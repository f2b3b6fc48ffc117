"""A copy of the project in the state of a new clone: nothing fetched, nothing built."""

import shutil
from pathlib import Path

from tests.sam_template import ROOT

FETCHED, BUILT = (".tools", ".venv"), (".aws-sam",)
_OTHER = (".git", ".local", ".*_cache", ".coverage*", ".hypothesis", "__pycache__")


def cloned(folder: Path, *borrowed: str) -> Path:
    """Copy the project to a folder; what is borrowed is what this one has fetched or built, by a link."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*FETCHED, *BUILT, *_OTHER))
    for name in borrowed:
        (folder / name).symlink_to(ROOT / name)
    return folder
