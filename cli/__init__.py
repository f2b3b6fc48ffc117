"""`switchboard`, the operator's command line: it works on a deployed stack and never ships to Lambda."""
