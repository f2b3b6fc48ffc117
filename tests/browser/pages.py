"""What tests do on the pages."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.patience import patience

Window = Callable[..., Any]


def log_in(page: Any) -> Any:
    page.get_by_role("button", name="Log in").click()
    phase(page, "home")
    return page


def phone(window: Window, name: str) -> Any:
    """Open a window as a phone, and log in."""
    return log_in(window(f"/phone?as={name}"))


def phase(page: Any, wanted: str) -> None:
    page.locator(f"main[data-phase={wanted}]").wait_for()


def since(page: Any) -> int:
    """When the phone came into its phase, in milliseconds."""
    return int(page.locator(".call").get_attribute("data-since"))


def audio(page: Any) -> tuple[int, int]:
    """Bytes sent and received."""
    found = page.locator(".audio")
    return int(found.get_attribute("data-sent")), int(found.get_attribute("data-received"))


def wait_for_audio(page: Any) -> None:
    until = time.monotonic() + patience(10)
    while min(audio(page)) == 0:
        assert time.monotonic() < until, "no audio flows"
        page.wait_for_timeout(200)


def is_wider_than_its_window(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


class Strip:
    """Screenshots of both windows, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._count = folder, 0

    def take(self, name: str, *pages: Any) -> None:
        self._count += 1
        for side, page in zip(("alice", "bob"), pages, strict=False):
            page.wait_for_timeout(150)
            page.screenshot(path=str(self.folder / f"{self._count}-{name}-{side}.png"))
