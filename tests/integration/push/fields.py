"""What Exotel sends."""

from tests.push_stack import jwt

FIELDS = {"subscriberName": "Dave", "payload": jwt(), "payloadVersion": "2.0"}
