"""The errors of AWS: which pass, and by which class they are caught."""

import pytest

from switchboard.aws.errors import AwsError, ClientError, ConnectionClosedError, NoCredentialsError, error_class


def refused(code: str, status: int = 400) -> ClientError:
    return error_class(code)(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}, "Item": {}}, "GetItem"
    )


@pytest.mark.parametrize(
    ("fault", "passing"),
    [
        (refused("ThrottlingException"), True),
        (refused("ProvisionedThroughputExceededException"), True),
        (refused("anything", 503), True),
        (refused("anything", 429), True),
        (refused("ConditionalCheckFailedException"), False),
        (refused("AccessDeniedException", 403), False),
        (ConnectionClosedError(), True),
        (NoCredentialsError(), False),
    ],
    ids=repr,
)
def test_only_what_may_pass_is_tried_again(fault: AwsError, passing: bool) -> None:
    assert fault.passing is passing


def test_an_error_is_caught_by_its_code_as_a_refusal_or_as_any_fault_of_aws() -> None:
    for kind in (error_class("ConditionalCheckFailedException"), ClientError, AwsError):
        with pytest.raises(kind):
            raise refused("ConditionalCheckFailedException")


def test_a_code_that_is_no_name_makes_no_class() -> None:
    assert error_class("503") is ClientError


def test_a_refusal_does_not_repeat_what_aws_said() -> None:
    error = ClientError({"Error": {"Code": "ValidationException", "Message": "a secret"}}, "GetItem")
    assert str(error) == "AWS answered GetItem with ValidationException"
