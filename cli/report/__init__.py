"""`switchboard report`: figures about the calls of a period."""
