"""Parts of a document that a program writes, between marks: `<!-- begin NAME -->` and `<!-- end NAME -->`."""

import re
from collections.abc import Iterable, Mapping, Sequence


def filled(document: str, parts: Mapping[str, str]) -> str:
    """Return the document with each part in its place. Raises LookupError where a part has none."""
    for name, text in parts.items():
        place = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        if not place.search(document):
            raise LookupError(f"no place for {name}")
        plain = text.replace("\\", r"\\")
        document = place.sub(rf"\g<1>{plain}\n\g<2>", document)
    return document


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
