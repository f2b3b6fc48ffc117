"""The secrets' adapter against Secrets Manager in moto."""

import pytest

from switchboard.aws import clients as aws
from switchboard.aws.errors import ClientError
from switchboard.aws.secrets import FRESH_SECONDS, RENEW_SECONDS, SecretsManagerSecret
from switchboard.foundation.errors import NotConfiguredError
from tests.deployment import Deployment
from tests.fakes.clock import FakeClock


def secret(stack: Deployment, clock: FakeClock) -> SecretsManagerSecret:
    return SecretsManagerSecret(aws.client("secretsmanager"), stack.reference("PushSecret"), clock)


def test_an_empty_secret_says_what_to_run_and_is_seen_soon_after_it_was_filled(
    stack: Deployment, clock: FakeClock
) -> None:
    push = secret(stack, clock)
    with pytest.raises(NotConfiguredError, match="switchboard setup"):
        push.value()
    stack.fill("PushSecret", {"fcm": {}})
    with pytest.raises(NotConfiguredError):
        push.value()
    clock.sleep(RENEW_SECONDS)
    assert push.value() == {"fcm": {}}


def test_a_secret_is_read_again_when_it_is_no_longer_fresh(stack: Deployment, clock: FakeClock) -> None:
    push = secret(stack, clock)
    stack.fill("PushSecret", {"version": 1})
    assert push.value() == {"version": 1}
    stack.fill("PushSecret", {"version": 2})
    assert push.value() == {"version": 1}
    clock.sleep(FRESH_SECONDS)
    assert push.value() == {"version": 2}


def test_a_renewed_secret_is_at_most_seconds_old(stack: Deployment, clock: FakeClock) -> None:
    push = secret(stack, clock)
    stack.fill("PushSecret", {"version": 1})
    push.value()
    stack.fill("PushSecret", {"version": 2})
    assert push.renewed() == {"version": 1}
    clock.sleep(RENEW_SECONDS)
    assert push.renewed() == {"version": 2}


def test_a_cached_secret_is_used_while_it_cannot_be_read(stack: Deployment, clock: FakeClock) -> None:
    push = secret(stack, clock)
    stack.fill("PushSecret", {"version": 1})
    push.value()
    stack.client("secretsmanager").delete_secret(SecretId=stack.reference("PushSecret"))
    clock.sleep(FRESH_SECONDS)
    assert push.value() == {"version": 1}


def test_a_secret_that_was_never_read_and_cannot_be_is_an_error(stack: Deployment, clock: FakeClock) -> None:
    stack.client("secretsmanager").delete_secret(SecretId=stack.reference("PushSecret"))
    with pytest.raises(ClientError):
        secret(stack, clock).value()


@pytest.mark.parametrize("text", ["[]", "not json", '"text"'])
def test_a_secret_that_is_no_json_object_counts_as_empty(stack: Deployment, clock: FakeClock, text: str) -> None:
    stack.client("secretsmanager").put_secret_value(SecretId=stack.reference("PushSecret"), SecretString=text)
    with pytest.raises(NotConfiguredError):
        secret(stack, clock).value()


def test_a_secret_of_bytes_counts_as_empty(stack: Deployment, clock: FakeClock) -> None:
    stack.client("secretsmanager").put_secret_value(SecretId=stack.reference("PushSecret"), SecretBinary=b"{}")
    with pytest.raises(NotConfiguredError):
        secret(stack, clock).value()
