"""A function's settings: one frozen dataclass each, read from the environment that template.yaml gives it."""

import os
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from switchboard.foundation.errors import NotConfiguredError

_TRUE = {"true", "on", "yes", "1"}


def load[S](kind: type[S], environment: Mapping[str, str] = os.environ) -> S:
    """Return a `kind` whose fields are read from the environment: `ring_seconds: int` from `RING_SECONDS`, and so on.

    Fields may be `str`, `int` or `bool`; for an absent variable the field's default is used. Raises NotConfiguredError
    with the name of a variable that is missing or of the wrong type.
    """
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # S is a dataclass; typing has no bound for that
        raw = environment.get(field.name.upper())
        if raw is not None:
            values[field.name] = _convert(field.name.upper(), raw, field.type)
        elif field.default is MISSING:
            raise NotConfiguredError(
                "not_configured", f"the environment lacks {field.name.upper()}: deploy template.yaml"
            )
    return kind(**values)


def _convert(variable: str, raw: str, kind: object) -> object:
    if kind is bool:
        return raw.strip().lower() in _TRUE
    if kind is int:
        try:
            return int(raw)
        except ValueError:
            raise NotConfiguredError("not_configured", f"{variable} must be a whole number, not {raw!r}") from None
    return raw
