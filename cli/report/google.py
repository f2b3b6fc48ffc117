"""Google's own reports of what became of FCM's messages on Android phones, by the FCM Data API (v1beta1)."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from typing import Any
from urllib.parse import quote, urljoin

from requests import RequestException, Response, Session

from switchboard.pushes.google_oauth import OAuthRefusedError, ServiceAccountTokens

type Reports = Mapping[str, Mapping[str, float | None]]

UNLABELLED = "without a label"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"  # the only one that both APIs take
_APPS = "https://firebase.googleapis.com/v1beta1/projects/{project}/androidApps"
_DATA = "https://fcmdata.googleapis.com/v1beta1/projects/{project}/androidApps/{app}/deliveryData"
_ROLE = "give it the role Firebase Cloud Messaging Viewer (roles/firebasenotifications.viewer)"
_TIMEOUT = (5.0, 15.0)  # seconds to connect, and for each read
_MOST_PAGES = 20
# what is shown of an entry, and where Google has it; percentages of the messages that FCM accepted
_PERCENTS = {
    "delivered": ("messageOutcomePercents", "delivered"),
    "no_delay": ("deliveryPerformancePercents", "deliveredNoDelay"),
    "priority_lowered": ("messageInsightPercents", "priorityLowered"),
    "force_stopped": ("messageOutcomePercents", "droppedAppForceStopped"),
    "inactive": ("messageOutcomePercents", "droppedDeviceInactive"),
    "expired": ("messageOutcomePercents", "droppedTtlExpired"),
    "pending": ("messageOutcomePercents", "pending"),
}


class GoogleReportsError(Exception):
    """Google's reports cannot be had; the message says why and what to do, in one line."""


def google_reports(account: Mapping[str, Any], base_url: str | None, since: date, until: date) -> Reports:
    """Return by analytics label the number of messages that FCM accepted, and what became of them in per cent.

    `account` is a service account's key; `base_url` is of a server in Google's place. Raises GoogleReportsError.
    """
    try:
        with closing(Session()) as session:
            tokens = ServiceAccountTokens(account, session, time.time, SCOPE)
            session.headers["Authorization"] = f"Bearer {tokens.fetch().value}"
            google = _Google(session, base_url, tokens.project_id, str(account["client_email"]))
            return _by_label(entry for app in google.apps() for entry in google.entries(app, since, until))
    except OAuthRefusedError as refusal:
        raise GoogleReportsError(f"Google refuses the service account ({refusal}): `switchboard doctor`") from refusal
    except RequestException as fault:
        raise GoogleReportsError(f"Google does not answer ({type(fault).__name__}): try again") from fault
    except ValueError as fault:
        raise GoogleReportsError("PushSecret has no valid key: `switchboard setup --fcm FILE`") from fault
    except (KeyError, TypeError, AttributeError) as fault:
        raise GoogleReportsError(
            f"Google's answer has another form ({type(fault).__name__}): the API is beta"
        ) from fault


class _Google:
    """Reads the Android apps of a Firebase project, and their reports."""

    def __init__(self, session: Session, base_url: str | None, project: str, email: str) -> None:
        self._session, self._base_url, self._project, self._email = session, base_url, project, email

    def apps(self) -> list[str]:
        """Return the ids of the project's Android apps."""
        return [str(app["appId"]) for app in self._listed(self._address(_APPS), "apps")]

    def entries(self, app: str, since: date, until: date) -> Iterator[Mapping[str, Any]]:
        """Yield the app's entries of these days, which are days in Los Angeles."""
        for entry in self._listed(self._address(_DATA, app), "androidDeliveryData"):
            day = entry["date"]
            if since <= date(day["year"], day["month"], day["day"]) <= until:
                yield entry

    def _listed(self, address: str, what: str) -> Iterator[Mapping[str, Any]]:
        page: Mapping[str, Any] = {}
        for number in range(_MOST_PAGES):
            token = page.get("nextPageToken", "")
            if number and not token:
                return
            answer = self._session.get(
                address, params={"pageToken": token} if token else {}, timeout=_TIMEOUT, allow_redirects=False
            )
            page = self._read(answer)
            yield from page.get(what, [])

    def _read(self, answer: Response) -> Mapping[str, Any]:
        if answer.status_code == 200:
            found: Mapping[str, Any] = answer.json()
            return found
        if answer.status_code == 403 and "SERVICE_DISABLED" in answer.text:
            why = f"the API {answer.url.split('/')[2]} is not enabled in the project {self._project}: enable it there"
        elif answer.status_code in (401, 403):
            why = f"{self._email} may not read them ({answer.status_code}): {_ROLE}"
        elif answer.status_code == 404:
            why = f"Google knows no Android app of the project {self._project} (404)"
        else:
            why = f"Google answers {answer.status_code}: try again"
        raise GoogleReportsError(why)

    def _address(self, pattern: str, app: str = "") -> str:
        address = pattern.format(project=quote(self._project, safe=""), app=quote(app, safe=":"))
        return urljoin(self._base_url, "/" + address.split("/", 3)[3]) if self._base_url else address


def _by_label(entries: Iterator[Mapping[str, Any]]) -> Reports:
    labelled = defaultdict[str, list[Mapping[str, Any]]](list)
    for entry in entries:
        labelled[entry.get("analyticsLabel") or UNLABELLED].append(entry.get("data", {}))
    return {label: _together(found) for label, found in sorted(labelled.items())}


def _together(entries: list[Mapping[str, Any]]) -> Mapping[str, float | None]:
    """Return the sum of the messages, and the mean of each percentage, weighted by the messages."""
    counted = [(int(entry.get("countMessagesAccepted", 0)), entry) for entry in entries]
    shown: dict[str, float | None] = {"messages": sum(number for number, _ in counted)}
    for name, (group, field) in _PERCENTS.items():
        known = [(number, float(of[field])) for number, entry in counted if field in (of := entry.get(group, {}))]
        messages = sum(number for number, _ in known)
        shown[name] = round(sum(n * percent for n, percent in known) / messages, 1) if messages else None
    return shown
