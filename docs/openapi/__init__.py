"""Makes docs/openapi.json from the request and answer schemas and template.yaml's routes: `make docs`."""
