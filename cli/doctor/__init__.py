"""`switchboard doctor`: checks a deployment end to end, and says how to mend what it finds."""
