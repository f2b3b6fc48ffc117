"""Reduces botocore's data to what functions need: `python prune.py FOLDER`, where FOLDER contains the packages.

botocore describes some 400 services in 25 MB, documentation included. It reads a service's whole description for each
client, and all root certificates for each connection, which slows down cold starts.
"""

import gzip
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The operations that functions call, and those that botocore needs itself. A test compares them with the code.
OPERATIONS = {
    "dynamodb": {
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
        *("Query", "BatchWriteItem", "TransactWriteItems"),
    },
    "s3": {
        *("GetObject", "PutObject", "CopyObject", "DeleteObject", "ListObjectsV2"),
        "HeadBucket",  # called by botocore when S3 redirects to the bucket's region
    },
    "secretsmanager": {"GetSecretValue"},
    "sqs": {"SendMessage", "ChangeMessageVisibility"},
}
MODEL, EXTRAS, RULES = "service-2.json.gz", "service-2.sdk-extras.json", "endpoint-rule-set-1.json.gz"
NOTICE = "Changed: cut to what Switchboard uses"  # Apache-2.0, 4 (b)
# The root certificates of AWS's services: the five of Amazon Trust Services (www.amazontrust.com/repository).
ROOT_CERTIFICATES = {
    *("Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4"),
    "Starfield Services Root Certificate Authority - G2",
}
LABELLED = re.compile(r'# Label: "(.*)"\n(?:#.*\n)*(-----BEGIN[^#]*-----\n)')


def prune(data: Path) -> None:
    """Keep only the used services, of each the newest version, and of that the called operations."""
    for folder in [path for path in data.iterdir() if path.is_dir()]:
        if folder.name not in OPERATIONS:
            shutil.rmtree(folder)
            continue
        *older, newest = sorted(folder.iterdir())
        for version in older:
            shutil.rmtree(version)
        _prune_version(newest, OPERATIONS[folder.name])
    _prune_endpoints(data / "endpoints.json", set(OPERATIONS))


def _prune_version(version: Path, operations: set[str]) -> None:
    """Keep only the model of the operations and the endpoint rules: no waiters, paginators or examples."""
    model = _read(version / MODEL)
    model["operations"] = _without_documentation({name: model["operations"][name] for name in sorted(operations)})
    used = set(_shapes_of(model, model["operations"]))
    model["shapes"] = _without_documentation({name: model["shapes"][name] for name in sorted(used)})
    rules = _without_documentation(_read(version / RULES))
    extras = version / EXTRAS
    kept = extras.read_bytes() if extras.exists() else None
    shutil.rmtree(version)
    version.mkdir()
    _write(version / MODEL, model)
    _write(version / RULES, rules)
    if kept is not None:
        extras.write_bytes(kept)


def _prune_endpoints(file: Path, services: set[str]) -> None:
    endpoints = json.loads(file.read_bytes())
    for partition in endpoints["partitions"]:
        partition["services"] = {name: one for name, one in partition["services"].items() if name in services}
    _write(file, endpoints)


def _shapes_of(model: dict[str, Any], part: object, seen: set[str] | None = None) -> Iterator[str]:
    """Yield the names of all shapes to which a part of the model refers, directly or indirectly."""
    seen = set() if seen is None else seen
    if isinstance(part, dict):
        name = part.get("shape")
        if isinstance(name, str) and name not in seen:
            seen.add(name)
            yield name
            yield from _shapes_of(model, model["shapes"][name], seen)
        for inner in part.values():
            yield from _shapes_of(model, inner, seen)
    elif isinstance(part, list):
        for inner in part:
            yield from _shapes_of(model, inner, seen)


def _without_documentation(part: Any) -> Any:  # noqa: ANN401 any JSON
    if isinstance(part, dict):
        return {k: _without_documentation(v) for k, v in part.items() if k != "documentation" or not isinstance(v, str)}
    return [_without_documentation(one) for one in part] if isinstance(part, list) else part


def write_root_certificates(bundle: Path, file: Path) -> None:
    """Write the ROOT_CERTIFICATES from certifi's bundle to `file`. Raises KeyError if one is missing."""
    labelled = dict(LABELLED.findall(bundle.read_text(encoding="utf-8")))
    file.write_text("".join(labelled[name] for name in sorted(ROOT_CERTIFICATES)), encoding="ascii")


def _read(file: Path) -> Any:  # noqa: ANN401 any JSON
    return json.loads(gzip.decompress(file.read_bytes()))


def _write(file: Path, content: dict[str, Any]) -> None:
    """Write the content as uncompressed JSON, the format that botocore tries first."""
    text = json.dumps({"documentation": NOTICE, **content}, separators=(",", ":"))
    file.with_name(file.name.removesuffix(".gz")).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    packages = Path(sys.argv[1])
    prune(packages / "botocore" / "data")
    write_root_certificates(packages / "certifi" / "cacert.pem", packages.parent / "amazon-roots.pem")
