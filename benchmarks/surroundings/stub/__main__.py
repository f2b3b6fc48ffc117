"""The stub's process: `stubbed_aws.py` tells it on stdin, a line of JSON each, what to do.

The first line says what to create. Then `here` serves until the next line, and what is changed meanwhile stays;
`copy` forks a process that serves what is there now, until it is killed or this one ends; so does `by_heart`, which
answers the same to all requests of a kind.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from moto import mock_aws

from benchmarks.surroundings.stub.resources import create
from benchmarks.surroundings.stub.server import Server
from local.deployment.built_template import read_built_template


def tell(**said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


async def here(server: Server) -> None:
    line = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await server.serve(lambda port: tell(port=port), line)


def copy(server: Server) -> None:
    parent = os.getpid()
    if os.fork():
        return

    async def orphaned() -> None:
        while os.getppid() == parent:
            await asyncio.sleep(0.5)

    async def serve_copy() -> None:
        await server.serve(lambda port: tell(port=port, pid=os.getpid()), orphaned())

    asyncio.run(serve_copy())
    os._exit(0)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies
    order = json.loads(sys.stdin.readline())
    certificate = Path(order["certificate"])
    mock_aws().start()
    tell(references=create(read_built_template(Path(order["template"])), order["secrets"]))
    while command := sys.stdin.readline().strip():
        if command == "here":
            asyncio.run(here(Server(certificate)))
        else:
            copy(Server(certificate, by_heart=command == "by_heart"))


main()
