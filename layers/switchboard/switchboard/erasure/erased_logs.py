"""Deletes what deleted users' phones have uploaded into the log bucket, and the log lines of their apps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from switchboard.erasure.deleted_users import DeletedUsers
from switchboard.erasure.ports import Swept
from switchboard.logs.uploads import FOLDERS, uploaded_at

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from switchboard.subscribers.erased import ErasedUser

MOST_OBJECTS = 25  # that are listed at once
MOST_REQUESTS = 40  # after which a step lists no more
OBJECTS = "log_objects"


class ErasedLogs:
    """Implements Part on the log bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def sweep(self, cursor: Mapping[str, Any] | None, users: DeletedUsers) -> Swept:
        """List the users' folders in turn, and delete what is not the next user's."""
        begin, after = (cursor["prefix"], cursor["after"]) if cursor else ("", "")
        counts, requests = dict[str, Counter[str]](), 0
        for prefix, user in _places(users.all):
            if prefix < begin:
                continue
            if requests >= MOST_REQUESTS:
                return Swept(done=False, cursor={"prefix": prefix, "after": ""}, counts=counts)
            keys = self._keys(prefix, after if prefix == begin else "")
            gone = [key for key in keys if user.was(uploaded_at(key))]
            for key in gone:
                self._client.delete_object(Bucket=self._bucket, Key=key)
                counts.setdefault(user.erasure, Counter())[OBJECTS] += 1
            requests += 1 + len(gone)
            if len(keys) == MOST_OBJECTS:
                return Swept(done=False, cursor={"prefix": prefix, "after": keys[-1]}, counts=counts)
        return Swept(done=True, counts=counts)

    def _keys(self, prefix: str, after: str) -> Sequence[str]:
        begin: Any = {"StartAfter": after} if after else {}
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix, MaxKeys=MOST_OBJECTS, **begin)
        return [one["Key"] for one in found.get("Contents", [])]


def _places(users: Sequence[ErasedUser]) -> Sequence[tuple[str, ErasedUser]]:
    places = {f"{folder}{user.account}/{user.name}/": user for user in users for folder in FOLDERS}
    return sorted(places.items(), key=lambda place: place[0])
