"""Metrics as they are printed in EMF."""

import json

import pytest


def counted(capsys: pytest.CaptureFixture[str], name: str) -> list[float]:
    """Return the values of a metric in what was printed since the last look."""
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [value for metric in metrics for value in metric.get(name, [])]
