"""`switchboard dlq`: shows dead letters with their reasons, redrives them and deletes them."""
