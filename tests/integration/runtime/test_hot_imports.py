"""What the functions that Exotel waits for must not import, each in a process of its own."""

import subprocess
import sys

import pytest

from local.simulators.apns_account import new_apns_account

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


CONNECTS = """
import sys, time
from types import SimpleNamespace
from switchboard.pushes.apns import ApnsGateway
app = {"key": sys.stdin.read(), "key_id": "K", "team_id": "T", "bundle_id": "B"}
secret = {"fcm": {}} | ({"apns": app} if sys.argv[1:] else {})
ApnsGateway(SimpleNamespace(value=lambda: secret), time.time).connect()
print(*{name.partition('.')[0] for name in sys.modules})
"""


@pytest.mark.parametrize("has_apns", [False, True])
def test_http2_is_imported_only_where_there_is_an_apns_key(*, has_apns: bool) -> None:
    run = subprocess.run(
        [sys.executable, "-c", CONNECTS, *(["apns"] if has_apns else [])],
        env={"PYTHONPATH": "layers/switchboard", "PATH": ""},
        input=new_apns_account().key_pem,
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = {"httpcore", "h2", "cryptography", "asyncio"}
    assert wanted & set(run.stdout.split()) == (wanted if has_apns else set())
