"""The routes that are made for the emulator are those of the processed template."""

from typing import Any

import pytest

from local.deployment.routes import Route, routes_in
from local.errors import LocalStackError

ARN = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"


def operation(function: str, **more: object) -> dict[str, Any]:
    uri = {"Fn::Sub": f"{ARN}{function}/invocations"}
    return {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": uri}, **more}


def template(paths: dict[str, Any]) -> dict[str, Any]:
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": {"paths": paths}}}
    return {"Resources": {"HttpApi": api, "Table": {"Type": "AWS::DynamoDB::Table"}}}


def test_each_method_of_each_path_is_a_route_to_its_function_or_alias() -> None:
    paths = {
        "/v1/login": {"post": operation("${VendTokenFunction.Arn}")},
        "/v1/{name}": {
            "get": operation("${DialWhomFunctionAliaslive}"),
            "x-amazon-apigateway-any-method": operation("${Other.Arn}", security=[{"NONE": []}]),
        },
        "$default": {"x-amazon-apigateway-any-method": operation("${Rest.Arn}")},
    }
    name, routes = routes_in(template(paths))
    assert name == "HttpApi"
    assert [(route.key, route.function) for route in routes] == [
        ("POST /v1/login", "VendTokenFunction"),
        ("GET /v1/{name}", "DialWhomFunctionAliaslive"),
        ("ANY /v1/{name}", "Other"),
        ("$default", "Rest"),
    ]
    assert routes[0] == Route("POST", "/v1/login", "VendTokenFunction")


@pytest.mark.parametrize("wrong", [operation("${A.Arn}", security=[{"AWS_IAM": []}]), {"responses": {}}])
def test_a_route_that_cannot_be_made_is_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(LocalStackError, match="/v1/x"):
        routes_in(template({"/v1/x": {"get": wrong}}))


def test_a_template_without_an_api_is_an_error() -> None:
    with pytest.raises(LocalStackError, match="not 0"):
        routes_in({"Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}}})
