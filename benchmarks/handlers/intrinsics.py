"""CloudFormation's functions, as far as environment variables use them."""

from collections.abc import Mapping
from typing import Any

PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "ap-south-1", "AWS::AccountId": "123456789012"}


class Resolver:
    """Resolves values of a template, whose `Ref`s mean what `references` says. Raises KeyError for what is unknown."""

    def __init__(self, template: Mapping[str, Any], references: Mapping[str, str]) -> None:
        self._conditions: Mapping[str, Any] = template.get("Conditions", {})
        self._references = {**PSEUDO, **references}

    def __call__(self, value: Any) -> str:  # noqa: ANN401 whatever a template may hold
        """Return the text that a value becomes."""
        if not isinstance(value, dict):
            return str(value)
        [(name, arguments)] = value.items()
        if name == "Fn::If":
            return self(arguments[1] if self.holds({"Condition": arguments[0]}) else arguments[2])
        return self._references[{"Ref": lambda: arguments, "Fn::GetAtt": lambda: arguments[0]}[name]()]

    def holds(self, condition: Mapping[str, Any]) -> bool:
        """Whether a condition is true."""
        [(name, arguments)] = condition.items()
        if name == "Condition":
            return self.holds(self._conditions[arguments])
        if name == "Fn::Equals":
            return self(arguments[0]) == self(arguments[1])
        inner = [self.holds(one) for one in arguments]
        return {"Fn::Not": not inner[0], "Fn::And": all(inner), "Fn::Or": any(inner)}[name]
