"""A measured client reads the same root certificates as on Lambda, plus the stub's."""

from pathlib import Path

from benchmarks.handlers.root_certificates import write_bundle


def package(folder: Path, *files: str) -> Path:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(f"those of {file}\n")
    return folder


def bundle(tmp_path: Path, path: list[Path], named: str | None = None) -> str:
    (tmp_path / "stub.pem").write_text("the stub's")
    return write_bundle(tmp_path / "stub.pem", path, named).read_text()


def test_botocore_uses_the_root_certificates_of_certifi(tmp_path: Path) -> None:
    shipped = package(tmp_path / "python", "botocore/cacert.pem", "certifi/cacert.pem")
    assert bundle(tmp_path, [shipped]).split("\n") == ["those of certifi/cacert.pem", "", "the stub's"]


def test_without_certifi_botocore_uses_its_own_root_certificates(tmp_path: Path) -> None:
    shipped = package(tmp_path / "python", "botocore/cacert.pem")
    assert bundle(tmp_path, [tmp_path / "code", shipped]).startswith("those of botocore/cacert.pem\n")


def test_a_bundle_that_the_environment_names_is_looked_for_in_the_layers(tmp_path: Path) -> None:
    shipped = package(tmp_path / "layer" / "python", "botocore/cacert.pem", "roots.pem")
    assert bundle(tmp_path, [tmp_path / "code", shipped], "/opt/python/roots.pem").startswith("those of roots.pem\n")
