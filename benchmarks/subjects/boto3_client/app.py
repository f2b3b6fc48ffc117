"""The least that a handler with boto3 needs: the reference for INIT."""

import boto3

CLIENT = boto3.client("dynamodb")


def handler(_event: object, _context: object) -> None:
    """Do nothing."""
