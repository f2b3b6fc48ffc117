"""Makes docs/openapi.json and docs/openapi-app.json from the schemas and template.yaml's routes: `make docs`."""
