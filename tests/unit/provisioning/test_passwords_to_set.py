"""Which passwords a subscriber may be given."""

import json

import pytest

from switchboard.foundation.errors import InvalidFieldError
from switchboard.foundation.typed_text import composed
from switchboard.provisioning.schema import PutSubscriber
from switchboard.web.bodies import read
from switchboard.web.request import Request

# what Java's, Kotlin's, Dart's and Foundation's trim() take for space, from their documentation
SPACES = [*range(0x21), 0x85, 0xA0, 0x1680, 0x180E, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]


def put(password: str) -> str | None:
    return read(PutSubscriber, Request({"body": json.dumps({"password": password})})).password


@pytest.mark.parametrize("space", [*map(chr, SPACES), "\ufeff"], ids=ascii)
def test_a_password_that_the_apps_would_trim_is_refused(space: str) -> None:
    for password in (f"{space}secret99", f"secret99{space}", space * 8):
        with pytest.raises(InvalidFieldError, match="password may not begin or end with a space"):
            put(password)
    assert put(f"secret{space}99") == composed(f"secret{space}99")


@pytest.mark.parametrize("password", ["a\u0301" * 128, "\u0958" * 64, "x" * 8, "𝄞" * 8])
def test_a_passwords_length_is_that_of_its_composed_form(password: str) -> None:
    assert put(password)


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("a\u0301" * 7, "at least 8"),
        ("a\u0301" * 129, "at most 128"),
        ("\u0958" * 65, "at most 128"),
        ("a" + "\u0301\u0323" * 4_000, "at most 128"),  # composing this would take the longer by the square of it
        ("\ud800" * 8, "not valid"),
    ],
    ids=range(5),
)
def test_a_password_that_is_too_short_or_too_long_once_composed_is_refused(password: str, wrong: str) -> None:
    with pytest.raises(InvalidFieldError, match=wrong):
        put(password)
