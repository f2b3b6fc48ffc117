"""Where the objects of a bucket are, and URLs with which phones put some there."""

from __future__ import annotations

import time
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from switchboard.aws.credentials import CredentialSource
from switchboard.aws.endpoints import region, suffix
from switchboard.aws.signing import Scope, signed_query


class Place(NamedTuple):
    """A URL without a path, and what precedes each key in the path."""

    url: str
    prefix: str

    @classmethod
    def of(cls, bucket: str, base: str | None) -> Place:
        """Return the bucket's own regional host, or `base` with the bucket in the path.

        The global host may redirect, and the stock apps do not follow redirects.
        """
        if base is None:
            return cls(f"https://{bucket}.s3.{region()}.{suffix()}", "/")
        return cls(base, f"/{bucket}/")

    def path(self, key: str) -> str:
        """Return the object's path, encoded."""
        return self.prefix + quote(key, safe="/-_.~")


def presigned_put(place: Place, key: str, seconds: int, credentials: CredentialSource) -> str:
    """Return a URL that accepts PUTs of the object for `seconds`; only the host header is signed."""
    path, scope = place.path(key), Scope(region(), "s3")
    query = signed_query(
        "PUT",
        path,
        urlsplit(place.url).netloc,
        seconds=seconds,
        credentials=credentials.get(),
        scope=scope,
        at=time.time(),
    )
    return f"{place.url}{path}?{query}"
