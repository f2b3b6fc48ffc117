"""The panels of the workbench, each with what one call left in it, at each width, dark and light."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import demo
from local.options import Options
from local.stack import LocalStack
from tests.browser.pages import Window, is_wider_than_its_window
from tests.patience import in_time, patience

pytestmark = pytest.mark.long
PANELS = ("start", "requests", "calls", "pushes", "users", "faults", "queues")


@pytest.fixture(scope="module")
def sim(stack: LocalStack) -> Iterator[httpx.Client]:
    """A client of /_sim, after two calls: one of two phones lost, and FCM's credentials refused."""
    with httpx.Client(base_url=stack.base_url, timeout=patience(60)) as http:
        http.post("/_sim/faults", json={"target": "fcm", "error_code": "UNREGISTERED", "call": "next"})
        http.post("/_sim/calls", json={"from": "alice", "to": "dave"})
        http.post("/_sim/faults", json={"target": "fcm", "status": 401, "times": 9, "call": "next"})
        http.post("/_sim/calls", json={"from": "carol", "to": "alice"})
        yield http


def test_a_request_is_listed_within_a_second_with_its_log_lines(window: Window, sim: httpx.Client) -> None:
    page = window("/#requests", width=1440, height=900)
    page.locator("tr", has_text="dialtonumber").first.wait_for()
    body = {"user_name": "bob", "password": "not-his-password", "account_sid": "demo1m", "device_id": "d1"}
    assert sim.post("/v1/login", json=body).status_code == 403
    answered = time.monotonic()  # the function's own start is not the page's
    page.locator("tr", has_text="wrong_credentials").first.wait_for()
    assert in_time(time.monotonic() - answered, 1.0)
    page.locator("tr", has_text="wrong_credentials").first.get_by_role("link").click()
    page.get_by_role("heading", name="POST /v1/login").wait_for()
    detail = page.locator(".detail")
    detail.get_by_text('"service": "vend_token"').first.wait_for()
    assert "not-his-password" not in page.content()
    before = len(sim.get("/_sim/requests").json())
    detail.get_by_role("button", name="Send it again").click()
    until = time.monotonic() + patience(5)
    while len(sim.get("/_sim/requests").json()) == before:
        assert time.monotonic() < until
    assert sim.get("/_sim/requests").json()[-1]["status"] == 403
    page.get_by_label("Filter").fill("dialtonumber 200")
    assert page.locator("tbody tr", has_text="login").count() == 0


def test_each_call_has_its_verdict_and_its_timeline(window: Window, sim: httpx.Client) -> None:
    page = window("/#calls", width=1440, height=900)
    page.get_by_text("FCM refused our service account").first.wait_for()
    page.locator("a", has_text="alice → dave").first.click()
    page.locator(".lanes").wait_for()
    lanes = page.locator(".lane > .soft").all_inner_texts()
    assert {"Exotel", "Switchboard", "alice's app"} <= set(lanes)
    assert page.locator(".detail").get_by_text("UNREGISTERED").first.is_visible()
    page.reload()
    page.locator(".lanes").wait_for()


def test_a_call_sent_with_curl_is_listed(window: Window, sim: httpx.Client) -> None:
    page = window("/#calls", width=1440, height=900)
    server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    sim.put(f"/v1/accounts/{demo.ACCOUNT}/subscribers/ivan", json={"password": "no-context-yet"}, headers=server)
    query = {"CallSid": "by-hand-1", "CallFrom": "sip:ivan"}
    sim.get("/v1/accounts/demo1m/dialtonumber", params=query, auth=("exotel", "local-webhook-token"))
    page.locator("a", has_text="ivan → no one").first.wait_for()


def test_pushes_show_the_message_and_the_payload(window: Window, sim: httpx.Client) -> None:
    page = window("/#pushes")
    page.locator("summary", has_text="404 UNREGISTERED").first.wait_for()
    page.locator("summary", has_text="alice → dave").first.click()
    page.get_by_text('"callerId": "alice"').first.wait_for()


def test_users_are_added_and_suspended_and_dead_phones_restored(window: Window, sim: httpx.Client) -> None:
    page = window("/#users", width=1440, height=900)
    dave = page.locator(".users > li", has_text="dave")
    lost = dave.get_by_text("not registered")
    lost.first.wait_for()
    while lost.count():
        before = lost.count()
        dave.get_by_role("button", name="Restore").first.click()
        lost.nth(before - 1).wait_for(state="detached")
    page.get_by_label("New user").fill("gina")
    page.get_by_role("button", name="Add").click()
    gina = page.locator(".users > li", has_text="gina")
    gina.get_by_role("button", name="Suspend").click()
    gina.get_by_text("suspended").wait_for()
    gina.get_by_role("button", name="Activate").click()
    gina.get_by_text("suspended").wait_for(state="detached")


