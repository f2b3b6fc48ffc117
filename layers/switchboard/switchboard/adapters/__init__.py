"""One module per outside thing, each behind a Protocol of `ports`."""
