"""`switchboard why`: what happened on a call, what went wrong, and what to do."""
