"""The root certificates that a measured handler trusts: those that it reads on Lambda, and the AWS stub's."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import botocore


def write_bundle(root_certificate: Path, path: Sequence[Path], named: str | None) -> Path:
    """Write the root certificates that code on this `path` reads on Lambda, and `root_certificate`; return the file.

    They come from the file that AWS_CA_BUNDLE has `named` (layers are in /opt), else from certifi, else from botocore.
    So reading them takes as long as on Lambda.
    """
    if named is None:
        places = [folder / name for name in ("certifi/cacert.pem", "botocore/cacert.pem") for folder in path]
    else:
        places = [folder.parent / Path(named).relative_to("/opt") for folder in path]
    places.append(Path(botocore.__file__).parent / "cacert.pem")  # for code without botocore, which reads none
    known = next(place for place in places if place.exists())
    with tempfile.NamedTemporaryFile(dir=root_certificate.parent, suffix=".pem", delete=False) as bundle:
        bundle.write(known.read_bytes() + b"\n" + root_certificate.read_bytes())
    return Path(bundle.name)
