"""`PARAMETERS` of `make run`: the stack is deployed with them, and a wrong one is refused in one line."""

import json
import re
import urllib.request
from pathlib import Path

import boto3
import pytest

from tests.start.clone import BUILT, FETCHED, cloned
from tests.start.terminal import Terminal

pytestmark = pytest.mark.long


def test_the_stack_has_the_parameters_that_are_given(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "switchboard", *FETCHED, *BUILT)
    with Terminal(clone, PARAMETERS="RingSeconds=20 MissedCallPush=on") as run:
        run.until("ready http://")
        run.until("\n")
        (base,) = re.findall(r"ready (http://\S+)", run.output)
        with urllib.request.urlopen(f"{base}/_sim/aws") as answer:
            about = json.load(answer)
        keys = {name: about[name] for name in ("access_key_id", "secret_access_key")}
        session = boto3.Session(region_name=about["region"], **{f"aws_{name}": key for name, key in keys.items()})
        functions = session.client("lambda", endpoint_url=about["endpoint"]).list_functions()["Functions"]
        run.interrupt()
    found = [one["Environment"]["Variables"] for one in functions]
    assert {one["RING_SECONDS"] for one in found if "RING_SECONDS" in one} == {"20"}
    assert {one["MISSED_CALL_PUSH"] for one in found if "MISSED_CALL_PUSH" in one} == {"on"}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("RingSecond=20", "PARAMETERS: the template has no parameter RingSecond; did you mean RingSeconds?"),
        ("RingSeconds=61", "PARAMETERS: RingSeconds is at most 60, not '61'"),
        ("MissedCallPush", "PARAMETERS is written Name=value Name=value, not 'MissedCallPush'"),
    ],
)
def test_a_wrong_parameter_is_one_line(parameters: str, said: str, tmp_path: Path) -> None:
    with Terminal(cloned(tmp_path / "switchboard", *FETCHED, *BUILT), PARAMETERS=parameters) as run:
        assert run.end() != 0
    lines = [line for line in run.lines if not line.startswith("make")]
    assert lines[-1] == f"switchboard: {said}"
    assert len([line for line in lines if "PARAMETERS" in line]) == 1
    assert "Traceback" not in run.output
