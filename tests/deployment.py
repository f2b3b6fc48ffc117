"""The template's resources in moto, and its functions in this process with the template's environment variables."""

import importlib.util
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from tests.fakes.moto_wire import connect_to_moto
from tests.sam_template import ROOT, load
from tests.tables import create_tables

REGION = "ap-south-1"
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": REGION}
_count = itertools.count()


@cache
def _client(service: str) -> Any:
    """Return the client of all tests in this process: to make one takes as long as dozens of calls."""
    session = boto3.Session("testing", "testing", region_name=REGION)
    # of moto also if a test that has AWS fail makes it; types-boto3 does not know the argument
    to_moto = Config(ignore_configured_endpoint_urls=True)  # type: ignore[call-arg]
    return session.client(service, config=to_moto)  # type: ignore[call-overload]


class Deployment:
    """A stack in moto. Resources are named by their logical ids; parameters have their defaults unless given.

    Tables exist from the start, other resources from when somebody refers to them.
    """

    def __init__(self, patch: pytest.MonkeyPatch, parameters: Mapping[str, str]) -> None:
        self._patch = patch
        self._template = load()
        defaults = {name: str(p.get("Default", "")) for name, p in self._template["Parameters"].items()}
        self._references: dict[str, str] = {**defaults, **parameters}
        create_tables(self.client("dynamodb"))
        self.fill("SessionSecret", {"key": "a-key-for-tests-that-is-long-enough"})

    def client(self, service: str) -> Any:
        return _client(service)

    def reference(self, logical_id: str) -> str:
        """The value of `!Ref`: a table's or bucket's name, a queue's URL, a secret's ARN, a parameter's value."""
        if logical_id not in self._references:
            self._references[logical_id] = self._created(logical_id)
        return self._references[logical_id]

    def fill(self, secret: str, value: Mapping[str, Any]) -> None:
        """Write a secret, as `switchboard setup` does."""
        self.client("secretsmanager").put_secret_value(
            SecretId=self.reference(secret), SecretString=json.dumps(dict(value))
        )

    def environment(self, function: str) -> dict[str, str]:
        own = self._template["Resources"][function]["Properties"]["Environment"]["Variables"]
        variables = self._template["Globals"]["Function"]["Environment"]["Variables"] | own
        return {key: self._resolved(value) for key, value in variables.items()}

    def function(self, logical_id: str) -> Any:
        """Import a function again, as a cold start does, with the template's environment variables."""
        from switchboard.exotel import gate as exotel
        from switchboard.pushes import stopping

        exotel.gate.cache_clear()
        stopping.stop_ringing.cache_clear()
        folder = "".join(f"_{c.lower()}" if c.isupper() else c for c in logical_id.removesuffix("Function"))[1:]
        for key, value in self.environment(logical_id).items():
            self._patch.setenv(key, value)
        path = ROOT / "functions" / folder / "app.py"
        spec = importlib.util.spec_from_file_location(f"function_{folder}_{next(_count)}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def _resolved(self, value: Any) -> str:
        if not isinstance(value, dict):
            return str(value)
        if "Fn::If" in value:  # InChina, HasCallRetention: with the defaults neither holds
            return self._resolved(value["Fn::If"][2])
        return self.reference(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0])

    def _created(self, name: str) -> str:
        match self._template["Resources"][name]["Type"]:
            case "AWS::SQS::Queue":
                return str(self.client("sqs").create_queue(QueueName=name)["QueueUrl"])
            case "AWS::SecretsManager::Secret":
                return str(self.client("secretsmanager").create_secret(Name=name)["ARN"])
            case "AWS::S3::Bucket":
                return self._bucket(name)
        return name

    def _bucket(self, name: str) -> str:
        where: Any = {"LocationConstraint": REGION}
        self.client("s3").create_bucket(Bucket=name.lower(), CreateBucketConfiguration=where)
        return name.lower()


@contextmanager
def deployed(**parameters: str) -> Iterator[Deployment]:
    """Deploy into moto with these parameters of the template, such as `StockApps="allow"`."""
    from switchboard.aws import clients as aws
    from switchboard.login import passwords

    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for key, value in _CREDENTIALS.items():
            patch.setenv(key, value)
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        aws.credentials.cache_clear()
        connect_to_moto(patch)
        patch.setattr(passwords, "_MEMORY_KIB", 64)  # a hash takes as long as all the rest of a login
        yield Deployment(patch, parameters)
        aws.credentials.cache_clear()
