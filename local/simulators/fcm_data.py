"""The FCM Data API and the list of a project's Android apps: reports of what the simulated FCM accepted.

Google's reports are about the day before. These count at once, and each message is delivered.
"""

from collections import Counter
from datetime import UTC, date, datetime

from aiohttp import web

from local.simulators.faults import Faults
from local.simulators.fcm_errors import error_answer
from local.simulators.oauth import CLOUD_PLATFORM, OAuthSimulator
from local.simulators.pushes import Push, Pushes

APP = "1:123456789012:android:0123456789abcdef012345"
APPS = "/v1beta1/projects/{project}/androidApps"
_ALL_DELIVERED = {
    "messageOutcomePercents": {"delivered": 100.0, "pending": 0.0, "droppedTtlExpired": 0.0},
    "deliveryPerformancePercents": {"deliveredNoDelay": 100.0},
    "messageInsightPercents": {"priorityLowered": 0.0},
}


class FcmDataSimulator:
    """Answers for one project with one Android app."""

    def __init__(self, project: str, oauth: OAuthSimulator, faults: Faults, pushes: Pushes) -> None:
        self._project, self._oauth, self._faults, self._pushes = project, oauth, faults, pushes

    def routes(self) -> list[web.RouteDef]:
        """The routes of both APIs."""
        return [web.get(APPS, self.apps), web.get(f"{APPS}/{{app}}/deliveryData", self.delivery_data)]

    async def apps(self, request: web.Request) -> web.Response:
        """Answer `GET /v1beta1/projects/{project}/androidApps`."""
        return self._refused(request) or web.json_response(
            {
                "apps": [
                    {"name": f"projects/{self._project}/androidApps/{APP}", "appId": APP, "projectId": self._project}
                ]
            }
        )

    async def delivery_data(self, request: web.Request) -> web.Response:
        """Answer `GET /v1beta1/projects/{project}/androidApps/{app}/deliveryData`."""
        refused = self._refused(request)
        if refused or request.match_info["app"] != APP:
            return refused or error_answer(404)
        counted = Counter(map(_day_and_label, filter(_for_android, self._pushes.accepted())))
        entries = [_entry(day, label, number) for (day, label), number in sorted(counted.items())]
        return web.json_response({"androidDeliveryData": entries} if entries else {})

    def _refused(self, request: web.Request) -> web.Response | None:
        fault = self._faults.take("fcm-data")
        if fault and fault.answer_status:
            return error_answer(fault.answer_status, fault.error_code)
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not self._oauth.accepts(bearer):
            return error_answer(401)
        if not self._oauth.accepts(bearer, CLOUD_PLATFORM) or request.match_info["project"] != self._project:
            return error_answer(403)
        return None


def _for_android(push: Push) -> bool:
    return push.service == "fcm" and "android" in push.message


def _day_and_label(push: Push) -> tuple[date, str]:
    options = push.message.get("fcmOptions", {})
    return datetime.fromtimestamp(push.at / 1000, UTC).date(), str(options.get("analyticsLabel", ""))


def _entry(day: date, label: str, number: int) -> dict[str, object]:
    labelled = {"analyticsLabel": label} if label else {}
    on = {"year": day.year, "month": day.month, "day": day.day}
    return {"appId": APP, "date": on, **labelled, "data": {"countMessagesAccepted": str(number), **_ALL_DELIVERED}}
