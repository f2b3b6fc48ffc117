"""Password hashes, with OWASP's minimum parameters."""

import time

import pytest

from switchboard.login.passwords import Argon2Passwords


@pytest.fixture(scope="module")
def passwords() -> Argon2Passwords:
    return Argon2Passwords()


def test_a_hash_is_argon2id_with_nineteen_mebibytes_two_passes_and_one_lane(passwords: Argon2Passwords) -> None:
    assert passwords.hash("switchboard").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_right_password_is_the_only_one(passwords: Argon2Passwords) -> None:
    hashed = passwords.hash("switchboard")
    assert passwords.verify("switchboard", hashed)
    assert not passwords.verify("Switchboard", hashed)
    assert passwords.hash("switchboard") != hashed


@pytest.mark.parametrize(
    ("one", "other"), [("pässwörter", "pa\u0308sswo\u0308rter"), ("\u0958 \u1e69", "\u0915\u093c s\u0307\u0323")]
)
def test_a_password_is_the_same_however_its_letters_are_composed(
    passwords: Argon2Passwords, one: str, other: str
) -> None:
    assert one != other
    assert passwords.verify(one, passwords.hash(other))
    assert passwords.verify(other, passwords.hash(one))


@pytest.mark.parametrize(
    "other", ["Straße 1", "strasse 1", " straße 1", "straße 1 ", "straße  1", "straße\u00a01", "straße\uff11"]
)
def test_nothing_else_of_a_password_is_changed(passwords: Argon2Passwords, other: str) -> None:
    assert not passwords.verify(other, passwords.hash("straße 1"))


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"])
def test_a_broken_hash_lets_nobody_in(passwords: Argon2Passwords, broken: str) -> None:
    assert not passwords.verify("", broken)


def test_who_has_no_hash_costs_the_same_work(passwords: Argon2Passwords) -> None:
    hashed = passwords.hash("switchboard")

    def cost(password_hash: str | None) -> float:
        took = []
        for _ in range(5):
            began = time.process_time()
            assert not passwords.verify("wrong", password_hash)
            took.append(time.process_time() - began)
        return min(took)

    assert cost(None) == pytest.approx(cost(hashed), rel=0.3)
