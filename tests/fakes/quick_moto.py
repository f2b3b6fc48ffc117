"""moto, without two things that took most of its time: what it answers stays the same."""

import copy
from collections import defaultdict
from functools import cache
from typing import Any

from moto.core import responses, utils
from moto.dynamodb.models.table import Table

_query = Table.query


def hasten() -> None:
    """Change moto in this process."""
    Table.query = _query_of_one_partition
    # it lists the methods of its class anew for each request
    responses.method_names_from_class = cache(utils.method_names_from_class)


def _query_of_one_partition(table: Table, hash_key: Any, *rest: Any, **named: Any) -> Any:
    """Let moto sort and search the partition that is asked for; it does so with the whole table."""
    *_, index_name = rest[:7]
    if index_name is None:
        table, items = copy.copy(table), table.items
        table.items = defaultdict(dict, {hash_key: items[hash_key]} if hash_key in items else {})
    return _query(table, hash_key, *rest, **named)
