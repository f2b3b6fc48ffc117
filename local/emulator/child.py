"""Runs the emulator under its own interpreter, tied to whoever started it.

Standard input is the tie: its other end closes when the starter dies, however it dies, and then this whole process
group ends, Lambda workers included. (PR_SET_PDEATHSIG would know Linux only, and only the starting thread's death.)
"""

import os
import signal
import sys
import threading
from pathlib import Path


def end_with_the_starter() -> None:
    """Wait for the starter's end, then end every process of this group."""
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    # Last, so that no module of ours stands in for one of the emulator's.
    sys.path.append(str(Path(__file__).parents[2]))
    from ministack import app  # type: ignore[import-not-found]
    from ministack.core import lambda_runtime  # type: ignore[import-not-found]
    from ministack.services import lambda_svc  # type: ignore[import-not-found]

    from local.emulator import memory as emulator_memory
    from local.emulator import queue_sources as emulator_sources
    from local.emulator import streams as emulator_streams
    from local.emulator import workers as emulator_workers

    emulator_workers.amend(lambda_runtime, lambda_svc)
    emulator_streams.amend(lambda_svc)
    emulator_sources.amend(lambda_svc)

    emulator_memory.write_when_asked(app, Path(os.environ["STATE_DIR"]))

    threading.Thread(target=end_with_the_starter, daemon=True).start()
    sys.argv[1:] = []
    app.main()
