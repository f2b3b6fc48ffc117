"""A built function after a restore from a snapshot: the first request uses nothing from before."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.events import recorded
from tests.patience import patience
from tests.runtime.lambda_runtime import BUILD, runtime_client_in
from tests.runtime.snapshots import FakeLambda, fake_lambda
from tests.runtime.test_built_functions import environment, event_of

# What each calls for its first request: the secret and, for Dial Whom, a read are INIT's, made once more.
CALLS = {
    "DialWhomFunction": ["GetSecretValue", "GetItem", "UpdateItem", "GetItem"],
    "AcceptPushFunction": ["GetSecretValue", "SendMessage"],
}


def start(function: str, played: FakeLambda, scratch: Path) -> subprocess.Popen[bytes]:
    """Run it as SnapStart does: with no keys in the environment, but the address where they are."""
    layers = [BUILD / name / "python" for name in ("DependenciesLayer", "SwitchboardLayer")]
    path = [BUILD / function, *layers, runtime_client_in(scratch)]
    keys = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    given = {name: value for name, value in environment(function, f"http://{played.url}").items() if name not in keys}
    variables = given | {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(map(str, path)),
        "AWS_LAMBDA_RUNTIME_API": played.url,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{played.url}/credentials",
    }
    command = [f"{sys.base_prefix}/bin/python3", "-S", "-m", "awslambdaric", "app.handler"]
    return subprocess.Popen(
        command, cwd=BUILD / function, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@contextmanager
def restored(function: str, scratch: Path) -> Iterator[FakeLambda]:
    """Run it up to its snapshot; once the block has changed AWS, have it restored, with a request waiting."""
    event = recorded(event_of(function))
    event["headers"]["authorization"] = f"Basic {base64.b64encode(b'exotel:password-after').decode()}"
    with fake_lambda(event) as played:
        process = start(function, played, scratch)
        try:
            assert played.snapshot.wait(patience(15))
            yield played
            played.restored.set()
            assert played.answered.wait(patience(15))
        finally:
            process.terminate()
            process.wait(patience(10))


@pytest.mark.parametrize(("function", "calls"), CALLS.items())
def test_connections_credentials_and_secrets_are_new_after_a_restore(
    function: str, calls: list[str], tmp_path: Path
) -> None:
    with restored(function, tmp_path) as played:
        before = list(played.calls)
        played.key, played.password = "KEYAFTER", "password-after"
    after = played.calls[len(before) :]
    assert {key for _, key, _ in before} == {"KEYBEFORE"}
    assert {key for _, key, _ in after} == {"KEYAFTER"}
    assert not {address for *_, address in before} & {address for *_, address in after}
    assert [operation for operation, *_ in after] == calls
    assert played.answer["statusCode"] == 200


def test_a_restore_succeeds_while_aws_fails(tmp_path: Path) -> None:
    with restored("DialWhomFunction", tmp_path) as played:
        played.fails = True
    assert played.answer["statusCode"] == 503