def test_a_fault_for_the_next_call_hits_no_other(window: Window, sim: httpx.Client) -> None:
    sim.delete("/_sim/faults")
    page = window("/#faults", width=1440, height=900)
    page.get_by_label("Error code").fill("UNAVAILABLE")
    page.get_by_role("button", name="Set", exact=True).click()
    page.locator(".faults li", has_text="UNAVAILABLE").wait_for()
    server = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    sim.put(f"/v1/accounts/{demo.ACCOUNT}/subscribers/heidi", json={"password": "no-phone-yet"}, headers=server)
    placed = sim.post("/_sim/calls", json={"from": "bob", "to": "heidi"}).json()
    assert placed["outcome"] == "no-device"  # so the fault did not happen
    page.get_by_text("None: everything works.").wait_for()
    assert sim.get("/_sim/faults").json() == []


def test_dead_letters_are_shown_and_redriven(window: Window, sim: httpx.Client) -> None:
    sim.post("/_sim/faults", json={"target": "fcm", "status": 401, "times": 9, "call": "next"})
    refused = sim.post("/_sim/calls", json={"from": "carol", "to": "alice"}).json()
    assert "FCM 401" in refused["steps"][-1]["detail"]
    page = window("/#queues", width=1440, height=900)
    page.locator("tr.bad", has_text="PushDeadLetterQueue").wait_for()
    page.locator(".letters li").first.wait_for()
    shown: list[str] = []
    page.on("request", lambda request: shown.append(request.url) if "dead-letters" in request.url else None)
    page.wait_for_timeout(5000)
    assert shown == []  # to look at them hides them for a moment, which is no news
    page.get_by_role("button", name="Redrive").click()
    page.locator("tr.bad").wait_for(state="detached")


def test_a_played_call_shows_its_steps(window: Window, sim: httpx.Client) -> None:
    page = window("/")
    page.get_by_role("button", name="Call", exact=True).click()
    page.locator(".steps li", has_text="phone-rang").wait_for()
    page.locator(".tag", has_text="answered").wait_for()


def test_the_reference_sends_requests_and_loads_nothing_from_elsewhere(window: Window, stack: LocalStack) -> None:
    page = window("/docs#get-/v1/accounts/-accountSid-/subscribers/-name-/contacts", width=1440, height=900)
    elsewhere: list[str] = []
    page.on(
        "request", lambda request: None if request.url.startswith(stack.base_url) else elsewhere.append(request.url)
    )
    page.get_by_text("Logged in as alice").wait_for()
    page.get_by_role("button", name="Try").click()
    page.get_by_text("Response Status: OK:200").wait_for()
    assert elsewhere == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1440, 1920])
def test_each_panel_fits_each_window(window: Window, sim: httpx.Client, width: int, dark: bool, tmp_path: Path) -> None:
    page = window("/", width=width, height=900, dark=dark)
    requests, calls = sim.get("/_sim/requests").json(), sim.get("/_sim/calls").json()["calls"]
    shown = (*PANELS, f"requests/{requests[-1]['number']}", f"calls/{calls[-1]['id']}")
    for panel in shown:
        page.evaluate(f"location.hash = '{panel}'")
        if "/" in panel:
            page.locator(".detail h2").wait_for()
        page.locator(".empty", has_text="Reading").first.wait_for(state="detached")
        page.wait_for_timeout(100)
        page.screenshot(path=str(tmp_path / f"{panel.replace('/', '-')[:16]}-{width}.png"))
        assert not is_wider_than_its_window(page), panel
    page.goto(f"{sim.base_url}/docs")
    page.get_by_text("Logged in as alice").wait_for()
    page.screenshot(path=str(tmp_path / f"docs-{width}.png"))
    assert not is_wider_than_its_window(page)


def test_a_stopped_stack_says_so(window: Window, browser: Any) -> None:
    with LocalStack(Options(port=0)) as short:
        workbench, phone = window("/", base=short.base_url), window("/phone?as=bob", base=short.base_url)
        workbench.get_by_text("Open phones").wait_for()
    for page in (workbench, phone):
        page.get_by_text("The stack has stopped").wait_for()
