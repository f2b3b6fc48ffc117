"""A Google service account for the simulator, in the form of Firebase's key file."""

import secrets
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROJECT = "switchboard-local"


@dataclass(frozen=True)
class ServiceAccount:
    """A service account with its RSA key pair; `token_uri` is the endpoint that exchanges its assertions for tokens."""

    token_uri: str
    private_key: rsa.RSAPrivateKey
    project_id: str = PROJECT

    @property
    def client_email(self) -> str:
        """The account's e-mail address, the issuer of its assertions."""
        return f"firebase-adminsdk@{self.project_id}.iam.gserviceaccount.com"

    @cached_property
    def public_key_pem(self) -> bytes:
        """The public key in PEM."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private_key.public_key().public_bytes(serialization.Encoding.PEM, form)

    def as_file(self) -> dict[str, str]:
        """The account as the JSON file of the Firebase console."""
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
    """Return a service account with a new key of 2048 bits."""
    return ServiceAccount(token_uri, rsa.generate_private_key(public_exponent=65537, key_size=2048))
