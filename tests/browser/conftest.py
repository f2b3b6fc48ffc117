"""A stack, and windows of a real browser on its pages. Needs chromium and `.tools/browser` (make test-all)."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.options import Options
from local.stack import LocalStack
from tests.patience import patience

ROOT = Path(__file__).parents[2]
PLAYWRIGHT = ROOT / ".tools" / "browser" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
FLAGS = (
    *(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
    ),
    *("--allow-loopback-in-peer-connection", "--no-sandbox", "--disable-gpu"),
)
# A request that the page expects to fail is still a line of the browser's console.
EXPECTED = "Failed to load resource"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser, or a skip that says what is missing."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: the pages are not tested (apt-get install chromium)")
    if not PLAYWRIGHT.exists():
        pytest.skip("no playwright: the pages are not tested (make .tools/browser/.ready)")
    sys.path.append(str(PLAYWRIGHT))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def stack(browser: Any) -> Iterator[LocalStack]:
    """A stack of its own, since the tests change users, faults and queues."""
    with LocalStack(Options(port=0)) as running:
        assert (
            running.call("alice", "bob")["outcome"] == "ringing"
        )  # as `make run` does, so that all functions are warm
        yield running


@pytest.fixture
def window(browser: Any, stack: LocalStack) -> Iterator[Callable[..., Any]]:
    """Open a window on a path; at the end no window may have had an error in its console."""
    opened: list[Any] = []
    problems: list[str] = []

    def open_window(path: str, *, width: int = 390, height: int = 780, dark: bool = False, base: str = "") -> Any:
        scheme = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(patience(15) * 1000)
        page.on("console", lambda message: _note(problems, message))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto((base or stack.base_url) + path)
        return page

    yield open_window
    for context in opened:
        context.close()
    assert problems == []


def _note(problems: list[str], message: Any) -> None:
    if message.type == "error" and not message.text.startswith(EXPECTED):
        problems.append(message.text)
