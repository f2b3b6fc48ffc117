"""What `STATE=dir` keeps, and how."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from local.deployment.aws import Aws
from local.deployment.deploy import Deployment
from local.deployment.state import TABLES, State
from local.errors import LocalStackError
from local.simulators.exotel_subscribers import Subscribers

DEPLOYMENT = Deployment({}, {table: table.lower() for table in TABLES})


@pytest.fixture
def aws() -> Iterator[Aws]:
    with mock_aws():
        made = Aws("https://dynamodb.us-east-1.amazonaws.com")
        for table in DEPLOYMENT.resources.values():
            made.dynamodb.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        yield made


def items(aws: Aws) -> list[Any]:
    found: list[Any] = aws.dynamodb.scan(TableName="callstable")["Items"]
    return sorted(found, key=lambda item: item["pk"]["S"])


def test_everything_comes_back_and_only_its_owner_can_read_it(aws: Aws, tmp_path: Path) -> None:
    state, exotel = State(tmp_path / "kept"), Subscribers()
    exotel.create("demo1m", "zoe", "desk 7")
    for number in range(60):
        item: Any = {"pk": {"S": f"call{number:02d}"}, "raw": {"B": bytes([number])}, "at": {"N": str(number)}}
        aws.dynamodb.put_item(TableName="callstable", Item=item)
    before = items(aws)
    with state.held():
        state.save(aws, DEPLOYMENT, exotel)
        for item in before:
            aws.dynamodb.delete_item(TableName="callstable", Key={"pk": item["pk"]})
        new = Subscribers()
        assert state.restore(aws, DEPLOYMENT, new) == 60
    assert items(aws) == before
    assert new.everyone() == exotel.everyone()
    assert state.folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o077 for file in state.folder.glob("*.json")} == {0}
    assert (state.folder / ".gitignore").read_text() == "*\n"


def test_an_empty_folder_restores_nothing_and_a_broken_file_says_what_to_do(aws: Aws, tmp_path: Path) -> None:
    state = State(tmp_path / "new")
    with state.held():
        assert state.restore(aws, DEPLOYMENT, Subscribers()) == 0
        (state.folder / "CallsTable.json").write_text(json.dumps([{"pk": {"S": "call"}}])[:-3])
        with pytest.raises(LocalStackError, match="remove it to begin anew"):
            state.restore(aws, DEPLOYMENT, Subscribers())


def test_two_stacks_cannot_share_a_folder(tmp_path: Path) -> None:
    with State(tmp_path).held(), pytest.raises(LocalStackError, match="another stack"), State(tmp_path).held():
        pass
