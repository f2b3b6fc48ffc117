"""Measurements of what is built: `make bench` runs them all, docs/benchmarks.md says what they mean."""
