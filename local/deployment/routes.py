"""Creates the HTTP API's routes, which the emulator's CloudFormation does not.

It ignores the OpenAPI `Body` of an AWS::ApiGatewayV2::Api, where SAM puts every route; so they are created from the
processed template through the apigatewayv2 API.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.deployment.aws import Aws
from local.deployment.deploy import STACK, Deployment
from local.errors import LocalStackError

API_TYPE = "AWS::ApiGatewayV2::Api"
DEFAULT = "$default"
INTEGRATION = "x-amazon-apigateway-integration"
FUNCTION = re.compile(r"/functions/\$\{(\w+)(\.Arn|\.Alias)?\}/invocations")


@dataclass(frozen=True)
class Route:
    """A route of the API, its function given by logical id."""

    method: str
    path: str
    function: str

    @property
    def key(self) -> str:
        """API Gateway's route key: `GET /v1/things/{id}`, or `$default` for requests that match no other route."""
        if self.path == DEFAULT:
            return DEFAULT
        return f"{self.method} {self.path}"


def routes_in(template: Mapping[str, Any]) -> tuple[str, list[Route]]:
    """Return the API's logical id and routes in a processed template; raises LocalStackError unless it has one API."""
    apis = {name: resource for name, resource in template["Resources"].items() if resource["Type"] == API_TYPE}
    if len(apis) != 1:
        raise LocalStackError(f"the template must hold one HTTP API, not {len(apis)}")
    [(name, api)] = apis.items()
    return name, list(_routes(api["Properties"]["Body"]["paths"]))


def _routes(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[Route]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            word = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
            key = DEFAULT if path.lstrip("/") == DEFAULT else path
            yield Route(word, key, _function(path, operation))


def _function(path: str, operation: Mapping[str, Any]) -> str:
    if _needs_authorizer(operation):
        raise LocalStackError(f"{path} has an authorizer, which the local stack does not support")
    matched = FUNCTION.search(json.dumps(operation.get(INTEGRATION, {})))
    if not matched:
        raise LocalStackError(f"{path} is not answered by a function of this template")
    return matched[1]


def _needs_authorizer(operation: Mapping[str, Any]) -> bool:
    return any(name != "NONE" for one in operation.get("security", []) for name in one)


def make_routes(aws: Aws, deployment: Deployment) -> str:
    """Create the deployed API's integrations and routes; return the API's id."""
    body = aws.cloudformation.get_template(StackName=STACK, TemplateStage="Processed")["TemplateBody"]
    name, routes = routes_in(json.loads(body) if isinstance(body, str) else body)
    api = deployment.resources[name]
    integrations = {
        function: aws.gateway.create_integration(
            ApiId=api,
            IntegrationType="AWS_PROXY",
            IntegrationUri=deployment.resources[function],
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        for function in sorted({route.function for route in routes})
    }
    for route in routes:
        target = f"integrations/{integrations[route.function]}"
        aws.gateway.create_route(ApiId=api, RouteKey=route.key, Target=target)
    return api
