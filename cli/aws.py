"""The operator's AWS session, and AWS errors as messages that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore import exceptions

from cli.errors import OperatorError

_LOGIN = "log in to AWS (aws configure, aws sso login, or AWS_PROFILE) and try again"
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN_KEY = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"}


def session(profile: str | None, region: str | None) -> boto3.Session:
    """Return a session with the operator's credentials; its clients use AWS_ENDPOINT_URL.

    Raises OperatorError.
    """
    with explained():
        made = boto3.Session(profile_name=profile, region_name=region)
        if made.get_credentials() is None:
            raise OperatorError(f"no AWS credentials: {_LOGIN}")
    if made.region_name is None:
        raise OperatorError("no AWS region: give --region, or set AWS_REGION")
    return made


@contextmanager
def explained() -> Iterator[None]:
    """Turn exceptions of boto3 into an OperatorError that says what to do."""
    try:
        yield
    except exceptions.ClientError as error:
        raise OperatorError(_refused(error)) from error
    except exceptions.ProfileNotFound as error:
        raise OperatorError(f"{error}: choose another with --profile or AWS_PROFILE") from error
    except exceptions.EndpointConnectionError as error:
        raise OperatorError(f"{error}: check the network, the region and AWS_ENDPOINT_URL") from error
    except exceptions.BotoCoreError as error:
        raise OperatorError(f"{error}: {_LOGIN}") from error


def _refused(error: exceptions.ClientError) -> str:
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in _EXPIRED:
        return f"the AWS credentials have expired: {_LOGIN}"
    if code in _UNKNOWN_KEY:
        return f"AWS does not know these credentials ({code}): {_LOGIN}"
    if "AccessDenied" in code:
        return f"these AWS credentials lack a permission: {message}"
    return f"AWS refused {error.operation_name}: {message or code}"
