"""CPU of each built function's import, as Lambda does it when it starts an environment; INIT has the full CPU."""

import os
import subprocess
import sys
from pathlib import Path

from tests.deployment import Deployment
from tests.sam_template import ROOT

BUILD = ROOT / ".aws-sam" / "host"
LAYERS = (BUILD / "DependenciesLayer" / "python", BUILD / "SwitchboardLayer" / "python")
TIMES = 5
_IMPORT = "import time; began = time.process_time(); import app; print((time.process_time() - began) * 1000)"


def import_ms(deployment: Deployment, function: str) -> float:
    """Return the milliseconds of CPU that importing takes; needs `make build-host`."""
    folder = BUILD / function
    path = os.pathsep.join(map(str, (folder, *LAYERS)))
    environment = {"PATH": os.defpath, "PYTHONPATH": path, "AWS_REGION": "ap-south-1"} | deployment.environment(
        function
    )
    return round(min(_once(folder, environment) for _ in range(TIMES)), 1)


def _once(folder: Path, environment: dict[str, str]) -> float:
    command = [f"{sys.base_prefix}/bin/python3", "-S", "-c", _IMPORT]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout)
