"""The session keys' adapter against Secrets Manager in moto."""

import pytest

from switchboard.aws import clients as aws
from switchboard.aws.errors import ClientError
from switchboard.aws.secrets import FRESH_SECONDS, RENEW_SECONDS
from switchboard.foundation.errors import NotConfiguredError
from switchboard.login.session_keys import SecretsManagerSessionKeys
from tests.deployment import Deployment
from tests.fakes.aws_calls import before_each
from tests.fakes.clock import FakeClock

HOUR = 3600


def session_keys(stack: Deployment, clock: FakeClock) -> SecretsManagerSessionKeys:
    return SecretsManagerSessionKeys(aws.client("secretsmanager"), stack.reference("SessionSecret"), 1, clock)


def rotate(stack: Deployment) -> None:
    stack.fill("SessionSecret", {"key": "the-key-after-the-rotation-of-the-first"})


def now_clock(stack: Deployment) -> FakeClock:
    """Return a clock at the secret's own time, which moto takes from the machine."""
    made = stack.client("secretsmanager").get_secret_value(SecretId=stack.reference("SessionSecret"))["CreatedDate"]
    return FakeClock(made.timestamp())


def test_the_current_key_signs_and_verifies(stack: Deployment) -> None:
    keys = session_keys(stack, now_clock(stack))
    key_id, key = keys.signing()
    assert keys.verifying(key_id) == key


def test_after_a_rotation_the_earlier_key_verifies_for_one_session_lifetime_more(stack: Deployment) -> None:
    clock = now_clock(stack)
    keys = session_keys(stack, clock)
    old_id, old_key = keys.signing()
    rotate(stack)
    clock.sleep(FRESH_SECONDS)
    new_id, _ = keys.signing()
    assert new_id != old_id
    assert keys.verifying(old_id) == old_key
    clock.sleep(HOUR)
    assert keys.verifying(old_id) is None


def test_a_key_that_another_function_signs_with_already_is_read_at_once(stack: Deployment) -> None:
    clock = now_clock(stack)
    here, there = session_keys(stack, clock), session_keys(stack, clock)
    here.signing()
    rotate(stack)
    new_id, new_key = there.signing()
    clock.sleep(RENEW_SECONDS)
    assert here.verifying(new_id) == new_key


def test_an_unknown_key_id_verifies_nothing_and_is_not_asked_for_again_and_again(stack: Deployment) -> None:
    keys = session_keys(stack, now_clock(stack))
    asked: list[object] = []
    before_each(keys._client, lambda *_: asked.append(1))
    for _ in range(20):
        assert keys.verifying("made-up") is None
    assert len(asked) == 2  # the current key and the previous one, once


def test_an_emptied_session_secret_says_what_it_must_hold(stack: Deployment, clock: FakeClock) -> None:
    arn = stack.client("secretsmanager").create_secret(Name="Empty")["ARN"]
    keys = SecretsManagerSessionKeys(aws.client("secretsmanager"), arn, 1, clock)
    with pytest.raises(NotConfiguredError, match=r"docs/deploy\.md"):
        keys.signing()


@pytest.mark.parametrize("value", [{}, {"key": ""}, {"key": None}, {"key": "x" * 31}, {"other": "x" * 32}], ids=str)
def test_a_guessable_key_signs_nothing(stack: Deployment, clock: FakeClock, value: dict[str, object]) -> None:
    stack.fill("SessionSecret", value)
    with pytest.raises(NotConfiguredError):
        session_keys(stack, clock).signing()


def test_cached_session_keys_are_used_while_they_cannot_be_read(stack: Deployment) -> None:
    clock = now_clock(stack)
    keys = session_keys(stack, clock)
    key_id, key = keys.signing()
    stack.client("secretsmanager").delete_secret(SecretId=stack.reference("SessionSecret"))
    clock.sleep(FRESH_SECONDS)
    assert keys.verifying("made-up") is None
    assert keys.signing() == (key_id, key)


def test_session_keys_that_were_never_read_and_cannot_be_are_an_error(stack: Deployment, clock: FakeClock) -> None:
    stack.client("secretsmanager").delete_secret(SecretId=stack.reference("SessionSecret"))
    with pytest.raises(ClientError):
        session_keys(stack, clock).signing()
