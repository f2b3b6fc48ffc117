"""Requests with wrong credentials of every kind, made for each stack, with the expected refusal."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

import jwt

from switchboard.subscribers.subscriber import Status
from tests.api_stack import WEBHOOKS, ApiStack, bearer, webhook
from tests.events import basic
from tests.identity_stack import SERVER_KEY, SUBSCRIBER

HOUR = 3600


@dataclass(frozen=True)
class Intruder:
    """A request's headers and path, and the expected status and code."""

    status: int
    code: str
    headers: Mapping[str, str]
    parameters: Mapping[str, str]


def refused(status: int, code: str, headers: Mapping[str, str], **parameters: str) -> Intruder:
    return Intruder(status, code, headers, parameters)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def forgeries(stack: ApiStack) -> dict[str, str]:
    """Tokens that look like alice's session, none of which we signed."""
    session = stack.session()
    head, claims, signature = session.split(".")
    header, said = jwt.get_unverified_header(session), jwt.decode(session, options={"verify_signature": False})
    key = stack.tokens.keys.signing()[1]
    kid = {"kid": header["kid"]}
    admin = part(said | {"sub": "bob"})
    return {
        "alg none": f"{part(header | {'alg': 'none'})}.{claims}.",
        "alg none, with our signature": f"{part(header | {'alg': 'none'})}.{claims}.{signature}",
        "no signature": f"{head}.{claims}.",
        "a swapped key": jwt.encode(said, "another-key-that-is-just-as-long-as-ours", headers=kid),
        "its own id as key": jwt.encode(said, (header["kid"] * 2)[:64], headers=kid),
        "another algorithm": jwt.encode(said, key * 2, algorithm="HS512", headers=kid),
        "another issuer": jwt.encode(said | {"iss": "https://id.example.com"}, key, headers=kid),
        "an unknown key id": jwt.encode(said, key, headers={"kid": "another"}),
        "an altered payload": f"{head}.{admin}.{signature}",
        "an altered expiry": f"{head}.{part(said | {'exp': said['exp'] + HOUR})}.{signature}",
        "a signature cut short": session[:-4],
        "the payload alone": claims,
    }


def of_sessions(stack: ApiStack) -> dict[str, Intruder]:
    """Requests that claim to come from alice."""
    logged_out = stack.session()
    assert stack.ask(f"POST {SUBSCRIBER}/logout", bearer(logged_out), {}).status == 200
    stack.put("demo1m", "frozen", Status.INACTIVE)
    unknown = {
        "no credential": {},
        "an empty one": bearer(""),
        "a wrong one": bearer("guess-1234"),
        "a session without its scheme": {"Authorization": stack.session()},
        "a session as Basic": basic("alice", stack.session()),
        "Exotel's credentials": webhook(),
        "the server key": bearer(SERVER_KEY),
        **{name: bearer(token) for name, token in forgeries(stack).items()},
    }
    ended = {
        "a replay after logout": logged_out,
        "one from before a new password": stack.session(version="v0"),
        "one of somebody deleted": stack.session("deleted"),
        "one of somebody suspended": stack.session("frozen"),
    }
    return {
        **{name: refused(401, "no_session", headers) for name, headers in unknown.items()},
        **{name: refused(401, "session_ended", bearer(session)) for name, session in ended.items()},
        "an expired one": refused(401, "session_expired", bearer(stack.session(age=25 * HOUR))),
        "another user's": refused(403, "not_yours", bearer(stack.session("bob"))),
        "another account's": refused(403, "not_yours", bearer(stack.session("alice", "other1m"))),
        "one's own, in another account": refused(403, "not_yours", bearer(stack.session()), accountSid="other1m"),
    }


def of_owners(stack: ApiStack) -> dict[str, Intruder]:
    """Requests that claim to come from alice or the customer's server."""
    servers = {
        "one cut short": refused(401, "no_session", bearer(SERVER_KEY[:-1])),
        "one with more behind it": refused(401, "no_session", bearer(SERVER_KEY + "x")),
        "the key as Basic": refused(401, "no_session", basic("server", SERVER_KEY)),
    }
    return {who: one for who, one in of_sessions(stack).items() if who != "the server key"} | servers


def of_webhooks(stack: ApiStack) -> dict[str, Intruder]:
    """Requests that claim to come from Exotel, by Basic."""
    mine, other = WEBHOOKS["demo1m"], WEBHOOKS["other1m"]
    headers = {
        "no credential": {},
        "a wrong password": basic(mine["user"], "guess-1234"),
        "a password cut short": basic(mine["user"], mine["password"][:-1]),
        "no password": basic(mine["user"], ""),
        "a wrong user": basic("someone", mine["password"]),
        "another account's": webhook("other1m"),
        "the secret path as a password": basic(mine["user"], mine["path"]),
        "the password as Bearer": bearer(mine["password"]),
        "what is not base64": {"Authorization": "Basic ***"},
        "alice's session": bearer(stack.session()),
        "the server key": bearer(SERVER_KEY),
    }
    return {
        **{name: refused(401, "wrong_credentials", given) for name, given in headers.items()},
        "one's own, in another account": refused(401, "wrong_credentials", webhook(), accountSid="other1m"),
        "one's own, in no account": refused(401, "wrong_credentials", webhook(), accountSid="nobodys"),
        "the other's user with one's own password": refused(
            401, "wrong_credentials", basic(other["user"], mine["password"]), accountSid="other1m"
        ),
    }


def of_hooks(stack: ApiStack) -> dict[str, Intruder]:
    """Requests that claim to come from Exotel, by the secret path."""
    paths = {
        "a wrong path": "wrong",
        "a path cut short": WEBHOOKS["demo1m"]["path"][:-1],
        "another account's path": WEBHOOKS["other1m"]["path"],
        "the password as path": WEBHOOKS["demo1m"]["password"],
        "alice's session as path": stack.session(),
    }
    return {
        **{name: refused(401, "wrong_credentials", {}, secret=path) for name, path in paths.items()},
        "a wrong path, with the right Basic": refused(401, "wrong_credentials", webhook(), secret="wrong"),
        "one's own, in another account": refused(401, "wrong_credentials", {}, accountSid="other1m"),
        "one's own, in no account": refused(401, "wrong_credentials", {}, accountSid="nobodys"),
    }


def of_servers(stack: ApiStack) -> dict[str, Intruder]:
    """Requests that claim to come from the customer's server."""
    headers = {
        "no credential": {},
        "an empty one": bearer(""),
        "a wrong one": bearer("guess-1234"),
        "one cut short": bearer(SERVER_KEY[:-1]),
        "one with more behind it": bearer(SERVER_KEY + "x"),
        "the key as Basic": basic("server", SERVER_KEY),
        "alice's session": bearer(stack.session()),
        "a forged session": bearer(forgeries(stack)["alg none"]),
        "Exotel's credentials": webhook(),
    }
    return {name: refused(401, "wrong_server_key", given) for name, given in headers.items()}
