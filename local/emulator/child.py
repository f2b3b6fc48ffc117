"""Runs the emulator under its own interpreter, and ends it with the process that started it.

Standard input shows that: it closes when the starter ends, however it ends, and then this whole process group ends,
Lambda workers included. (PR_SET_PDEATHSIG is for Linux only, and is sent when the starting thread ends.)
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
    # Last on the path, so that no module of ours shadows one of the emulator's.
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
