"""Checks of a stack in CloudFormation, SQS and CloudWatch."""

from collections.abc import Iterator

from cli.aws import explained
from cli.doctor import parameter_checks
from cli.doctor.findings import Finding, fine, note, problem
from cli.doctor.hot_start import account_limit, hot_start
from cli.target import Target

_OUTPUTS = ("ApiBase", "DialWhomUrl", "PushUrl", "CallEventsUrl")
_BUSY = 100  # messages; a burst of calls leaves fewer
_AT_ONCE = 100  # alarm names in one DescribeAlarms request


def stack(target: Target) -> Iterator[Finding]:
    """Check the stack's own state, its outputs and its parameters."""
    with explained():
        found = target.client("cloudformation").describe_stacks(StackName=target.stack.name)["Stacks"][0]
    status = found["StackStatus"]
    if status.endswith("_COMPLETE") and "ROLLBACK" not in status:
        yield fine("stack", target.stack.name, status)
    else:
        yield problem("stack", target.stack.name, status, "See the stack's events, fix the cause, and `make deploy`.")
    missing = [name for name in _OUTPUTS if name not in target.stack.outputs]
    if missing:
        yield problem("stack", "outputs", f"lacks {', '.join(missing)}", "Deploy this version: `make deploy`.")
    else:
        yield fine("stack", "outputs", target.stack.outputs["ApiBase"])
    parameters = {one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", [])}
    yield from parameter_checks.parameters(parameters)
    yield from hot_start(parameters, target.stack.region, lambda: account_limit(target.client("lambda")))


def queues(target: Target) -> Iterator[Finding]:
    """Check that no queue has a backlog, and that there are no dead letters."""
    client = target.client("sqs")
    for name in sorted(target.resources):
        if not (name.endswith("Queue") and "://" in target.resource(name)):
            continue  # the name of a function's event source, which contains the queue's name
        with explained():
            found = client.get_queue_attributes(
                QueueUrl=target.resource(name), AttributeNames=["ApproximateNumberOfMessages"]
            )
        waiting = int(found["Attributes"]["ApproximateNumberOfMessages"])
        yield _queue(name, waiting)


def _queue(name: str, waiting: int) -> Finding:
    seen = f"{waiting} messages" if waiting else "empty"
    if not waiting:
        return fine("queues", name, seen)
    if "DeadLetter" in name:
        return problem(
            "queues", name, seen, "`switchboard dlq show` groups them by reason; fix that, then redrive or purge them."
        )
    if waiting >= _BUSY:
        return problem(
            "queues", name, seen, "Its function is too slow or fails: see its log, and Lambda's concurrency limit."
        )
    return note("queues", name, seen, "Run this again: they should be processed within seconds.")


def alarms(target: Target) -> Iterator[Finding]:
    """Check that no alarm of the stack is in the state ALARM."""
    names = [physical for name, physical in target.resources.items() if name.endswith("Alarm")]
    with explained():
        client = target.client("cloudwatch")
        found = [
            alarm
            for start in range(0, len(names), _AT_ONCE)
            for alarm in client.describe_alarms(AlarmNames=names[start : start + _AT_ONCE])["MetricAlarms"]
        ]
    ringing = [alarm for alarm in found if alarm["StateValue"] == "ALARM"]
    for alarm in ringing:
        said = alarm.get("AlarmDescription") or alarm["AlarmName"]
        since = alarm.get("StateUpdatedTimestamp")
        seen = f"in ALARM{f' since {since:%Y-%m-%d %H:%M} UTC' if since else ''}: {said}"
        yield problem("alarms", alarm["AlarmName"], seen, "docs/operations.md says what to do about each.")
    if not ringing:
        yield fine("alarms", "all", f"{len(found)} alarms, none in ALARM")
