"""A certificate of this machine for the stub, and the bundles in which its clients find it."""

import datetime
import ipaddress
import tempfile
from collections.abc import Sequence
from pathlib import Path

import botocore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ADDRESS = "127.0.0.1"


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for ADDRESS, which vouches for itself, with and without its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(key).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    served, authority = folder / "stub.pem", folder / "authority.pem"
    served.write_bytes(secret + certificate)
    authority.write_bytes(certificate)
    return served, authority


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


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "benchmarks")])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=2))
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ADDRESS))])
    made = made.add_extension(address, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return made.sign(key, hashes.SHA256())
