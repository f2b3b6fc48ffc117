"""A Google service account that exists only here: the file that Firebase hands out, with keys of our own."""

import secrets
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROJECT = "switchboard-local"


@dataclass(frozen=True)
class ServiceAccount:
    """An RSA key pair and what goes with it; `token_uri` is where its assertions are traded for tokens."""

    token_uri: str
    private_key: rsa.RSAPrivateKey
    project_id: str = PROJECT

    @property
    def client_email(self) -> str:
        """The account's name, which its assertions bear as issuer."""
        return f"firebase-adminsdk@{self.project_id}.iam.gserviceaccount.com"

    @cached_property
    def public_key_pem(self) -> bytes:
        """The public half, PEM."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private_key.public_key().public_bytes(serialization.Encoding.PEM, form)

    def as_file(self) -> dict[str, str]:
        """The account as the JSON file that the Firebase console lets one download."""
        pem = self.private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": self.project_id,
            "private_key_id": secrets.token_hex(20),
            "private_key": pem.decode(),
            "client_email": self.client_email,
            "client_id": str(secrets.randbelow(10**21)),
            "token_uri": self.token_uri,
        }


def new_service_account(token_uri: str) -> ServiceAccount:
    """A service account with a fresh 2048 bit key."""
    return ServiceAccount(token_uri, rsa.generate_private_key(public_exponent=65537, key_size=2048))
