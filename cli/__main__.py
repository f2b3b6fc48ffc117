"""`python -m cli`, which `make switchboard ARGS=…` and .venv/bin/switchboard run."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "layers" / "switchboard"))

from cli.app import main

if __name__ == "__main__":
    sys.exit(main())
