"""Runs with the grammars' own Python: parses Swift, Dart and Kotlin files, and names each syntax error."""

import sys
from collections.abc import Iterator
from pathlib import Path

import tree_sitter
import tree_sitter_dart
import tree_sitter_kotlin
import tree_sitter_swift

GRAMMARS = {".swift": tree_sitter_swift, ".dart": tree_sitter_dart, ".kt": tree_sitter_kotlin}
# the grammar wants a `!` after Swift's `()` where that is a value, as in `.success(())`
FALSE_ALARM = (".swift", "!")


def tree(file: Path) -> tree_sitter.Node:
    """Return the root of a file's syntax tree."""
    language = tree_sitter.Language(GRAMMARS[file.suffix].language())
    return tree_sitter.Parser(language).parse(file.read_bytes()).root_node


def errors(node: tree_sitter.Node, suffix: str) -> Iterator[str]:
    """Yield where the grammar found no sense."""
    if node.is_error or (node.is_missing and (suffix, node.type) != FALSE_ALARM):
        yield f"line {node.start_point.row + 1}: {node.type} {(node.text or b'')[:60]!r}"
    elif node.has_error:
        for child in node.children:
            yield from errors(child, suffix)


if __name__ == "__main__":
    found = [f"{file} {error}" for file in sys.argv[1:] for error in errors(tree(Path(file)), Path(file).suffix)]
    sys.exit("\n".join(found) or None)
