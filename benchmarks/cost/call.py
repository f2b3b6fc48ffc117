"""What is assumed: what a call is, response times of AWS and others, lifetimes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.cost.stack import DAYS

# Milliseconds until an answer, in one region: usual ones, not measured here. What waits side by side counts once.
WAITS: Mapping[str, float] = {
    "dynamodb:GetItem": 3,
    "dynamodb:BatchGetItem": 4,
    "dynamodb:Query": 4,
    "dynamodb:UpdateItem": 5,
    "dynamodb:PutItem": 5,
    "dynamodb:BatchWriteItem": 6,
    "dynamodb:TransactWriteItems": 15,
    "sqs:SendMessage": 8,
    "s3:GetObject": 25,
    "s3:PutObject": 35,
    "s3:ListObjectsV2": 30,
    "s3:DeleteObject": 20,
}
# FCM; Exotel's tokens
OTHERS: Mapping[str, float] = {
    "deliver to 1": 100,
    "deliver to 2": 110,
    "deliver cancel to 1": 100,
    "first login": 350,
    "login": 350,
}
GATHERED = ("follow ringing", "follow end", "follow SDK events")  # several entries in one batch


@dataclass(frozen=True)
class Call:
    """How often each thing happens in one call, unless it says otherwise."""

    devices: float = 1.3  # phones of a callee
    acknowledged: float = 1  # share of the pushes that the app acknowledges
    cancels: float = 0  # calls in which one phone answers with an ack, and another is told to stop
    events: float = 5  # that Exotel sends
    apps: float = 2  # that report their SDK's events, in one request each, when the call is over
    read_context: float = 0  # an app that does not acknowledge pushes asks what the call is about, as stock apps do
    feedback: float = 0.2
    history: float = 0.2  # looks at one's own calls
    page: float = 20  # calls on such a page; the played one has one, and a summary is half a unit
    logins: float = 0.1  # a session lasts SessionHours; with each, the phone is registered and contacts are listed
    new_phones: float = 0.1  # share of the logins that are a phone's first; the others come from other addresses each
    log_uploads: float = 0.01
    log_upload_mb: float = 0.2  # zipped
    log_lines: float = 0  # requests with lines of the SDK's log
    calls_of_a_user: float = 30  # in a month
    dial_whom_wait_ms: float = 0  # apps that dial first make Dial Whom wait for the context
    shards: float = 4  # of the stream of Calls, as a new table has; each has batches of its own
    spread: float = 1.1  # seconds over which those entries of a call come that a batch can gather
    come_back: float = 0.01  # of the queues' messages, once: FCM's 503
    wire_ms: float = 0.1  # CPU of one AWS call's TLS and socket, which the meter lacks
    runtime_ms: float = 1.5  # of the Lambda runtime client, for each event
    idle_seconds: float = 300  # after which Lambda ends an environment that has nothing to do
    cold_share: float = 0.001  # of the events that start an environment, however much traffic there is
    start_ms: float = 150  # of the runtime itself and of INIT's calls, beside the CPU of importing
    header_bytes: float = 220  # of an answer: status, date, type, length, cache control, API Gateway's request id
    fcm_bytes: float = 1800  # of a message to FCM, with its headers
    line_bytes: float = 26  # that CloudWatch counts beside each line
    report_bytes: float = 290  # Lambda's START, END and REPORT, where it writes them
    full_monitoring: float = 0  # 1: with all alarms and the dashboard
    compressed: float = 0.15  # of a log, as it is stored
    other_metrics: float = 12  # that appear when something goes otherwise than usual
    other_metrics_share: float = 0.01  # of the calls in which each of them does

    @property
    def noted(self) -> float:
        """Return the share of pushes that deliver_push notes at the device: none was noted within the week before.

        A user is the callee of half of his calls, which come by chance: after a noted push a week passes, and then the
        time until the next one.
        """
        return 1 / (1 + self.calls_of_a_user / 2 / DAYS * 7)

    def steps(self) -> Iterator[tuple[str, float, str]]:
        """Yield each step that measuring/play.py played, how often it happens in a call, and what triggers it.

        A stream has its name in the template. `follow` brings histories up to date: a window of the stream gathers what
        comes when phones ring, and what comes when the call ends; the answer comes alone, and nothing follows an ack.
        """
        two = self.devices - 1  # the share of callees with a second phone
        yield from (("set context", 1, "api"), ("dial whom", 1, "api"), ("accept push", 1, "api"))
        yield from (("deliver to 1", 1 - two, "queue"), ("deliver to 2", two, "queue"))
        yield ("read context", self.read_context, "api")
        yield ("acknowledge push", self.devices * self.acknowledged, "api")
        yield from (("acknowledge answer", self.cancels, "api"), ("deliver cancel to 1", self.cancels, "queue"))
        ends, answers = min(self.events, 2), min(max(self.events - 2, 0), 1)  # for these it is looked up what rings
        yield ("call event", self.events - ends - answers, "api")
        yield from (("call event of the answer", answers, "api"), ("call event of the end", ends, "api"))
        yield ("SDK events", self.apps, "api")
        yield ("record dial whom", 1, "Stream")  # whose filter leaves out all other changes
        yield from (("follow ringing", 1, "OfPlatform"), ("follow answer", max(0, self.events - 2) / 3, "OfPlatform"))
        yield ("follow end", min(1, self.events / 2), "OfPlatform")
        yield ("follow SDK events", max(min(1, self.apps), self.apps / 2), "OfApps")
        yield from (("feedback", self.feedback, "api"), ("follow feedback", self.feedback, "OfApps"))
        new = self.logins * self.new_phones
        yield from (("first login", new, "api"), ("login", self.logins - new, "api"))
        yield ("register phone", self.logins, "api")
        yield from (("contacts", self.logins, "api"), ("call history", self.history, "api"))
        yield from (("log destination", self.log_uploads, "api"), ("unpack log", self.log_uploads, "queue"))
        yield from (("follow unpack log", self.log_uploads, "OfApps"), ("log lines", self.log_lines, "api"))
        yield ("follow log lines", self.log_lines, "OfApps")
