"""Metrics as they are printed in EMF."""

import json

import pytest


def counted(capsys: pytest.CaptureFixture[str], name: str) -> list[float]:
    """Return the values of a metric in what was printed since the last look."""
    return values_in(capsys.readouterr().out, name)


def values_in(printed: str, name: str) -> list[float]:
    metrics = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return [value for metric in metrics for value in metric.get(name, [])]
