"""`switchboard dlq`: what could not be delivered, why, and putting it back."""
