"""What `make build` makes for Lambda: the right machine's libraries, byte code, and nothing that no function needs."""

import struct
from pathlib import Path

import pytest

from tests.sam_template import ROOT, resources

BUILD = ROOT / ".aws-sam" / "build"
AARCH64 = 183  # e_machine of the ELF header
DEPENDENCIES = BUILD / "DependenciesLayer" / "python"


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
    described = {path.name for path in (DEPENDENCIES / "botocore" / "data").iterdir() if path.is_dir()}
    assert described == {"dynamodb", "s3", "secretsmanager", "sqs"}


@pytest.mark.parametrize("package", ["boto3", "pyfcm", "cryptography", "aws_xray_sdk", "aiohttp", "moto", "pytest"])
def test_the_shared_layer_has_nothing_that_only_some_or_no_function_needs(package: str) -> None:
    assert not (DEPENDENCIES / package).exists()


@pytest.mark.parametrize(
    ("function", "package"), [("DeliverPushFunction", "pyfcm"), ("VendTokenFunction", "cryptography")]
)
def test_what_one_function_needs_ships_with_that_function(function: str, package: str) -> None:
    assert (BUILD / function / package).is_dir()


@pytest.mark.parametrize("function", resources("AWS::Serverless::Function"))
def test_no_function_ships_what_the_layers_ship(function: str) -> None:
    shared = {path.name for path in DEPENDENCIES.iterdir()} | {"switchboard"}
    own = {path.name for path in (BUILD / function).iterdir()}
    assert own & shared <= {"__pycache__", "bin"}
