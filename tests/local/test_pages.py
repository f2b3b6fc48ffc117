"""What the pages are made of."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from local.gateway.public_server import PublicServer
from local.gateway.servers import Servers
from local.options import Options
from local.simulators import start_simulators
from local.workbench.pages import OPENAPI, PAGES
from tests.patience import patience
from tests.sam_template import ROOT

FOLDER = ROOT / "local" / "workbench" / "pages"


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with ExitStack() as stack:
        servers = stack.enter_context(Servers())
        public = PublicServer(servers, Options(port=0), start_simulators(servers, {}))
        yield stack.enter_context(httpx.Client(base_url=public.base_url, timeout=patience(5)))


@pytest.mark.parametrize("page", PAGES)
def test_everything_that_a_page_names_is_served(http: httpx.Client, page: str) -> None:
    """From the page on: its scripts and styles, and what its modules import."""
    seen, waiting = set[str](), [page]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = http.get(path)
        assert answer.status_code == 200, path
        assert not re.search(r"""(?:src|href|from|url\()\s*=?\s*["']?https?://""", answer.text[:20_000]), path
        named = re.findall(r'(?:src|href)="(/workbench/[^"]+)"', answer.text) if path == page else []
        named += [str(httpx.URL(path).join(one)) for one in re.findall(r'(?:from|import) "(\.[^"]+)"', answer.text)]
        waiting += [one for one in named if one not in seen]
    assert len(seen) > 4


def test_the_library_is_the_npm_packages_own_file_and_comes_zipped(http: httpx.Client) -> None:
    with http.stream("GET", "/workbench/vendor/rapidoc-9.3.8.js") as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        raw = b"".join(answer.iter_raw())
    assert raw == (FOLDER / "vendor" / "rapidoc-9.3.8.js.gz").read_bytes()


def test_openapi_json_is_ours_for_this_server(http: httpx.Client) -> None:
    served, ours = http.get("/openapi.json").json(), json.loads(OPENAPI.read_text(encoding="utf-8"))
    assert served["servers"] == [{"url": str(http.base_url).rstrip("/"), "description": "make run"}]
    assert served["paths"].keys() == ours["paths"].keys()
    assert "'unsafe-inline'" not in http.get("/").headers["Content-Security-Policy"]
    assert "script-src" not in http.get("/docs").headers["Content-Security-Policy"]  # so scripts are ours alone


def test_files_of_the_pages_are_small() -> None:
    ours = [file for file in FOLDER.rglob("*.*") if file.is_file() and file.parent.name != "vendor"]
    assert len(ours) > 20
    long = {file.name: count for file in ours if (count := len(file.read_text().splitlines())) > 275}
    assert long == {}
