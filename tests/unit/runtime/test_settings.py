from dataclasses import dataclass

import pytest

from switchboard.foundation.errors import NotConfiguredError
from switchboard.runtime.settings import load


@dataclass(frozen=True)
class Settings:
    table: str
    ring_seconds: int
    record: bool
    log_level: str = "INFO"


def test_every_field_comes_from_the_variable_of_its_name() -> None:
    variables = {"TABLE": "t", "RING_SECONDS": "30", "RECORD": "true"}
    assert load(Settings, variables) == Settings("t", 30, True, "INFO")


@pytest.mark.parametrize(
    ("text", "value"), [("on", True), ("TRUE", True), ("off", False), ("false", False), ("", False)]
)
def test_a_switch_may_be_written_in_the_templates_ways(text: str, value: bool) -> None:
    assert load(Settings, {"TABLE": "t", "RING_SECONDS": "30", "RECORD": text}).record is value


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(NotConfiguredError, match="RING_SECONDS"):
        load(Settings, {"TABLE": "t", "RECORD": "true"})


def test_a_variable_of_another_type_is_named() -> None:
    with pytest.raises(NotConfiguredError, match="RING_SECONDS must be a whole number, not 'soon'"):
        load(Settings, {"TABLE": "t", "RING_SECONDS": "soon", "RECORD": "true"})
