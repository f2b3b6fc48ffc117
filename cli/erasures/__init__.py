"""The command `switchboard erasures`."""
