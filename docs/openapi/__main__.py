"""`python -m docs.openapi` writes docs/openapi.json, and the routes that functions/refuse_unknown names."""

from docs.openapi.document import FILE, rendered
from docs.openapi.routes import KNOWN, known

if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    KNOWN.write_text(known(), encoding="utf-8")
