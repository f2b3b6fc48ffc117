"""Log uploads in S3, streamed: no object is in memory as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from switchboard.aws.errors import ClientError
from switchboard.logs.uploads import Fault, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_s3 import S3Client

CHUNK = 256 * 1024  # bytes


class S3LogUploads:
    """Implements LogUploads on the log bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def find(self, key: str) -> Upload | None:
        """Return the upload. It is found by a listing, because S3 may answer 403 for an object that does not exist."""
        answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
        found = next((one for one in answer.get("Contents", []) if one["Key"] == key), None)
        return Upload(key, found["Size"], int(found["LastModified"].timestamp() * 1000)) if found else None

    def take(self, key: str, put: str) -> bool:
        """Write the object unless it exists; if it does, compare the stored PUT."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=put.encode(), IfNoneMatch="*")
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "PreconditionFailed":
                raise
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read() == put.encode()
        return True

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read the object in chunks; raises AwsError if the connection breaks."""
        yield from self._client.get_object(Bucket=self._bucket, Key=key)["Body"].iter_chunks(CHUNK)

    def keep(self, key: str, file: BinaryIO) -> None:
        """Store a zip of logs from a file."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=file, ContentType="application/zip")

    def reject(self, key: str, to: str, fault: Fault) -> None:
        """Let S3 copy the object, with `x-amz-meta-rejected` naming the fault."""
        self._client.copy_object(
            Bucket=self._bucket,
            Key=to,
            CopySource={"Bucket": self._bucket, "Key": key},
            Metadata={"rejected": fault.value},
            ContentType="application/octet-stream",
            MetadataDirective="REPLACE",
            TaggingDirective="REPLACE",
        )

    def delete(self, key: str) -> None:
        """Delete the object."""
        self._client.delete_object(Bucket=self._bucket, Key=key)
