"""Login: authenticate the user, get a subscriber token for the phone from Exotel, issue a session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.ports import Accounts, Exotel
from switchboard.exotel.tokens import Phone, SubscriberToken
from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import ForbiddenError, UnauthorizedError, UpstreamError
from switchboard.login.login import Identity, Login, Session
from switchboard.login.ports import IdentityIssuer, Passwords, Sessions
from switchboard.rate_limits.limits import Attempt
from switchboard.rate_limits.login_throttle import LoginThrottle
from switchboard.subscribers.ended_sessions import end_session
from switchboard.subscribers.ports import Devices, Profiles
from switchboard.subscribers.subscriber import Device, Subscriber, new_subscriber, token_key

UPSTREAM_SECONDS = 6.0  # for Exotel's and the issuer's responses; a login may take 8, cold start included


@dataclass(frozen=True, slots=True)
class VendToken:
    """Vends subscriber tokens. Each is requested from Exotel for the device that logs in, and never stored."""

    accounts: Accounts
    subscribers: Profiles
    devices: Devices
    exotel: Exotel
    sessions: Sessions
    passwords: Passwords
    throttle: LoginThrottle
    issuer: IdentityIssuer | None
    clock: Clock
    monotonic: Clock
    new_version: Callable[[], str]

    def by_password(self, who: Attempt, password: str, phone: Phone) -> Login:
        """Log in a user with name and password.

        Raises ForbiddenError `wrong_credentials`, the same for a wrong password, user or account, or `suspended`;
        TooManyRequestsError; and the errors of the Exotel port.
        """
        deadline = self._deadline()
        account = self.accounts.find(who.account)
        with self.throttle.attempt(who):
            subscriber = self.subscribers.find(who.account, who.name)
            proved = self.passwords.verify(password, subscriber.password_hash if subscriber else None)
            if account is None or subscriber is None or not proved:
                raise _wrong_credentials()
        return self._login(account, subscriber, phone, deadline)

    def by_identity(self, account_sid: str, token: str, phone: Phone) -> Login:
        """Log in a user with an id token of the customer's issuer; a new subscriber gets a profile.

        Raises UnauthorizedError for an invalid token, InvalidFieldError for an invalid subscriber name, ForbiddenError
        for an account that is not configured or not the token's, and for a token without account if several are
        configured; and the errors of the Exotel and IdentityIssuer ports.
        """
        if self.issuer is None:
            raise UnauthorizedError(
                "no_issuer", "this deployment has no OidcIssuer: log in with user_name and password"
            )
        deadline = self._deadline()
        identity = self.issuer.identify(token, deadline)
        account = self.accounts.find(account_sid)
        if account is None or identity.account not in (None, account_sid):
            raise _wrong_credentials()
        if identity.account is None and self.accounts.count() > 1:
            message = (
                "several accounts are configured, so the id token needs the claim account_sid: add it at the issuer"
            )
            raise ForbiddenError("account_not_named", message)
        return self._login(account, self._vouched(account, identity), phone, deadline)

    def reissue(self, account_sid: str, name: str, session: Session, phone: Phone) -> Login:
        """Return a new subscriber token for a user whose session was checked, with the same session."""
        account, subscriber = self.accounts.find(account_sid), self.subscribers.find(account_sid, name)
        if account is None or subscriber is None:
            raise _wrong_credentials()
        return Login(account, subscriber, self._token(account, name, phone, self._deadline()), session)

    def logout(
        self, account: str, name: str, session_id: str, expires_at: int, *, phone: str, device_token: str | None
    ) -> Sequence[Device]:
        """End one session and remove all push tokens of its phone (a phone_key), and `device_token` if given.

        Returns the devices that had these tokens.

        Tokens are removed before the session ends, so that the app can repeat a logout that fails half way, and again
        afterwards, because a concurrent request of the session may have registered one.
        """
        removed = self._remove(account, name, phone, device_token)
        session, now = (session_id, expires_at), int(self.clock())
        end_session(self.subscribers, account, name, session, now=now, new_version=self.new_version)
        return [*removed, *self._remove(account, name, phone, device_token)]

    def _remove(self, account: str, name: str, phone: str, device_token: str | None) -> Sequence[Device]:
        named = token_key(device_token) if device_token else None
        theirs = [one for one in self.devices.of(account, name) if one.phone == phone or one.key == named]
        for device in theirs:
            self.devices.remove(account, name, device.key, registered_at=device.registered_at)
        return theirs

    def _login(self, account: ExotelAccount, subscriber: Subscriber, phone: Phone, deadline: Deadline) -> Login:
        if not subscriber.active:
            raise ForbiddenError("suspended", "this subscriber is suspended")
        # issued before Exotel is called, because Exotel may use up all the time
        session = Session(*self.sessions.issue(subscriber, phone.device_id))
        return Login(account, subscriber, self._token(account, subscriber.name, phone, deadline), session)

    def _token(self, account: ExotelAccount, name: str, phone: Phone, deadline: Deadline) -> SubscriberToken:
        token = self.exotel.issue_token(account, name, phone, deadline)
        if token is None:
            self.exotel.create(account, name, deadline)
            token = self.exotel.issue_token(account, name, phone, deadline)
        if token is None:
            raise UpstreamError("exotel_unknown_subscriber", "Exotel does not know the subscriber it has just created")
        return token

    def _vouched(self, account: ExotelAccount, identity: Identity) -> Subscriber:
        fresh = new_subscriber(account.sid, identity.name, self.new_version(), self.clock())
        known = self.subscribers.find(account.sid, identity.name)
        if known is None and self.subscribers.replace(None, fresh):
            return fresh
        known = known or self.subscribers.find(account.sid, identity.name)
        if known is None:
            raise _wrong_credentials()
        return known

    def _deadline(self) -> Deadline:
        return Deadline.after(UPSTREAM_SECONDS, self.monotonic)


def _wrong_credentials() -> ForbiddenError:
    return ForbiddenError("wrong_credentials", "wrong account, user name or password")
