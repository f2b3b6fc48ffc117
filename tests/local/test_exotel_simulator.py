"""The simulated Subscriber API answers as contract 3 says the real one does."""

from collections.abc import Iterator

import httpx
import pytest

from local.simulators import Simulators
from local.simulators.faults import Fault
from tests.patience import patience


@pytest.fixture
def exotel(simulators: Simulators) -> Iterator[httpx.Client]:
    auth = ("local-exotel-key", "local-exotel-token")
    with httpx.Client(base_url=f"{simulators.exotel_url}/v2/accounts/demo1m", auth=auth, timeout=patience(5)) as client:
        yield client
        simulators.faults.clear()


def create(exotel: httpx.Client, *names: str) -> httpx.Response:
    return exotel.post("/subscribers", json={"subscribers": [{"subscriber_name": name} for name in names]})


def token(exotel: httpx.Client, name: str, **changes: str) -> httpx.Response:
    asked = {"subscriber_name": name, "device_id": "2fc4b5912826ad1", "platform": "android"}
    return exotel.post("/subscriber-token", json=asked | changes)


def test_a_request_without_the_accounts_credentials_is_401(exotel: httpx.Client) -> None:
    assert exotel.get("/subscribers/ann", auth=("local-exotel-key", "wrong")).status_code == 401
    assert httpx.get(exotel.base_url.join("subscribers"), timeout=patience(5)).status_code == 401


def test_a_bulk_creation_is_207_with_a_verdict_on_each(exotel: httpx.Client) -> None:
    create(exotel, "bulk1")
    answer = create(exotel, "bulk1", "bulk2", "no spaces")
    assert answer.status_code == 207
    body = answer.json()
    assert body["metadata"] == {"failed": 2, "success": 1}
    assert [part["code"] for part in body["response"]] == [409, 200, 400]
    assert body["response"][1]["data"]["subscriber_name"] == "bulk2"
    assert body["response"][1]["data"]["date_created"].endswith("+05:30")


def test_more_than_ten_at_once_are_refused(exotel: httpx.Client) -> None:
    assert create(exotel, *(f"many{number}" for number in range(11))).status_code == 400


@pytest.mark.parametrize("name", ["", "a b", "seventeenlettersx", "ümlaut"])
def test_a_name_that_exotel_would_refuse_is_refused(exotel: httpx.Client, name: str) -> None:
    assert create(exotel, name).json()["response"][0]["code"] == 400
    assert token(exotel, name).status_code == 400


def test_a_token_pair_lives_as_documented_and_is_bound_to_the_device(
    exotel: httpx.Client, simulators: Simulators
) -> None:
    create(exotel, "tokens")
    answer = token(exotel, "tokens", platform="ios", device_id="my-phone").json()
    assert answer["http_code"] == 200
    assert answer["response"]["data"]["subscriber_name"] == "tokens"
    pair = answer["response"]["data"]["subscriber_token"]
    access, refresh = (simulators.exotel.tokens.read(pair[kind]) for kind in ("access_token", "refresh_token"))
    assert int(str(access["exp"])) - int(str(access["iat"])) == 30 * 60
    assert int(str(refresh["exp"])) - int(str(refresh["iat"])) == 24 * 60 * 60
    assert (access["sub"], access["device_id"], access["platform"]) == ("tokens", "my-phone", "ios")


def test_an_unknown_name_is_404_in_exotels_words(exotel: httpx.Client) -> None:
    unknown = {"code": 1000, "description": "Subscriber not found", "message": "Not Found"}
    asked = token(exotel, "nobody"), exotel.get("/subscribers/nobody"), exotel.delete("/subscribers/nobody")
    assert [answer.status_code for answer in asked] == [404, 404, 404]
    assert [answer.json()["response"]["error_data"] for answer in asked] == [unknown] * 3


def test_names_keep_their_case(exotel: httpx.Client) -> None:
    create(exotel, "Case", "case")
    assert exotel.delete("/subscribers/Case").status_code == 204
    assert exotel.get("/subscribers/case").status_code == 200


def test_an_inactive_subscriber_gets_no_token(exotel: httpx.Client) -> None:
    create(exotel, "sleeper")
    changed = exotel.put("/subscribers/sleeper", json={"status": "inactive", "custom_field": "x"}).json()
    assert (changed["response"]["data"]["status"], changed["response"]["data"]["custom_field"]) == ("inactive", "x")
    assert token(exotel, "sleeper").status_code == 400
    assert exotel.put("/subscribers/sleeper", json={"status": "asleep"}).status_code == 400


def test_listing_pages_through_everyone(simulators: Simulators) -> None:
    simulators.exotel.accounts["paged"] = ("key", "token")
    with httpx.Client(base_url=simulators.exotel_url, auth=("key", "token"), timeout=patience(5)) as exotel:
        names = [f"page{number}" for number in range(5)]
        body = {"subscribers": [{"subscriber_name": name} for name in names]}
        exotel.post("/v2/accounts/paged/subscribers", json=body)
        seen, uri = [], "/v2/accounts/paged/subscribers?status=active&page_size=2"
        while uri:
            page = exotel.get(uri).json()
            seen += [part["data"]["subscriber_name"] for part in page["response"]]
            uri = page["metadata"]["next_page_uri"]
        assert seen == names
        assert exotel.get("/v2/accounts/paged/subscribers?page_size=101").status_code == 400


def test_one_account_does_not_see_another(exotel: httpx.Client, simulators: Simulators) -> None:
    simulators.exotel.accounts["other"] = ("local-exotel-key", "local-exotel-token")
    create(exotel, "mine")
    assert exotel.get(f"{simulators.exotel_url}/v2/accounts/other/subscribers/mine").status_code == 404


def test_a_fault_takes_the_place_of_an_answer_and_is_used_up(exotel: httpx.Client, simulators: Simulators) -> None:
    create(exotel, "faulty")
    simulators.faults.add(Fault("exotel", status=429, retry_after=7))
    refused = token(exotel, "faulty")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    assert token(exotel, "faulty").status_code == 200


def test_a_fault_can_refuse_one_name_of_a_bulk_creation(simulators: Simulators, exotel: httpx.Client) -> None:
    simulators.faults.add(Fault("exotel", status=500, subscriber="unlucky"))
    assert [part["code"] for part in create(exotel, "lucky", "unlucky").json()["response"]] == [200, 500]
    assert create(exotel, "unlucky").json()["response"][0]["code"] == 200
