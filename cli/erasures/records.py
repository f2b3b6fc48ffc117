"""The erasures of a deployment, as they are stored: those that ran, and the sweep that runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.errors import OperatorError
from switchboard.aws.attributes import item_of, values_in
from switchboard.aws.partition import items_of
from switchboard.erasure.erasures import Certificate
from switchboard.erasure.erasures_dynamodb import ERASURES, SWEEP

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class ErasureRecords:
    """Reads certificates, and makes a sweep that has stopped go on."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def all(self) -> Sequence[Certificate]:
        """Return the certificates, the newest first."""
        query: Any = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": item_of({":pk": ERASURES}),
        }
        found = [_certificate(values_in(item)) for item in items_of(self._client, query)]
        return sorted(found, key=lambda one: (-one["requested_at"], one["erasure"]))

    def one(self, erasure: str) -> Certificate:
        """Return one certificate. Raises OperatorError."""
        found = self._client.get_item(TableName=self._table, Key=item_of({"pk": ERASURES, "sk": erasure}))
        if "Item" not in found:
            raise OperatorError(f"there is no erasure {erasure}: see `switchboard erasures list`")
        return _certificate(values_in(found["Item"]))

    def resume(self) -> None:
        """Touch the sweep, so that its stream brings the next step."""
        self._client.update_item(
            TableName=self._table,
            Key=item_of({"pk": SWEEP, "sk": SWEEP}),
            UpdateExpression="SET resumed_at = :now",
            ExpressionAttributeValues=item_of({":now": int(time.time() * 1000)}),
        )


def _certificate(values: dict[str, Any]) -> Certificate:
    return {
        "erasure": values["sk"],
        "account": values["account"],
        "call_records": values["call_records"],
        "requested_at": values["requested_at"],
        "finished_at": values.get("finished_at"),
        "counts": values.get("counts", {}),
        "traces_until": values.get("traces_until"),
    }
