"""A separate process: one cold start of UnpackLogsFunction with the event from stdin; prints its peak memory."""

import importlib.util
import json
import re
import sys
from pathlib import Path

app = Path(__file__).parents[3] / "functions" / "unpack_logs" / "app.py"
spec = importlib.util.spec_from_file_location("app", app)
assert spec is not None
assert spec.loader is not None
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.handler(json.load(sys.stdin), None)
# not getrusage's figure, which a process takes over from the one that started it
(peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
sys.stderr.write(str(int(peak) // 1024))
