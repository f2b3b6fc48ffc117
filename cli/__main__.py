"""`python -m cli`, which `make switchboard ARGS=…` runs."""

import sys

from cli.app import main

if __name__ == "__main__":
    sys.exit(main())
