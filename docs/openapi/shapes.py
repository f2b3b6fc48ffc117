"""Schemas in the form that code generators accept: no null as a type of its own, no defaults, no titles of fields."""

from collections.abc import Iterator, Mapping
from typing import Any

type Schema = dict[str, Any]
type Definitions = Mapping[str, Schema]

REF = "#/components/schemas/"
_NULL = {"type": "null"}
# of a field. Generators make a field with a default required, and name classes after titles.
_LEFT_OUT = ("default", "title")


def shaped(name: str, found: Definitions, *, nulls: bool) -> Schema:
    """Return the definition `name` with its fields in this form; `nulls` says whether a field may be null.

    Requests take null for an absent field, which the document says once.
    """
    schema = found[name]
    fields = {key: _field(field, found, nulls=nulls) for key, field in schema.get("properties", {}).items()}
    return {**schema, **({"properties": fields} if fields else {})}


def enveloped(schema: Schema, envelope: Schema) -> Schema:
    """Return an answer's schema with the fields that every answer has: one flat class for generators."""
    required = dict.fromkeys([*schema.get("required", []), *envelope["required"]])
    return {**schema, "properties": schema["properties"] | envelope["properties"], "required": list(required)}


def reachable(names: set[str], found: Definitions) -> set[str]:
    """Return the names of the definitions with all that they refer to."""
    left, seen = list(names), set[str]()
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += _references(found[name])
    return seen


def _references(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix(REF)
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _field(field: Schema, found: Definitions, *, nulls: bool) -> Schema:
    """Return a field with the first of its types, which is the one that generated code should use."""
    kept = {key: value for key, value in field.items() if key not in _LEFT_OUT}
    types = kept.pop("anyOf", None)
    if types is None:
        return kept
    first = next(one for one in types if one != _NULL)
    return (_or_null(first, found) if nulls and _NULL in types else dict(first)) | kept


def _or_null(schema: Schema, found: Definitions) -> Schema:
    """Return the schema with null as a second type. A reference cannot have one, so what it refers to is copied."""
    whole = found[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema
    copied = {key: value for key, value in whole.items() if key != "title"} | {"type": [whole["type"], "null"]}
    return copied | ({"enum": [*whole["enum"], None]} if "enum" in whole else {})
