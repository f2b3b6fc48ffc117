"""A self-signed certificate for a TLS server on this machine: simulated APNs, the benchmarks' AWS stub, phone pages."""

import datetime
import ipaddress
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ADDRESS = "127.0.0.1"


def write_certificate(folder: Path, names: Sequence[str] = (ADDRESS,)) -> tuple[Path, Path]:
    """Write a self-signed certificate for addresses and host names, with and without its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(key, names).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    served, root_certificate = folder / "stub.pem", folder / "root_certificate.pem"
    served.write_bytes(secret + certificate)
    root_certificate.write_bytes(certificate)
    return served, root_certificate


def _signed(key: ec.EllipticCurvePrivateKey, names: Sequence[str]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "switchboard-local")])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=2))
    made = made.add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return made.sign(key, hashes.SHA256())


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
