"""The tables of template.yaml in moto, so that tests use the deployed definitions."""

from typing import Any

from tests.sam_template import resources

_TAKEN = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "StreamSpecification")


def create_tables(client: Any) -> None:
    """Create every table under its logical id, such as `CallContextsTable`."""
    for name in resources("AWS::DynamoDB::Table"):
        create_table(client, name)


def create_table(client: Any, name: str) -> None:
    """Create one table under its logical id."""
    kept = taken(resources("AWS::DynamoDB::Table")[name])
    if stream := kept.get("StreamSpecification"):
        kept["StreamSpecification"] = {**stream, "StreamEnabled": True}  # which CloudFormation adds
    client.create_table(TableName=name, **kept)


def taken(properties: dict[str, Any]) -> dict[str, Any]:
    """Return of a table's properties what moto takes."""
    return {key: properties[key] for key in _TAKEN if key in properties}
