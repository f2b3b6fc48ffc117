"""docs/architecture.md and its diagram show every function, table, queue and bucket that the template has."""

import re
from collections.abc import Callable, Mapping

import pytest

from tests.sam_template import ROOT, resources

PAGE = ROOT / "docs" / "architecture.md"
WORDS: Mapping[str, Callable[[str], str]] = {
    "AWS::Serverless::Function": lambda name: re.sub(r"(?<!^)([A-Z])", r"_\1", name.removesuffix("Function")).lower(),
    "AWS::DynamoDB::Table": lambda name: name.removesuffix("Table"),
    "AWS::SQS::Queue": lambda name: name,
}


def picture() -> set[str]:
    """The words of the page's first diagram."""
    (first, *_) = re.findall(r"```mermaid\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return set(re.findall(r"\w+", first))


@pytest.mark.parametrize("kind", WORDS)
def test_all_of_a_kind_are_in_the_picture_and_on_the_page(kind: str) -> None:
    names = {WORDS[kind](name) for name in resources(kind) if "DeadLetter" not in name}
    assert names
    assert names - picture() == set()
    assert {name for name in names if name not in PAGE.read_text()} == set()


def test_every_room_is_on_the_page_and_no_other() -> None:
    package = ROOT / "layers" / "switchboard" / "switchboard"
    rooms = {folder.name for folder in package.iterdir() if (folder / "__init__.py").exists()}
    assert set(re.findall(r"^        (\w+)/ ", PAGE.read_text(), re.MULTILINE)) == rooms
