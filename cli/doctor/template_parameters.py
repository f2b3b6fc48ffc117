"""The parameters of template.yaml, as this version of Switchboard has them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Ignores CloudFormation's short forms (`!Ref`), which no parameter uses."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


@cache
def defaults() -> Mapping[str, str]:
    """Return each parameter's default by its name, as CloudFormation writes it."""
    template: Mapping[str, Any] = yaml.load(_TEMPLATE.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - safe
    return {name: str(one["Default"]) for name, one in template["Parameters"].items()}
