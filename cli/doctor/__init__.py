"""`switchboard doctor`: checks a deployment end to end, and says how to fix what it finds."""
