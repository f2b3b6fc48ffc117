"""What INIT does about garbage collection, each time in a process of its own."""

import subprocess
import sys

import pytest

SHOWN = """
import gc
from switchboard.runtime.warm import warm
during = gc.isenabled()
warm(lambda: None)
print(during, gc.isenabled(), gc.get_freeze_count() > 10_000)
"""


def collection(environment: dict[str, str]) -> list[str]:
    """Return whether garbage is collected during INIT and after it, and whether what INIT made is exempt."""
    variables = {"PYTHONPATH": "layers/switchboard", "PATH": "", **environment}
    run = subprocess.run([sys.executable, "-c", SHOWN], env=variables, capture_output=True, text=True, check=True)
    return run.stdout.split()


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [({"AWS_LAMBDA_FUNCTION_NAME": "DialWhom"}, ["False", "True", "True"]), ({}, ["True", "True", "False"])],
    ids=["in Lambda", "elsewhere"],
)
def test_garbage_collection_is_off_during_init_and_skips_objects_made_there(
    environment: dict[str, str], wanted: list[str]
) -> None:
    assert collection(environment) == wanted
