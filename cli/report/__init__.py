"""`switchboard report`: how calling went over a period."""
