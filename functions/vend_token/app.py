"""POST login, token, logout: subscriber tokens from Exotel, and our sessions."""

from switchboard.runtime.warm import warm

import time
import uuid
from dataclasses import dataclass
from functools import cache

from switchboard.aws import clients as aws
from switchboard.aws.secrets import SecretsManagerSecret
from switchboard.exotel.accounts_secret import SecretAccounts
from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.exotel.client import ExotelApi
from switchboard.exotel.tokens import Phone
from switchboard.foundation.errors import InvalidFieldError
from switchboard.login.gate import session_tokens
from switchboard.login.issuer import OidcIssuer
from switchboard.login.issuer_keys import IssuerKeys
from switchboard.login.login import Login, Session
from switchboard.login.passwords import Argon2Passwords
from switchboard.login.schema import LoginAnswer, LoginRequest, LogoutRequest, TokenRequest
from switchboard.login.sessions import UserGate
from switchboard.login.vend_token import VendToken
from switchboard.pushes.stopping import best_effort, stop_ringing
from switchboard.rate_limits.dynamodb import DynamoRateLimits
from switchboard.rate_limits.familiar_origins import DynamoFamiliarOrigins
from switchboard.rate_limits.limits import Attempt
from switchboard.rate_limits.login_throttle import LoginThrottle
from switchboard.rate_limits.request_throttle import RequestThrottle
from switchboard.runtime.settings import load
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.web.bodies import read
from switchboard.web.http import SUBSCRIBER, Reply, api
from switchboard.web.request import Request
from switchboard.web.request_metrics import count_login

# The limit of new tokens per subscriber, in a window of that many seconds. At most twenty phones renew theirs every 30
# minutes, possibly at once. Exotel's other APIs allow 200 requests a minute for a whole account (contract 3).
RENEWALS, RENEWAL_SECONDS = 20, 600


@dataclass(frozen=True)
class Settings:
    """The environment of VendTokenFunction. Without `oidc_issuer` only the built-in login is open."""

    subscribers_table: str
    rate_limits_table: str
    session_secret: str
    accounts_secret: str
    session_hours: int
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_subscriber_claim: str = "sub"


@cache
def http() -> BoundedHttp:
    """Build the HTTP client, which reuses its connections between invocations."""
    return BoundedHttp()


@cache
def attempts() -> DynamoRateLimits:
    """Build the counters of logins and of renewed tokens."""
    return DynamoRateLimits(aws.client("dynamodb"), load(Settings).rate_limits_table)


@dataclass(frozen=True)
class Parts:
    """What a request needs."""

    gate: UserGate
    vend_token: VendToken


@cache
def build() -> Parts:
    """Wire the use case to DynamoDB, Secrets Manager, Exotel and the customer's issuer."""
    settings = load(Settings)
    dynamodb, secrets = aws.client("dynamodb"), aws.client("secretsmanager")
    tokens = session_tokens(settings.session_secret, settings.session_hours)
    subscribers = DynamoSubscribers(dynamodb, settings.subscribers_table)
    vend_token = VendToken(
        accounts=SecretAccounts(SecretsManagerSecret(secrets, settings.accounts_secret, time.time)),
        subscribers=subscribers,
        devices=DynamoDevices(dynamodb, settings.subscribers_table),
        exotel=ExotelApi(http(), time.time),
        sessions=tokens,
        passwords=Argon2Passwords(),
        throttle=LoginThrottle(
            attempts(), DynamoFamiliarOrigins(dynamodb, settings.subscribers_table), time.time, time.sleep
        ),
        issuer=_issuer(settings),
        clock=time.time,
        monotonic=time.monotonic,
        new_version=lambda: uuid.uuid4().hex,
    )
    return Parts(UserGate(tokens, subscribers), vend_token)


def _issuer(settings: Settings) -> OidcIssuer | None:
    if not settings.oidc_issuer:
        return None
    keys = IssuerKeys(settings.oidc_issuer, http(), time.time)
    return OidcIssuer(settings.oidc_issuer, settings.oidc_audience, settings.oidc_subscriber_claim, keys, time.time)


def log_in(request: Request) -> Reply:
    """Log in by name and password, or without a password by the customer's id token."""
    wanted = read(LoginRequest, request)
    request.notes |= {"account": wanted.account_sid}
    phone = Phone.of(wanted.device_id, wanted.platform)
    if wanted.password is None and request.bearer():
        return _answer(build().vend_token.by_identity(wanted.account_sid, request.bearer(), phone), request)
    for field, value in (("user_name", wanted.user_name), ("password", wanted.password)):
        if value is None:
            raise InvalidFieldError("invalid_field", f"{field} is needed, or an id token as Bearer", field=field)
    who = Attempt(wanted.account_sid, wanted.user_name or "", wanted.device_id, request.source_address)
    return _answer(build().vend_token.by_password(who, wanted.password or "", phone), request)


def reissue_token(request: Request) -> Reply:
    """Issue a new subscriber token to a user with a session, which does not change; the number is limited."""
    parts = build()
    user = parts.gate.admit(request, stock=False, at_once=True)
    wanted = read(TokenRequest, request)
    RequestThrottle(attempts(), time.time, "tokens", RENEWALS, RENEWAL_SECONDS).count(
        user.account, request.path("name")
    )
    session = Session(request.bearer(), user.expires_at)
    phone = Phone.of(wanted.device_id, wanted.platform)
    return _answer(parts.vend_token.reissue(user.account, request.path("name"), session, phone), request)


def log_out(request: Request) -> Reply:
    """End the session, and remove the push tokens of its phone."""
    parts = build()
    user = parts.gate.admit(request, stock=False, at_once=True)
    wanted = read(LogoutRequest, request)
    session, token = (user.session_id, user.expires_at), wanted.deviceToken
    name = request.path("name")
    removed = parts.vend_token.logout(user.account, name, *session, phone=user.phone, device_token=token)
    with best_effort():
        stop_ringing().logged_out(user.account, name, removed)
    return Reply({})


def _answer(login: Login, request: Request) -> Reply:
    request.notes |= {"subscriber": login.subscriber.name}
    return Reply(LoginAnswer.of(login).model_dump())


handler = api(
    {
        "POST /v1/login": log_in,
        f"POST {SUBSCRIBER}/token": reissue_token,
        f"POST {SUBSCRIBER}/logout": log_out,
    },
    count_login,
)
warm(lambda: build().gate.prepare())  # noqa: PLW0108 it is made in there, not at import
