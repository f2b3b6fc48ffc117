"""Two windows that call each other, from login to the stars."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.patience import in_time, patience

pytestmark = pytest.mark.long
Window = Callable[..., Any]


def log_in(page: Any) -> Any:
    page.get_by_role("button", name="Log in").click()
    phase(page, "home")
    return page


def phase(page: Any, wanted: str) -> None:
    page.locator(f"main[data-phase={wanted}]").wait_for()


def since(page: Any) -> int:
    """When the phone came into its phase, in milliseconds."""
    return int(page.locator(".call").get_attribute("data-since"))


def audio(page: Any) -> tuple[int, int]:
    found = page.locator(".audio")
    return int(found.get_attribute("data-sent")), int(found.get_attribute("data-received"))


def wait_for_audio(page: Any) -> None:
    until = time.monotonic() + patience(10)
    while min(audio(page)) == 0:
        assert time.monotonic() < until, "no audio flows"
        page.wait_for_timeout(200)


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
    assert bob.locator("h2").inner_text() == "Alice"
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
    assert in_time(rang / 1000, 2.0)


class Strip:
    """Screenshots of both windows, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._count = folder, 0

    def take(self, name: str, *pages: Any) -> None:
        self._count += 1
        for side, page in zip(("alice", "bob"), pages, strict=False):
            page.wait_for_timeout(150)
            page.screenshot(path=str(self.folder / f"{self._count}-{name}-{side}.png"))
