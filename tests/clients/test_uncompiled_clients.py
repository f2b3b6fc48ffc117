"""The clients in languages without a compiler here: parsed, and compared request by request with the compiled ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from docs.openapi.document import app_document
from tests.clients.tools import python, run
from tests.sam_template import ROOT

CLIENTS = ROOT / "clients"
EXCHANGES = json.loads((CLIENTS / "exchanges.json").read_text())
DOCUMENT = app_document()
UNCOMPILED = sorted([*CLIENTS.glob("swift/*"), *CLIENTS.glob("dart/*"), CLIENTS / "kotlin" / "AndroidApp.kt"])
CORES = [CLIENTS / "swift" / "Switchboard.swift", CLIENTS / "dart" / "switchboard.dart"]
# what the phones send and Android's stand-in does not: of a token of Apple's
APPLES = {"environment", "bundleId"}
CREDENTIALS = {"user_name", "password"}  # what a login has instead of an id token


def requests_of(core: Path) -> list[dict[str, Any]]:
    script = Path(__file__).with_name("requests_of.py")
    found: list[dict[str, Any]] = json.loads(run(python(), script, core, cwd=script.parent))
    return found


def covers(one: dict[str, Any], exchange: dict[str, Any]) -> bool:
    """Whether a request in the source is that exchange, or it with more of the optional fields."""
    same = all(one[part] == exchange[part] for part in ("method", "path"))
    more = set(one["body"]) - APPLES - set(exchange["body"])
    proven = more <= CREDENTIALS if one["bearer"] is None else one["bearer"] == exchange["bearer"] and not more
    fields = all(set(exchange[part]) <= set(one[part]) for part in ("query", "body"))
    return same and fields and proven


@pytest.mark.long
@pytest.mark.parametrize("file", UNCOMPILED, ids=lambda file: file.name)
def test_it_parses(file: Path) -> None:
    run(python(), Path(__file__).with_name("parse.py"), file)


@pytest.mark.long
def test_a_syntax_error_is_found(tmp_path: Path) -> None:
    for name, source in (("a.swift", "func f( {"), ("a.dart", "void f( {")):
        (tmp_path / name).write_text(source)
        with pytest.raises(AssertionError, match="line 1"):
            run(python(), Path(__file__).with_name("parse.py"), tmp_path / name)


@pytest.mark.long
@pytest.mark.parametrize("core", CORES, ids=lambda core: core.parent.name)
def test_it_sends_what_the_compiled_clients_send(core: Path) -> None:
    made = requests_of(core)
    assert [one for one in EXCHANGES if not any(covers(request, one) for request in made)] == []
    assert [one for one in made if not any(covers(one, exchange) for exchange in EXCHANGES)] == []


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda one: f"{one['method']} {one['path'].rpartition('/')[2]}")
def test_each_recorded_request_is_one_that_the_document_knows(exchange: dict[str, Any]) -> None:
    operation = DOCUMENT["paths"][exchange["path"]][exchange["method"].lower()]
    assert set(exchange["query"]) <= {one.get("name") for one in operation["parameters"]}


@pytest.mark.parametrize("file", UNCOMPILED, ids=lambda file: file.name)
def test_its_first_line_says_that_it_is_not_compiled(file: Path) -> None:
    assert file.read_text().startswith("// Not compiled by our tests")


@pytest.mark.parametrize("file", sorted(CLIENTS.glob("*/*.*")), ids=lambda file: file.name)
def test_a_client_is_short_enough_to_read(file: Path) -> None:
    assert len(file.read_text().splitlines()) < 400
