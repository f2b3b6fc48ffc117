"""Google's own schema of an FCM message, from the discovery document that google-api-python-client carries."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

# Keys of a discovery document that JSON Schema does not have, or uses otherwise.
KEPT = ("type", "enum", "properties", "items", "additionalProperties", "$ref")


@dataclass(frozen=True)
class Violation:
    """One wrong field, as in google.rpc.BadRequest."""

    field: str
    description: str


def violations(body: object) -> list[Violation]:
    """Yield what is wrong with a SendMessageRequest by Google's schema: unknown fields, types, enum values."""
    return [_violation(error) for error in _validator().iter_errors(body)]


@cache
def _validator() -> Draft202012Validator:
    document = resources.files("googleapiclient") / "discovery_cache" / "documents" / "fcm.v1.json"
    schemas = json.loads(document.read_text(encoding="utf-8"))["schemas"]
    definitions = {name: _as_json_schema(schema) for name, schema in schemas.items()}
    return Draft202012Validator({"$ref": "#/$defs/SendMessageRequest", "$defs": definitions})


def _as_json_schema(schema: dict[str, object]) -> dict[str, object]:
    """Return a discovery schema as JSON Schema that refuses unknown fields, as Google's parser does."""
    if schema.get("type") == "any":
        return {}
    kept = {name: value for name, value in schema.items() if name in KEPT}
    if "$ref" in kept:
        return {"$ref": f"#/$defs/{kept['$ref']}"}
    for name in ("items", "additionalProperties"):
        if isinstance(nested := kept.get(name), dict):
            kept[name] = _as_json_schema(nested)
    if isinstance(properties := kept.get("properties"), dict):
        kept["properties"] = {name: _as_json_schema(nested) for name, nested in properties.items()}
        kept["additionalProperties"] = False
    return kept


def _violation(error: ValidationError) -> Violation:
    field = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema["properties"]))[0]
        return Violation(
            field, f"Invalid JSON payload received. Unknown name \"{unknown}\" at '{field}': Cannot find field."
        )
    return Violation(field, f"Invalid value at '{field}' ({error.validator}), {json.dumps(error.instance)[:120]}")
