"""Batches of log lines in S3."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class S3LogBatches:
    """Implements LogBatches on the log bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes) -> None:
        """Store one batch, gzipped. There is no Content-Encoding, so that tools do not decompress it on download."""
        packed = gzip.compress(content, mtime=0)
        self._client.put_object(Bucket=self._bucket, Key=key, Body=packed, ContentType="application/gzip")
