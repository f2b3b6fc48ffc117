"""Two windows that call each other, from login to the stars."""

import json
import time
from pathlib import Path

import httpx
import jwt
import pytest

from local import demo
from local.stack import LocalStack
from tests.browser.pages import (
    Strip,
    Window,
    audio,
    is_wider_than_its_window,
    log_in,
    phase,
    phone,
    since,
    wait_for_audio,
)
from tests.patience import in_time, patience

pytestmark = pytest.mark.long


def test_alice_calls_bob_and_they_talk(window: Window, tmp_path: Path) -> None:
    strip = Strip(tmp_path)
    alice, bob = window("/phone?as=alice"), window("/phone?as=bob")
    strip.take("login", alice, bob)
    log_in(alice)
    log_in(bob)
    alice.get_by_label("Message for the callee").fill("about your order")
    strip.take("contacts", alice, bob)
    alice.get_by_role("button", name="Call Bob").click()
    dialled = since(alice)
    phase(bob, "incoming")
    rang = since(bob) - dialled
    bob.get_by_text("about your order").wait_for()
    assert (alice.locator("h2").inner_text(), bob.locator("h2").inner_text()) == ("Bob", "Alice")
    phase(alice, "ringing")
    strip.take("ringing", alice, bob)
    bob.get_by_role("button", name="Accept").click()
    for page in (alice, bob):
        phase(page, "talking")
        wait_for_audio(page)
    strip.take("talking", alice, bob)
    heard = audio(alice), audio(bob)
    bob.get_by_role("button", name="Mute").click()
    assert bob.get_by_role("button", name="Unmute").get_attribute("aria-pressed") == "true"
    alice.get_by_role("button", name="Hang up").click()
    for page in (alice, bob):
        page.get_by_label("5: excellent").check(force=True)
    strip.take("feedback", alice, bob)
    for page in (alice, bob):
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Thank you").wait_for()
        page.get_by_role("button", name="Done").click()
    alice.get_by_text("answered").first.wait_for()
    strip.take("afterwards", alice, bob)
    figures = {
        "dial_to_ring_ms": rang,
        "audio_bytes_sent_and_received": dict(zip(("alice", "bob"), heard, strict=True)),
    }
    (strip.folder / "figures.json").write_text(json.dumps(figures))
    assert strip.join(alice).stat().st_size > 0
    assert in_time(rang / 1000, 2.0)


def test_the_callee_declines_and_both_see_it(window: Window) -> None:
    alice, bob = phone(window, "alice"), phone(window, "bob")
    alice.get_by_role("button", name="Call Bob").click()
    phase(bob, "incoming")
    bob.get_by_role("button", name="Decline").click()
    alice.get_by_text("declined by bob").wait_for()
    bob.get_by_text("you declined").wait_for()
    alice.get_by_role("button", name="Done").click()
    alice.locator(".recent li", has_text="rejected").first.wait_for()


def test_the_caller_hangs_up_before_an_answer(window: Window) -> None:
    alice, bob = phone(window, "alice"), phone(window, "bob")
    alice.get_by_role("button", name="Call Bob").click()
    phase(bob, "incoming")
    phase(alice, "ringing")
    alice.get_by_role("button", name="Hang up").click()
    bob.get_by_text("alice hung up").wait_for()


def test_a_phone_in_a_call_is_busy_for_a_third_party(window: Window) -> None:
    alice, bob, carol = (phone(window, name) for name in ("alice", "bob", "carol"))
    alice.get_by_role("button", name="Call Bob").click()
    phase(bob, "incoming")
    bob.get_by_role("button", name="Accept").click()
    phase(alice, "talking")
    carol.get_by_role("button", name="Call Bob").click()
    carol.get_by_text("bob is in another call").wait_for()
    phase(alice, "talking")
    alice.get_by_role("button", name="Hang up").click()
    phase(bob, "ended")


