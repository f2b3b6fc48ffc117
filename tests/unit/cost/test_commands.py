"""The calculator and the simulation answer for numbers that somebody gives on the command line."""

import sys

import pytest

from benchmarks.cost import __main__ as cost
from benchmarks.quotas import __main__ as quotas
from benchmarks.quotas.deployments import usual
from tests.sam_template import load


def said(command: object, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", ["command", *words.split()])
    command.main()  # type: ignore[attr-defined]
    return capsys.readouterr().out


def test_a_months_bill_follows_what_is_assumed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = said(cost, "1000000", monkeypatch, capsys)
    fewer = said(cost, "1000000 events=2", monkeypatch, capsys)
    assert "| API Gateway requests | 12.01 | 12.61 | 12.01 |" in plain
    assert "| API Gateway requests | 9.01 | 9.46 | 9.01 |" in fewer


def test_one_quota_changed_shows_in_a_burst(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    narrow = said(quotas, "5 concurrency=10 --seed 3", monkeypatch, capsys)
    assert narrow == said(quotas, "5 concurrency=10 --seed 3", monkeypatch, capsys)
    assert narrow != said(quotas, "5 concurrency=10 --seed 4", monkeypatch, capsys)
    wide = said(quotas, "5 --seed 3", monkeypatch, capsys).splitlines()
    calls, rang = (int(line.split()[0]) for line in wide[:2])
    assert calls == rang > int(narrow.splitlines()[1].split()[0])
    assert narrow != said(quotas, "5 concurrency=10 dial_whom_wait_ms=1000 --seed 3", monkeypatch, capsys)


@pytest.mark.parametrize("command", [cost, quotas])
def test_an_unknown_name_is_refused_with_those_there_are(
    command: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        said(command, "5 phones=2", monkeypatch, capsys)
    assert "no such name: phones; there are " in capsys.readouterr().err


def test_the_templates_own_limits_are_read_from_it() -> None:
    parameters = load()["Parameters"]
    limits = usual()
    assert limits.api_rate == parameters["ThrottleRate"]["Default"]
    assert limits.api_burst == parameters["ThrottleBurst"]["Default"]
