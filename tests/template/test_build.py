"""The output of `make build`: libraries of the right architecture, byte code, and nothing that no function needs."""

import ast
import json
import ssl
import struct
from pathlib import Path

import pytest

from tests.sam_template import ROOT, load, resources

BUILD = ROOT / ".aws-sam" / "build"
AARCH64 = 183  # e_machine of the ELF header
DEPENDENCIES = BUILD / "DependenciesLayer" / "python"
DATA = DEPENDENCIES / "botocore" / "data"
CLIENT = ("_client", "client")  # what adapters call their AWS client
LARGEST_LAYER = 30_000_000  # bytes, byte code included
PACKAGE = ROOT / "layers" / "switchboard" / "switchboard"
NO_OPERATIONS = {"GeneratePresignedUrl"}
OPERATORS_ONLY = {"Scan"}  # timeline_scan.py, for the command line


def machine(library: Path) -> int:
    header = library.read_bytes()[:20]
    assert header[:4] == b"\x7fELF", library
    number: int = struct.unpack("<H", header[18:20])[0]
    return number


def test_the_arm64_build_holds_only_aarch64_libraries() -> None:
    libraries = [path for path in BUILD.rglob("*.so*") if path.is_file()]
    assert len(libraries) > 3
    assert {path for path in libraries if machine(path) != AARCH64} == set()


def test_the_aws_sdk_describes_only_the_services_that_are_used() -> None:
    described = {path.name for path in DATA.iterdir() if path.is_dir()}
    assert described == {"dynamodb", "s3", "secretsmanager", "sqs"}
    for partition in json.loads((DATA / "endpoints.json").read_bytes())["partitions"]:
        assert set(partition["services"]) <= described


def called() -> set[str]:
    """The operations that adapters call, as AWS writes them."""
    sources = [source for source in map(Path.read_text, PACKAGE.rglob("*.py")) if "from types_boto3" in source]
    calls = [node for source in sources for node in ast.walk(ast.parse(source))]
    methods = {
        call.func.attr
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if getattr(call.func.value, "attr", getattr(call.func.value, "id", "")) in CLIENT
    }
    return {"".join(word.capitalize() for word in method.split("_")) for method in methods}


def test_the_aws_sdk_describes_the_operations_that_are_called_and_no_documentation() -> None:
    models = [json.loads(file.read_text()) for file in DATA.glob("*/*/service-2.json")]
    described = {name for model in models for name in model["operations"]}
    assert described == (called() - NO_OPERATIONS - OPERATORS_ONLY) | {"HeadBucket"}
    assert not any("<p>" in json.dumps([model["operations"], model["shapes"]]) for model in models)


def test_the_shared_layer_is_small() -> None:
    files = (path for path in DEPENDENCIES.rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) <= LARGEST_LAYER


@pytest.mark.parametrize(
    "package", ["boto3", "pyfcm", "cryptography", "aws_xray_sdk", "aiohttp", "anyio", "cffi", "pycparser"]
)
def test_the_shared_layer_has_nothing_that_only_some_or_no_function_needs(package: str) -> None:
    assert not (DEPENDENCIES / package).exists()


@pytest.mark.parametrize(
    ("function", "package"),
    [*(("DeliverPushFunction", name) for name in ("pyfcm", "h2", "anyio")), ("VendTokenFunction", "cryptography")],
)
def test_what_one_function_needs_ships_with_that_function(function: str, package: str) -> None:
    assert (BUILD / function / package).is_dir()


@pytest.mark.parametrize("function", resources("AWS::Serverless::Function"))
def test_no_function_ships_what_the_layers_ship(function: str) -> None:
    shared = {path.name for path in DEPENDENCIES.iterdir()} | {"switchboard"}
    own = {path.name for path in (BUILD / function).iterdir()}
    assert own & shared <= {"__pycache__", "bin"}


def test_the_layer_has_the_root_certificates_that_aws_needs_and_no_others() -> None:
    in_china, nothing, named = load()["Globals"]["Function"]["Environment"]["Variables"]["AWS_CA_BUNDLE"]["Fn::If"]
    assert (in_china, nothing) == ("InChina", {"Ref": "AWS::NoValue"})  # botocore trusts everybody with an empty one
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(BUILD / "DependenciesLayer" / Path(named).relative_to("/opt"))
    names = {part[0][1] for found in context.get_ca_certs() for part in found["subject"] if part[0][0] == "commonName"}
    starfield = "Starfield Services Root Certificate Authority - G2"
    assert names == {f"Amazon Root CA {number}" for number in range(1, 5)} | {starfield}
