"""`python -m docs.openapi` writes docs/openapi.json."""

from docs.openapi.document import FILE, rendered

if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
