"""What the functions that Exotel waits for must not import, each in a process of its own."""

import subprocess
import sys

import pytest

HEAVY = {"pydantic", "httpx", "pyfcm", "cryptography", "jwt", "argon2", "boto3", "requests", "google", "urllib3", "xml"}
HEAVY |= {"botocore.session"}  # Powertools imports `botocore` itself where it is installed


@pytest.mark.parametrize("folder", ["dial_whom", "accept_push", "accept_call_event"])
def test_a_hot_function_imports_nothing_that_exotel_would_wait_for(folder: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import sys, app; print(*sys.modules)"],
        cwd=f"functions/{folder}",
        env={"PYTHONPATH": "../../layers/switchboard", "POWERTOOLS_SERVICE_NAME": folder, "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert "switchboard.aws.json_client" in loaded
    assert not HEAVY & loaded
