"""`python -m docs.openapi` writes both documents, and the routes that functions/refuse_unknown names."""

from docs.openapi.document import APP_FILE, FILE, app_document, document, rendered
from docs.openapi.routes import KNOWN, known

if __name__ == "__main__":
    FILE.write_text(rendered(document()), encoding="utf-8")
    APP_FILE.write_text(rendered(app_document()), encoding="utf-8")
    KNOWN.write_text(known(), encoding="utf-8")
