"""`make load`: calls in bursts against the local stack, and a count of what became of each."""
