"""What tests do on the pages."""

import base64
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
        self.folder = folder
        self.names: list[str] = []

    def take(self, name: str, *pages: Any) -> None:
        self.names.append(name)
        for side, page in zip(("alice", "bob"), pages, strict=False):
            page.wait_for_timeout(150)
            page.screenshot(path=str(self._file(name, side)))

    def join(self, page: Any) -> Path:
        """Put all into one picture, alice's above bob's."""
        sheet = page.context.browser.new_page(viewport={"width": 8 + 208 * len(self.names), "height": 100})
        columns = "".join(
            f"<figure style='margin:0;width:200px'><figcaption>{name}</figcaption>{self._shown(name)}</figure>"
            for name in self.names
        )
        style = "display:flex;gap:8px;padding:8px;margin:0;width:max-content;background:#c6cdcb;font:14px system-ui"
        sheet.set_content(f"<body style='{style}'>{columns}")
        joined = self.folder / "strip.png"
        sheet.screenshot(path=str(joined), full_page=True)
        sheet.close()
        return joined

    def _shown(self, name: str) -> str:
        files = (self._file(name, side).read_bytes() for side in ("alice", "bob"))
        pictures = (f"data:image/png;base64,{base64.b64encode(file).decode()}" for file in files)
        return "".join(f"<img src='{one}' width=200 style='display:block;margin-top:6px'>" for one in pictures)

    def _file(self, name: str, side: str) -> Path:
        return self.folder / f"{self.names.index(name) + 1}-{name}-{side}.png"
