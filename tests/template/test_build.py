"""The output of `make build`: libraries of the right architecture, byte code, and nothing that no function needs."""

import ssl
import struct
from pathlib import Path

import pytest

from tests.sam_template import ROOT, load, resources

BUILD = ROOT / ".aws-sam" / "build"
AARCH64 = 183  # e_machine of the ELF header
DEPENDENCIES = BUILD / "DependenciesLayer" / "python"
LARGEST_LAYER = 30_000_000  # bytes, byte code included


def machine(library: Path) -> int:
    header = library.read_bytes()[:20]
    assert header[:4] == b"\x7fELF", library
    number: int = struct.unpack("<H", header[18:20])[0]
    return number


def test_the_arm64_build_holds_only_aarch64_libraries() -> None:
    libraries = [path for path in BUILD.rglob("*.so*") if path.is_file()]
    assert len(libraries) > 3
    assert {path for path in libraries if machine(path) != AARCH64} == set()


def test_the_shared_layer_is_small() -> None:
    files = (path for path in DEPENDENCIES.rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) <= LARGEST_LAYER


@pytest.mark.parametrize(
    "package",
    [
        "boto3",
        "botocore",
        "urllib3",
        "dateutil",
        "pyfcm",
        "cryptography",
        "aws_xray_sdk",
        "aiohttp",
        "anyio",
        "cffi",
        "pycparser",
    ],
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


def roots_in(named: str) -> set[str]:
    """Return the common names of the certificates in a file of the dependency layer, which Lambda has in /opt."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(BUILD / "DependenciesLayer" / Path(named).relative_to("/opt"))
    return {part[0][1] for one in context.get_ca_certs() for part in one["subject"] if part[0][0] == "commonName"}


def test_the_layer_has_the_root_certificates_that_aws_needs_and_no_others() -> None:
    in_china, nothing, named = load()["Globals"]["Function"]["Environment"]["Variables"]["AWS_CA_BUNDLE"]["Fn::If"]
    assert (in_china, nothing) == ("InChina", {"Ref": "AWS::NoValue"})
    starfield = "Starfield Services Root Certificate Authority - G2"
    assert roots_in(named) == {f"Amazon Root CA {number}" for number in range(1, 5)} | {starfield}


def test_the_layer_has_the_root_certificates_of_google_and_apple_for_the_function_that_sends_pushes() -> None:
    named = resources("AWS::Serverless::Function")["DeliverPushFunction"]["Environment"]["Variables"]["PUSH_CA_BUNDLE"]
    apples = "USERTrust RSA Certification Authority"
    assert roots_in(named) == {"GTS Root R1", "GTS Root R3", "GTS Root R4", "GlobalSign", apples}