def test_a_callee_without_network_is_missed(window: Window) -> None:
    alice, bob = phone(window, "alice"), phone(window, "bob")
    bob.get_by_label("out of network").check()
    alice.get_by_role("button", name="Call Bob").click()
    phase(alice, "calling")
    alice.wait_for_timeout(2000)
    assert alice.locator("main").get_attribute("data-phase") == "calling"  # no phone of bob's rings
    bob.get_by_label("out of network").click()  # back in the network, where the push was waiting for it
    phase(bob, "incoming")
    phase(alice, "ringing")
    alice.get_by_role("button", name="Hang up").click()
    phase(bob, "ended")


def test_an_expired_token_is_renewed_before_the_dial(window: Window) -> None:
    alice, bob = phone(window, "alice"), phone(window, "bob")
    alice.get_by_label("Exotel's token expired").check()
    alice.get_by_role("button", name="Call Bob").click()
    phase(bob, "incoming")
    alice.get_by_text("had expired").wait_for()
    bob.get_by_role("button", name="Decline").click()
    phase(alice, "ended")


def test_two_more_windows_of_bob_stop_when_one_answers(window: Window, stack: LocalStack) -> None:
    """The Android phone by the platform's word to its SDK, the iPhone by a message of ours: its SDK knows nothing."""
    alice, first, iphone, third = (phone(window, name) for name in ("alice", "bob", "bob", "bob"))
    alice.get_by_role("button", name="Call Bob").click()
    for page in (first, iphone, third):
        phase(page, "incoming")
    first.get_by_role("button", name="Accept").click()
    phase(alice, "talking")
    third.get_by_text("answered on another phone").wait_for()
    if iphone.locator("main").get_attribute("data-phase") == "incoming":
        cancel(stack, demo.phone("bob", 1).token)
    iphone.get_by_text("answered on another phone").wait_for()
    alice.get_by_role("button", name="Hang up").click()


def cancel(stack: LocalStack, token: str) -> None:
    """Send what ends the ringing of the newest call on a phone, through the simulated APNs (docs/contract.md 7)."""
    invite = next(push for push in reversed(stack.simulators.pushes.accepted()) if push.token == token)
    message = {"type": "cancel", "subscriberName": "bob", "reason": "answeredElsewhere", "at": str(invite.at)}
    message |= {name: invite.data[name] for name in ("pushId", "callUuid")}
    apns = stack.simulators.apns
    headers = {"apns-topic": f"{apns.account.bundle_id}.voip", "apns-push-type": "voip", "apns-priority": "10"}
    headers["authorization"] = f"bearer {provider_token(stack)}"
    url = f"{stack.simulators.apns_servers.urls['production']}/3/device/{token}"
    with httpx.Client(http2=True, verify=False, timeout=patience(5)) as client:  # noqa: S501 - made for this run
        answer = client.post(url, json=message, headers=headers)
    assert answer.status_code == 200, answer.text


def provider_token(stack: LocalStack) -> str:
    account = stack.simulators.apns.account
    claims = {"iss": account.team_id, "iat": int(time.time()) // 1800 * 1800}
    return jwt.encode(claims, account.key_pem, algorithm="ES256", headers={"kid": account.key_id})


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_fits_its_window(window: Window, tmp_path: Path, dark: bool) -> None:
    page = window("/phone?as=erin", dark=dark)
    for at in ("login", "home"):
        for width in (320, 390, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 780})
            page.screenshot(path=str(tmp_path / f"{at}-{width}.png"))
            assert not is_wider_than_its_window(page), (at, width)
        if at == "login":
            log_in(page)


def test_a_phone_is_used_with_the_keyboard_alone(window: Window) -> None:
    page = window("/phone?as=frank")
    page.get_by_label("Password").focus()
    page.keyboard.press("Enter")
    phase(page, "home")
    page.get_by_role("button", name="Call Erin").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Hang up").focus()
    page.keyboard.press("Enter")
    phase(page, "ended")


def test_after_a_reload_the_window_is_the_same_phone_and_still_logged_in(window: Window) -> None:
    page = phone(window, "dave")
    before = page.locator("header").inner_text()
    page.reload()
    phase(page, "home")
    assert page.locator("header").inner_text() == before
