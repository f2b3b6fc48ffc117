"""The S3 bucket into which phones upload their logs, each by an address signed for one object."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from botocore.config import Config

if TYPE_CHECKING:
    from botocore.session import Session
    from types_boto3_s3 import S3Client


class S3LogBucket:
    """Implements ports.logs.LogBucket. Signing is arithmetic: nothing is sent to S3."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload_url(self, key: str, seconds: int) -> str:
        """Return an address that takes PUTs of the object `key` during `seconds`.

        Only the host is signed: the two stock apps send different content types (contract 4), and no `If-None-Match`.
        """
        target = {"Bucket": self._bucket, "Key": key}
        return self._client.generate_presigned_url("put_object", Params=target, ExpiresIn=seconds)


def signing_client(session: Session, base: str | None = None) -> S3Client:
    """Return a client that signs for the bucket's own host at Amazon, or for `base` with the bucket in the path.

    At Amazon that is the regional host, also in us-east-1: the global one may redirect, which no app's PUT follows.
    """
    by_host = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
    style = {"addressing_style": "path"} if base else by_host
    config = Config(signature_version="s3v4", s3=style)  # type: ignore[arg-type]
    region = os.environ.get("AWS_REGION")
    return session.create_client("s3", region_name=region, endpoint_url=base, config=config)  # type: ignore[return-value]
