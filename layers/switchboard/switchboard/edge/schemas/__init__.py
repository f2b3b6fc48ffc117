"""Request bodies as pydantic models: what API clients may send, and the source of docs/openapi.json."""
