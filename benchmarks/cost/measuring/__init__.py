"""Plays whole calls and counts what every function does in them: `make measure-cost`, into measured.json beside it."""
