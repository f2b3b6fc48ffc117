"""Presigned URLs with which phones upload their logs to S3, each for one object."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from botocore.config import Config

if TYPE_CHECKING:
    from botocore.session import Session
    from types_boto3_s3 import S3Client


class S3LogBucket:
    """Implements LogBucket. URLs are signed locally: nothing is sent to S3."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload_url(self, key: str, seconds: int) -> str:
        """Return a URL that accepts PUTs of the object `key` for `seconds`.

        Only the host header is signed, because the stock apps send different content types and no `If-None-Match`
        (contract 4).
        """
        target = {"Bucket": self._bucket, "Key": key}
        return self._client.generate_presigned_url("put_object", Params=target, ExpiresIn=seconds)


def signing_client(session: Session, base: str | None = None) -> S3Client:
    """Return a client that signs URLs of the bucket's own host, or of `base` with the bucket in the path.

    On AWS it is the regional host, also in us-east-1: the global host may redirect, and the apps do not follow that.
    """
    by_host = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
    style = {"addressing_style": "path"} if base else by_host
    config = Config(signature_version="s3v4", s3=style)  # type: ignore[arg-type]
    region = os.environ.get("AWS_REGION")
    return session.create_client("s3", region_name=region, endpoint_url=base, config=config)  # type: ignore[return-value]
