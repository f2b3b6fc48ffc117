import base64
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from switchboard.foundation.errors import InvalidFieldError, MalformedRequestError
from switchboard.subscribers.subscriber import Platform
from switchboard.web.bodies import read
from switchboard.web.request import Request


class Body(BaseModel):
    name: str = Field(default="bob", min_length=2, max_length=4, pattern="^[a-z]*$")
    platform: Platform | None = None
    numbers: list[int] = Field(default=[], max_length=1)
    wanted: bool = False


class Strict(Body):
    model_config = ConfigDict(strict=True)


class Needed(BaseModel):
    name: str


def test_a_body_becomes_the_model_and_unknown_fields_are_passed_over() -> None:
    assert read(Body, Request({"body": '{"name":"ann","other":1}'})).name == "ann"


def test_no_body_is_an_empty_object() -> None:
    assert read(Body, Request({})) == Body()


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=utf-8"]
)
def test_an_urlencoded_form_is_taken_like_json(kind: str) -> None:
    form: dict[str, Any] = {
        "headers": {"content-type": kind},
        "body": "name=a%6En&platform=ios&other=",
        "isBase64Encoded": False,
    }
    packed = form | {"body": base64.b64encode(form["body"].encode()).decode(), "isBase64Encoded": True}
    for event in (form, packed):
        assert read(Body, Request(event)) == Body(name="ann", platform=Platform.IOS)


def test_a_forms_text_is_decoded_as_a_browser_encodes_it() -> None:
    form = Request({"headers": FORM, "body": "name=a+b%26%C3%A9%2B"})
    assert read(Needed, form).name == "a b&é+"


def test_json_that_calls_itself_a_form_is_json() -> None:
    assert read(Body, Request({"headers": FORM, "body": ' {"name":"ann"}'})).name == "ann"


def test_a_form_without_that_type_is_malformed() -> None:
    with pytest.raises(MalformedRequestError):
        read(Body, Request({"body": "name=ann"}))


@pytest.mark.parametrize("body", ["name=%E9", "\u00ff\ud800="])
def test_a_form_in_another_encoding_is_malformed(body: str) -> None:
    packed = base64.b64encode(body.encode("latin-1", "replace")).decode()
    with pytest.raises(MalformedRequestError, match="UTF-8"):
        read(Body, Request({"headers": FORM, "body": packed, "isBase64Encoded": True}))


@pytest.mark.parametrize(
    ("form", "message"), [("wanted=true", "wanted must be true or false"), ("name=b", "at least 2")]
)
def test_a_form_is_checked_like_json(form: str, message: str) -> None:
    with pytest.raises(InvalidFieldError, match=message):
        read(Strict, Request({"headers": FORM, "body": form}))


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "\xff", "[" * 50_000])
def test_what_is_no_json_object_is_malformed(body: str) -> None:
    with pytest.raises(MalformedRequestError):
        read(Body, Request({"body": body}))


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ('{"name":5}', "name", "name must be text"),
        ('{"name":"b"}', "name", "name must have at least 2 characters"),
        ('{"name":"bobby"}', "name", "name may have at most 4 characters"),
        ('{"name":"B B"}', "name", "name has characters that are not allowed"),
        ('{"platform":"web"}', "platform", "platform must be one of 'android' or 'ios'"),
        ('{"numbers":[1,2]}', "numbers", "numbers may have at most 1 entries"),
        ('{"numbers":1}', "numbers", "numbers must be a list"),
        ('{"numbers":["x"]}', "numbers.0", "numbers.0 is not valid"),
    ],
)
def test_the_first_field_at_fault_is_named_with_what_is_wrong(body: str, field: str, message: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        read(Body, Request({"body": body}))
    assert (refused.value.field, refused.value.message) == (field, message)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(InvalidFieldError, match="name is missing"):
        read(Needed, Request({}))


def test_what_was_sent_is_never_repeated() -> None:
    with pytest.raises(InvalidFieldError) as refused:
        read(Body, Request({"body": '{"name":"a-secret-password"}'}))
    assert "secret" not in refused.value.message
