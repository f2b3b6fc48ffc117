"""POST pushtoclient: Exotel's push for the callee's phones. Hot. Responds 200 only after the push is queued."""

from switchboard.runtime.warm import warm

import secrets
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from switchboard.aws import clients as aws
from switchboard.exotel.gate import gate
from switchboard.pushes.accept_push import AcceptPush
from switchboard.pushes.body import push_fields
from switchboard.pushes.queue import SqsPushQueue
from switchboard.runtime.settings import load
from switchboard.runtime.timeout import within
from switchboard.web.http import ACCOUNT, HOOKS, Reply, api
from switchboard.web.request import Request

if TYPE_CHECKING:
    from switchboard.pushes.answers import PushAnswer

ANSWER_SECONDS = 4.5  # the function's timeout is 5, after which API Gateway would respond with its own error


@dataclass(frozen=True)
class Settings:
    """The environment of AcceptPushFunction, without that of exotel/gate.py."""

    push_queue_url: str


@cache
def accept_push() -> AcceptPush:
    """Wire the use case to SQS: two tries and the pause between them take at most about 3 s."""
    queue = SqsPushQueue(aws.client("sqs", connect=0.4, read=0.6), load(Settings).push_queue_url)
    return AcceptPush(queue, time.time, lambda: secrets.token_hex(4))


def accept(request: Request) -> Reply:
    """Queue the push, whether the subscriber exists or not.

    A push may be queued although the response was 503; when Exotel retries, no phone rings twice (docs/decisions/0003).
    """
    return within(ANSWER_SECONDS, lambda: _accept(request))


def _accept(request: Request) -> Reply:
    account, _ = gate().admit(request)
    push = accept_push()(account, push_fields(request.body, request.header("content-type")))
    request.notes |= {"push_id": push.push_id, "subscriber": push.subscriber_name}
    answer: PushAnswer = {"pushId": push.push_id}
    return Reply(answer)


handler = api({f"POST {base}/pushtoclient": accept for base in (ACCOUNT, HOOKS)})
warm(lambda: gate().prepare(), accept_push, kept=(aws.credentials, gate, accept_push))
