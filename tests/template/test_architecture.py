"""docs/architecture.md and its picture show every function, table, queue and bucket that the template has."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping

import pytest

from tests.sam_template import ROOT, resources

PAGE, PICTURE = ROOT / "docs" / "architecture.md", ROOT / "docs" / "architecture.svg"
WORDS: Mapping[str, Callable[[str], str]] = {
    "AWS::Serverless::Function": lambda name: re.sub(r"(?<!^)([A-Z])", r"_\1", name.removesuffix("Function")).lower(),
    "AWS::DynamoDB::Table": lambda name: name.removesuffix("Table"),
    "AWS::SQS::Queue": lambda name: name,
}


def shown() -> set[str]:
    return {text.text or "" for text in ET.fromstring(PICTURE.read_text()).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314 - our own file


@pytest.mark.parametrize("kind", WORDS)
def test_all_of_a_kind_are_in_the_picture_and_on_the_page(kind: str) -> None:
    names = {WORDS[kind](name) for name in resources(kind) if "DeadLetter" not in name}
    assert names
    assert names - shown() == set()
    assert {name for name in names if name not in PAGE.read_text()} == set()


def test_the_picture_is_legible_in_the_dark() -> None:
    picture = PICTURE.read_text()
    light, dark = (
        set(re.findall(r"(--\w+):", part)) for part in picture.split("@media (prefers-color-scheme: dark)")[:2]
    )
    assert light == dark == set(re.findall(r"var\((--\w+)\)", picture))
