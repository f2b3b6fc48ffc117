"""Where requests come in: settings, credentials, schemas, answers, observability."""
