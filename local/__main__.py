"""`python -m local`: the whole stack on this machine, one call from alice to bob, until Ctrl-C."""

import os
import signal
import sys
import threading
import time
import traceback
from types import FrameType
from typing import Any

from local import demo
from local.errors import LocalStackError
from local.gateway.https import addresses
from local.options import Options, read_options
from local.stack import HOME, LocalStack
from local.workbench.requests import line

FAILURE = HOME / "failure.log"


class Stopped(BaseException):
    """Raised for Ctrl-C or SIGTERM: a BaseException, so that no `except Exception` catches it."""


def main() -> int:
    """Run until stopped; return the exit code."""
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, _stop)
    try:
        _serve(read_options(os.environ))
    except Stopped:
        return 0
    except LocalStackError as error:
        return _give_up(str(error))
    except Exception as error:
        FAILURE.parent.mkdir(exist_ok=True)
        FAILURE.write_text(traceback.format_exc(), encoding="utf-8")
        return _give_up(f"{type(error).__name__}: {' '.join(str(error).split())[:200]} (more in {FAILURE})")
    return 0


def _give_up(reason: str) -> int:
    print(f"switchboard: {reason}", file=sys.stderr)
    return 1


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """End the run at the first signal; ignore further ones during the clean-up."""
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.SIG_IGN)
    raise Stopped


def _serve(options: Options) -> None:
    began = time.monotonic()
    with LocalStack(options, say=_say) as stack:
        if options.fcm_service_account is None:
            _print_call(stack.call("alice", "bob"))
        else:
            _say("real FCM: no demo call; log a real phone in and place one with POST /_sim/calls")
        print(_about(stack, options))
        print(f"up after {time.monotonic() - began:.1f} s; Ctrl-C ends it")
        print(f"ready {stack.base_url}", flush=True)
        if not options.quiet:
            stack.heard(lambda exchange: print(line(exchange), flush=True))
        threading.Event().wait()


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _print_call(call: dict[str, Any]) -> None:
    print(f"alice calls bob: {call['outcome']} (CallSid {call['call_sid']})")
    for step in call["steps"]:
        print(f"  {step['took_ms']:>6} ms  {step['name']:<12} {step['status']:<8} {step['detail']}")
    if call["outcome"] != "ringing":
        raise LocalStackError(f"the demo call ended as {call['outcome']}")


def _about(stack: LocalStack, options: Options) -> str:
    """The addresses and names that a user needs."""
    lines = [
        f"workbench {stack.base_url}/   phones {stack.base_url}/phone?as=alice and {stack.base_url}/phone?as=bob",
        f"API {stack.base_url}/v1   account {options.account}   password {demo.PASSWORD}",
        f"webhooks {demo.WEBHOOK_USER}:{demo.WEBHOOK_PASSWORD}   secret path {demo.WEBHOOK_PATH}",
        f"server key {demo.SERVER_KEY}   stock apps {options.stock_apps}",
    ]
    if options.host != options.reachable_host:
        lines += _for_the_network(stack)
    elif stack.https_port:
        lines.append(f"over TLS https://{options.host}:{stack.https_port}/")
    return "\n".join(lines)


def _for_the_network(stack: LocalStack) -> list[str]:
    """What others on the network may open: the API, and with a token the phones."""
    host = next(iter(addresses()), "<address>")
    port, scheme = (stack.https_port, "https") if stack.https_port else (stack.port, "http")
    lines = [
        f"a phone on the same network uses this machine's address: http://{host}:{stack.port}/v1",
        f"a browser there plays a phone at {scheme}://{host}:{port}/phone?as=bob&token={stack.phone_token}",
    ]
    return lines if stack.https_port else [*lines, "without HTTPS=1 its browser gives no microphone: it rings silently"]


if __name__ == "__main__":
    sys.exit(main())
