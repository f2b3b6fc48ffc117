"""The simulated APNs, proved by clients that others wrote: they take it for Apple's."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest

from local.simulators import Simulators
from local.simulators.apns_account import BUNDLE_ID
from tests.patience import patience

HERE = Path(__file__).parent
TOKEN, UNKNOWN = "ab" * 32, "00" * 32
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: the clients of APNs for Node are not tried")
    folder = tmp_path_factory.mktemp("apns-clients")
    for name in ("package.json", "package-lock.json", "clients.mjs"):
        shutil.copy(HERE / name, folder)
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300)
    return folder


def test_the_node_clients_ring_a_phone_and_understand_a_refusal(simulators: Simulators, node_modules: Path) -> None:
    account, url = simulators.apns.account, urlsplit(simulators.apns_servers.urls["production"])
    told = {
        "host": url.hostname,
        "port": url.port,
        "ca": simulators.apns_root_pem,
        "key": account.key_pem,
        "keyId": account.key_id,
        "teamId": account.team_id,
        "bundle": BUNDLE_ID,
        "token": TOKEN,
        "unknown": UNKNOWN,
    }
    simulators.pushes.clear()

    ran = subprocess.run(
        ["node", "clients.mjs"],
        cwd=node_modules,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
        timeout=patience(30),
    )

    assert ran.returncode == 0, ran.stderr
    expected = ["sent", "sent", "400 BadDeviceToken"]
    assert json.loads(ran.stdout) == {"node-apn": expected, "apns2": expected}
    kinds = [(push.headers or {})["apns-push-type"] for push in simulators.pushes.accepted()]
    assert kinds == ["voip", "alert"] * 2


def test_nghttp_speaks_to_it(simulators: Simulators) -> None:
    nghttp = shutil.which("nghttp")
    if nghttp is None:
        pytest.skip("nghttp is not installed (Debian: nghttp2-client): it is not tried")
    account = simulators.apns.account
    claims = {"iss": account.team_id, "iat": int(time.time()) // 1800 * 1800}
    headers = {
        ":method": "POST",
        "authorization": f"bearer {jwt.encode(claims, account.key_pem, 'ES256', {'kid': account.key_id})}",
        "apns-topic": f"{BUNDLE_ID}.voip",
        "apns-push-type": "voip",
    }
    simulators.pushes.clear()
    simulators.apns.provider_tokens.seen.clear()

    shown = subprocess.run(
        [
            *(nghttp, "--verbose", "--data=-", f"{simulators.apns_servers.urls['sandbox']}/3/device/{TOKEN}"),
            *(f"--header={name}: {value}" for name, value in headers.items()),
        ],
        input='{"payload":"a.b.c"}',
        capture_output=True,
        text=True,
        check=True,
        timeout=patience(10),
    ).stdout

    assert ":status: 200" in shown
    assert "SETTINGS_MAX_CONCURRENT_STREAMS(0x03):1]" in shown
    (push,) = simulators.pushes.accepted()
    assert (push.host, push.message) == ("sandbox", {"payload": "a.b.c"})
