"""The authorities that a handler trusts: as many as it would read on Lambda, and the stub's."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import botocore


def write_bundle(authority: Path, path: Sequence[Path], named: str | None) -> Path:
    """Write the authorities that code on this `path` reads on Lambda, and this one more; return the file.

    They are those of its certifi, or else of its botocore, or what AWS_CA_BUNDLE has `named`, where layers are in /opt.
    So reading them costs here what it costs there.
    """
    if named is None:
        places = [folder / name for name in ("certifi/cacert.pem", "botocore/cacert.pem") for folder in path]
    else:
        places = [folder.parent / Path(named).relative_to("/opt") for folder in path]
    places.append(Path(botocore.__file__).parent / "cacert.pem")  # for what brings no botocore, and reads none
    known = next(place for place in places if place.exists())
    with tempfile.NamedTemporaryFile(dir=authority.parent, suffix=".pem", delete=False) as bundle:
        bundle.write(known.read_bytes() + b"\n" + authority.read_bytes())
    return Path(bundle.name)
