"""What a handler that uses AWS cannot do without, if it uses boto3: the yardstick of INIT."""

import boto3

CLIENT = boto3.client("dynamodb")


def handler(_event: object, _context: object) -> None:
    """Do nothing."""
