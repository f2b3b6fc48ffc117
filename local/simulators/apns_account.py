"""An Apple developer team for the simulator: its signing key and its app."""

from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

TEAM_ID, KEY_ID, BUNDLE_ID = "SWBRDTEAM1", "SWBRDKEY01", "com.example.switchboard"


@dataclass(frozen=True)
class ApnsAccount:
    """A team with one P-256 key for all environments and topics, and one app."""

    private_key: ec.EllipticCurvePrivateKey
    key_id: str = KEY_ID
    team_id: str = TEAM_ID
    bundle_id: str = BUNDLE_ID

    @cached_property
    def public_key_pem(self) -> bytes:
        """The public key in PEM."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private_key.public_key().public_bytes(serialization.Encoding.PEM, form)

    @cached_property
    def key_pem(self) -> str:
        """The private key as Apple's AuthKey_<key id>.p8 contains it."""
        pem = self.private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pem.decode()

    def as_secret(self) -> dict[str, str]:
        """The account as `apns` in PushSecret."""
        return {"key": self.key_pem, "key_id": self.key_id, "team_id": self.team_id, "bundle_id": self.bundle_id}


def new_apns_account() -> ApnsAccount:
    """Return a team with a new key."""
    return ApnsAccount(ec.generate_private_key(ec.SECP256R1()))
