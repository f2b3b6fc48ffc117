"""Dial Whom as tutorials build it: a Table of boto3, Powertools' Logger, Tracer, Metrics and validation."""

import base64
import os
import secrets
import time
from typing import Annotated

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.typing import LambdaContext
from dynamodb_requests import CLAIM, CONDITION

logger = Logger()
tracer = Tracer()
metrics = Metrics(namespace="Rival")
app = APIGatewayHttpResolver(enable_validation=True)
DYNAMODB = boto3.resource("dynamodb")
CONTEXTS = DYNAMODB.Table(os.environ["CALL_CONTEXTS_TABLE"])
SUBSCRIBERS = DYNAMODB.Table(os.environ["SUBSCRIBERS_TABLE"])


@tracer.capture_method
def admitted(account: str, authorization: str) -> bool:
    """Whether these are the account's credentials."""
    known = parameters.get_secret(os.environ["WEBHOOK_SECRET"], transform="json", max_age=300).get(account, {})
    user, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    right_user = secrets.compare_digest(user, known.get("user", ""))
    return secrets.compare_digest(password, known.get("password", "")) and right_user


@tracer.capture_method
def callee(account: str, caller: str, call_sid: str) -> str | None:
    """Claim the caller's context, and return whom it names unless that one is suspended."""
    now = time.time()
    claimed = CONTEXTS.update_item(
        Key={"pk": f"{account}#{caller}"},
        UpdateExpression=CLAIM,
        ConditionExpression=CONDITION,
        ExpressionAttributeValues={
            ":call": call_sid,
            ":at": int(now * 1000),
            ":route": "context",
            ":waited": 0,
            ":now": int(now),
        },
        ReturnValues="ALL_NEW",
    )
    name = str(claimed["Attributes"]["callee"])
    profile = SUBSCRIBERS.get_item(
        Key={"pk": f"{account}#{name}", "sk": "profile"},
        ProjectionExpression="#status",
        ExpressionAttributeNames={"#status": "status"},
    )
    return None if profile.get("Item", {}).get("status") == "inactive" else name


@app.get("/v1/accounts/<account>/dialtonumber")
@tracer.capture_method
def dial_whom(
    account: str,
    call_sid: Annotated[str, Query(alias="CallSid", min_length=1, max_length=100)],
    call_from: Annotated[str, Query(alias="CallFrom", min_length=1, max_length=100)],
) -> Response[str]:
    """Answer whom to bridge the caller to."""
    if not admitted(account, app.current_event.headers.get("authorization", "")):
        raise UnauthorizedError("wrong credentials")
    name = callee(account, call_from.removeprefix("sip:"), call_sid)
    metrics.add_metric(name="DialWhom", unit=MetricUnit.Count, value=1)
    if name is None:
        raise NotFoundError("nobody to bridge to")
    logger.info("answered", extra={"account": account, "callee": name})
    return Response(200, content_types.TEXT_PLAIN, f"sip:{name}")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    """Serve API Gateway."""
    return app.resolve(event, context)
