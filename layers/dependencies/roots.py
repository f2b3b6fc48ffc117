"""Writes the root certificates of AWS, Google and Apple into files: `python roots.py FOLDER`, which has the packages.

Python reads all root certificates before the first connection, and certifi's 120 cost more than all imports.
"""

import re
import sys
from collections.abc import Mapping, Set
from pathlib import Path

LABELLED = re.compile(r'# Label: "(.*)"\n(?:#.*\n)*(-----BEGIN[^#]*-----\n)')
ROOTS: Mapping[str, Set[str]] = {
    # of AWS's services: the five of Amazon Trust Services (www.amazontrust.com/repository)
    "amazon-roots.pem": {
        *("Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4"),
        "Starfield Services Root Certificate Authority - G2",
    },
    # of FCM and Google's OAuth: those of Google Trust Services that certifi has (pki.goog/repository); and of APNs
    # (developer.apple.com/news, "Apple Push Notification service server certificate update", 2024-10-17)
    "push-roots.pem": {
        *("GTS Root R1", "GTS Root R3", "GTS Root R4", "GlobalSign ECC Root CA - R4"),
        "USERTrust RSA Certification Authority",
    },
}


def write_roots(bundle: Path, folder: Path) -> None:
    """Write the files of ROOTS into `folder`, from certifi's bundle. Raises KeyError if a certificate is missing."""
    labelled = dict(LABELLED.findall(bundle.read_text(encoding="utf-8")))
    for name, labels in ROOTS.items():
        (folder / name).write_text("".join(labelled[label] for label in sorted(labels)), encoding="ascii")


if __name__ == "__main__":
    packages = Path(sys.argv[1])
    write_roots(packages / "certifi" / "cacert.pem", packages.parent)
