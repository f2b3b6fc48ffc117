import base64
import gzip

import pytest

from switchboard.foundation.errors import MalformedRequestError, TooLargeError
from switchboard.web.request import LARGEST_BODY, Request


def test_path_parameters_are_decoded_as_the_user_typed_them() -> None:
    assert Request({"pathParameters": {"name": "al%20ice"}}).path("name") == "al ice"
    assert Request({}).path("name") == ""


@pytest.mark.parametrize("typed", ["alice%20", "%20alice", "%09alice%0A", "alice%C2%A0"])
def test_spaces_around_what_was_typed_are_no_part_of_a_path_parameter(typed: str) -> None:
    assert Request({"pathParameters": {"name": typed}}).path("name") == "alice"


@pytest.mark.parametrize("given", ["sip:Al", "SIP:Al", "sip%3AAl", "wa:Al", "Sip:Al@host;x=y", "sip%3aAl"])
def test_a_scheme_is_no_part_of_a_name_in_a_path(given: str) -> None:
    assert Request({"pathParameters": {"name": given}}).path("name") == "Al"


@pytest.mark.parametrize("given", ["al@host", "al;x", "sipal", "xsip:al"])
def test_a_name_without_a_scheme_stays_what_it_is(given: str) -> None:
    assert Request({"pathParameters": {"name": given}}).path("name") == given


def test_only_a_name_loses_a_scheme() -> None:
    assert Request({"pathParameters": {"secret": "sip:al", "accountSid": "wa:al"}}).path("secret") == "sip:al"


def test_the_query_is_read_from_its_raw_form_where_there_is_one() -> None:
    assert Request({"rawQueryString": "a=1+2&b=%2B&a=3"}).query == {"a": "3", "b": "+"}
    assert Request({"queryStringParameters": {"a": "1"}}).query == {"a": "1"}
    assert Request({}).query == {}


def test_headers_are_found_in_any_case() -> None:
    assert Request({"headers": {"exotel-version": "1.0"}}).header("Exotel-Version") == "1.0"
    assert Request({"headers": {"Exotel-Version": "1.0"}}).header("exotel-version") == "1.0"
    assert Request({}).header("exotel-version") == ""


@pytest.mark.parametrize(
    ("header", "token"), [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("Bearer", ""), ("", "")]
)
def test_a_bearer_token_is_what_follows_its_scheme(header: str, token: str) -> None:
    assert Request({"headers": {"authorization": header}}).bearer() == token


def test_a_body_comes_as_text_or_as_base64() -> None:
    assert Request({"body": "ä"}).body == "ä".encode()
    assert Request({"body": base64.b64encode(b"\xff").decode(), "isBase64Encoded": True}).body == b"\xff"
    assert Request({}).body == b""


def test_a_lone_surrogate_is_replaced_in_every_part_of_a_request() -> None:
    request = Request({"pathParameters": {"name": "a\ud800"}, "headers": {"x": "\udfffb"}, "body": "\ud800"})
    assert (request.path("name"), request.header("x"), request.body) == ("a?", "?b", b"?")
    assert Request({"rawQueryString": "a=\ud800"}).query == {"a": "?"}


def test_a_body_that_is_no_base64_is_malformed() -> None:
    with pytest.raises(MalformedRequestError):
        _ = Request({"body": "%%%", "isBase64Encoded": True}).body


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, LARGEST_BODY * 2])
def test_a_body_over_the_limit_is_too_large(size: int) -> None:
    with pytest.raises(TooLargeError):
        _ = Request({"body": "x" * size}).body


def test_fields_of_api_gateway_are_absent_without_it() -> None:
    request = Request({})
    assert (request.route, request.request_id, request.arrived_at(1_700_000_000.0), request.source_address) == (
        *("", "", None, ""),
    )


@pytest.mark.parametrize(
    ("now", "arrived"),
    [(1000.0, 1000.0), (1009.9, 1000.0), (1010.0, None), (999.9, None)],
    ids=["at once", "after a wait", "a recorded event", "a clock that is behind"],
)
def test_a_request_arrived_a_short_while_ago_or_at_a_time_that_does_not_count(now: float, arrived: float) -> None:
    assert Request({"requestContext": {"timeEpoch": 1_000_000}}).arrived_at(now) == arrived


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "x-gzip", "utf-8 , gzip"])
def test_a_compressed_body_is_refused_by_its_header(encoding: str) -> None:
    body = base64.b64encode(gzip.compress(b"{}")).decode()
    for event in ({"body": body, "isBase64Encoded": True}, {"body": "\x1f\ufffd\b", "isBase64Encoded": False}):
        with pytest.raises(MalformedRequestError, match="uncompressed") as refused:
            _ = Request(event | {"headers": {"content-encoding": encoding}}).body
        assert refused.value.code == "encoded_body"


@pytest.mark.parametrize(("encoding", "body"), [("identity", "{}"), ("", "{}"), ("UTF-8", "{}"), ("gzip", "")])
def test_a_body_that_is_not_compressed_is_taken_whatever_the_header(encoding: str, body: str) -> None:
    assert Request({"headers": {"content-encoding": encoding}, "body": body}).body == body.encode()
