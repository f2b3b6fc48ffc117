"""One module per function: what it does, with its outside parts passed in."""
