"""How large what ships is: each function, the layers, zipped as it is uploaded and unzipped as Lambda unpacks it."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.handlers.functions import BUILD, LAYERS, names
from benchmarks.report.figures import Figures, Row

MEGABYTE = 1_000_000


def sizes(folders: Iterable[Path]) -> Row:
    """Return the size of all files below these folders."""
    files = [(folder, file) for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zipped:
        for folder, file in files:
            zipped.write(file, file.relative_to(folder))
    unzipped = sum(file.stat().st_size for _, file in files)
    return {"zip_mb": written.getbuffer().nbytes / MEGABYTE, "unzipped_mb": unzipped / MEGABYTE}


def measure() -> Figures:
    """Return the part `sizes`: the layers, each function's own, and with the layers what Lambda has to unpack."""
    layers = {folder.parent.name: sizes([folder]) for folder in LAYERS}
    shared = sum(row["unzipped_mb"] for row in layers.values())
    functions = {name: sizes([BUILD / name]) for name in names()}
    whole = {name: row | {"with_layers_mb": row["unzipped_mb"] + shared} for name, row in functions.items()}
    return {"sizes": layers | whole}
