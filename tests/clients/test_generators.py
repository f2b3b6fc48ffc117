"""What other people's code generators make of docs/openapi.json and docs/openapi-app.json compiles."""

from pathlib import Path

import pytest

from docs.openapi.document import APP_FILE, FILE
from tests.clients.tools import OKHTTP, compile_kotlin, jars, needed, npm, python, run

pytestmark = [pytest.mark.long, pytest.mark.parametrize("document", [FILE, APP_FILE], ids=["all", "app"])]

# jackson-module-kotlin is in neither npm nor PyPI; generated code takes one function from it
JACKSON_KOTLIN = """package com.fasterxml.jackson.module.kotlin
fun jacksonObjectMapper() = com.fasterxml.jackson.databind.ObjectMapper()
"""
STRICT = ("--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom")


def generated(document: Path, language: str, folder: Path, *properties: str) -> list[Path]:
    """Let openapi-generator make a client; return its files, tests left out."""
    needed("java")
    (jar,) = python().parents[1].glob("lib/*/site-packages/openapi_generator_cli/openapi-generator.jar")
    more = ["--additional-properties", ",".join(properties)] if properties else []
    run("java", "-jar", jar, "generate", "-i", document, "-g", language, "-o", folder, *more)
    return [file for file in folder.rglob("*.*") if file.is_file() and "test" not in file.relative_to(folder).parts]


def test_redocly_finds_nothing_to_say(document: Path) -> None:
    shown = run(npm("redocly"), "lint", "--extends", "recommended", "--format", "summary", document)
    assert "Your API description is valid" in shown, shown
    assert "warning" not in shown.replace("Deprecation warning", ""), shown


def test_openapi_typescript(document: Path, tmp_path: Path) -> None:
    types = tmp_path / "api.d.ts"
    run(npm("openapi-typescript"), document, "-o", types)
    use = tmp_path / "use.ts"
    use.write_text(
        'import type { components } from "./api";\n'
        'const login: components["schemas"]["LoginRequest"] = { account_sid: "demo1m", device_id: "1" };\n'
        'const later: components["schemas"]["Problem"]["code"] = "a-code-of-a-later-version";\n'
        "export default [login, later];\n"
    )
    run(npm("tsc"), *STRICT, "--module", "esnext", "--moduleResolution", "bundler", use)


def test_openapi_generator_for_typescript(document: Path, tmp_path: Path) -> None:
    files = generated(document, "typescript-fetch", tmp_path)
    assert tmp_path / "apis" / "ReportsApi.ts" in files
    run(npm("tsc"), *STRICT, "--module", "esnext", "--moduleResolution", "bundler", tmp_path / "index.ts")


def test_openapi_generator_for_kotlin(document: Path, tmp_path: Path) -> None:
    libraries = jars(*OKHTTP)
    files = generated(document, "kotlin", tmp_path, "library=jvm-okhttp4", "serializationLibrary=jackson")
    stub = tmp_path / "JacksonKotlin.kt"
    stub.write_text(JACKSON_KOTLIN)
    compile_kotlin(
        [stub, *(file for file in files if file.suffix == ".kt")], tmp_path / "client.jar", libraries, "-nowarn"
    )


@pytest.mark.parametrize(("language", "suffix"), [("swift6", ".swift"), ("dart", ".dart")])
def test_openapi_generator_for_languages_without_a_compiler(
    document: Path, language: str, suffix: str, tmp_path: Path
) -> None:
    files = [file for file in generated(document, language, tmp_path) if file.suffix == suffix]
    assert len(files) > 40
    run(python(), Path(__file__).with_name("parse.py"), *files)


def test_openapi_python_client(document: Path, tmp_path: Path) -> None:
    client = tmp_path / "client"
    shown = run(
        *(python().parent / "openapi-python-client", "generate", "--path", document),
        *("--meta", "none", "--output-path", client, "--fail-on-warning"),
    )
    assert "Warning" not in shown, shown
    modules = [
        ".".join(file.relative_to(tmp_path).with_suffix("").parts)
        for file in client.rglob("*.py")
        if file.name != "__init__.py"
    ]
    run(python(), "-c", f"import importlib\nfor name in {modules!r}: importlib.import_module(name)", cwd=tmp_path)
