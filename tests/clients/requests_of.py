"""Runs with the grammars' own Python: prints, as JSON, each request that a Swift or Dart file makes by `send(…)`."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tree_sitter
from parse import tree  # both scripts are run from their own folder

ARGUMENTS = ("value_argument", "argument", "named_argument")
WITHOUT_SESSION = ("null", ".absent")  # a `bearer` that is none
VARIABLE = re.compile(r"\\\((\w+)\)|\$(\w+)")  # in Swift's and Dart's texts


def every(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """Yield the node and all below it."""
    yield node
    for child in node.children:
        yield from every(child)


def text(node: tree_sitter.Node | None) -> str:
    """Return a node's source."""
    return ((node and node.text) or b"").decode()


def calls(root: tree_sitter.Node) -> Iterator[list[tree_sitter.Node]]:
    """Yield the arguments of each call of `send`."""
    for name in every(root):
        after = name.next_sibling
        if text(name) in ("send", "_send") and after is not None and after.type in ("call_suffix", "selector"):
            among = next(one for one in every(after) if one.type in ("value_arguments", "arguments"))
            yield [child for child in among.children if child.type in ARGUMENTS]


def keys(argument: tree_sitter.Node) -> list[str]:
    """Return the keys of the first dictionary in an argument."""
    for node in every(argument):
        if node.type == "dictionary_literal":
            return [text(one) for one in node.children if text(one.next_sibling) == ":"]
        if node.type == "set_or_map_literal":
            return [text(one.children[0]) for one in node.children if one.type == "pair"]
    return []


def request(arguments: list[tree_sitter.Node]) -> dict[str, Any]:
    """Return a request in the form of clients/exchanges.json; `bearer` is None where it comes from a variable."""
    named = {text(one).partition(":")[0]: one for one in arguments[2:]}
    method, end = (text(one).strip("'\"") for one in arguments[:2])
    path = VARIABLE.sub(lambda match: f"{{{match[1] or match[2]}}}", end)
    bearer = text(named["bearer"]).partition(":")[2].strip() if "bearer" in named else ""
    return {
        "method": method,
        "path": "/v1/login" if path == "login" else f"/v1/accounts/{{accountSid}}/subscribers/{{name}}/{path}",
        "query": sorted(key.strip("'\"") for key in keys(named["query"])) if "query" in named else [],
        "body": sorted(key.strip("'\"") for key in keys(named["body"])) if "body" in named else [],
        "bearer": None if bearer == "bearer" else bearer not in WITHOUT_SESSION,
    }


if __name__ == "__main__":
    json.dump([request(arguments) for arguments in calls(tree(Path(sys.argv[1])))], sys.stdout)
