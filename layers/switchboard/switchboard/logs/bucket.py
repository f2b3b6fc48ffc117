"""Presigned URLs with which phones upload their logs to S3, each for one object."""

from switchboard.aws.credentials import CredentialSource
from switchboard.aws.objects import Place, presigned_put


class S3LogBucket:
    """Implements LogBucket. URLs are signed locally: nothing is sent to S3."""

    def __init__(self, place: Place, credentials: CredentialSource) -> None:
        """Take where the bucket is for a phone."""
        self._place = place
        self._credentials = credentials

    def upload_url(self, key: str, seconds: int) -> str:
        """Return a URL that accepts PUTs of the object `key` for `seconds`.

        Only the host header is signed, because the stock apps send different content types and no `If-None-Match`
        (contract 4).
        """
        return presigned_put(self._place, key, seconds, self._credentials)
