"""What the routes of the apps' reports answer."""

from typing import TypedDict

from switchboard.reports.feedback import Issue


class FeedbackAnswer(TypedDict):
    """The feedback that stands for this subscriber and call."""

    callId: str
    rating: int
    issue: Issue
    comment: str


class AcceptedAnswer(TypedDict):
    """How many were taken."""

    accepted: int
