"""`switchboard calls`: the newest calls."""
