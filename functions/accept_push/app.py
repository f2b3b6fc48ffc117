"""POST pushtoclient: Exotel hands over what must reach the callee's phones. Hot: 200 only once the queue has it."""

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

ANSWER_SECONDS = 4.5  # the function has 5, after which the gateway would answer in our place


@dataclass(frozen=True)
class Settings:
    """The environment of AcceptPushFunction, beside what exotel/gate.py reads."""

    push_queue_url: str


@cache
def accept_push() -> AcceptPush:
    """Wire the use case to SQS: two tries and the pause between them take at most about 3 s."""
    queue = SqsPushQueue(aws.client("sqs", connect=0.4, read=0.6), load(Settings).push_queue_url)
    return AcceptPush(queue, time.time, lambda: secrets.token_hex(16))


def accept(request: Request) -> Reply:
    """Queue the push; whether anybody has a phone under that name is found out later.

    What is queued after all once 503 was said rings no phone twice when Exotel sends it again (docs/decisions/0003).
    """
    return within(ANSWER_SECONDS, lambda: _accept(request))


def _accept(request: Request) -> Reply:
    account, _ = gate().admit(request)
    push = accept_push()(account, push_fields(request.body, request.header("content-type")))
    request.notes |= {"push_id": push.push_id, "subscriber": push.subscriber_name}
    answer: PushAnswer = {"pushId": push.push_id}
    return Reply(answer)


handler = api({f"POST {base}/pushtoclient": accept for base in (ACCOUNT, HOOKS)})
warm(lambda: gate().prepare(), accept_push, kept=(aws.session, gate, accept_push))
