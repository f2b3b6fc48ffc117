"""What locust runs, in an environment of its own: callers that place calls, some at a steady rate, some all at once.

A call consists of the requests to Switchboard: the caller's app sets its context, Exotel asks Dial Whom and hands over
the push, the callee's app acknowledges it, Exotel tells how it ended. Whatever was accepted is written to the ledger.
"""

import base64
import json
import os
import random
import time
import uuid
from pathlib import Path

from locust import FastHttpUser, constant_pacing, task

from local.calls.call_data import call_data

SETUP = json.loads(Path(os.environ["LOAD_SETUP"]).read_text())
LEDGER = Path(os.environ["LOAD_LEDGER"]).open("a", buffering=1)  # noqa: SIM115 - for as long as the process lives
ACCOUNT = f"/v1/accounts/{SETUP['account']}"
EXOTEL = {"Authorization": "Basic " + base64.b64encode(SETUP["webhook"].encode()).decode()}
UNASSIGNED = list(SETUP["sessions"])


class Caller(FastHttpUser):
    """A subscriber who calls the next one, over and over; each has a name of its own, so no context is another's."""

    abstract = True

    def on_start(self) -> None:
        self.caller = UNASSIGNED.pop()
        names = list(SETUP["sessions"])
        self.callee = names[(names.index(self.caller) + 1) % len(names)]

    def bearer(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {SETUP['sessions'][name]}"}

    @task
    def call(self) -> None:
        """Place one call; a step that fails ends it, as it would end a real one."""
        sid, payload = uuid.uuid4().hex, call_data(self.caller)
        told = {"dialToNumber": self.callee, "message": ""}
        context = f"{ACCOUNT}/subscribers/{self.caller}/context"
        if not self.client.post(context, json=told, headers=self.bearer(self.caller), name="context").ok:
            return
        if not self.dial_whom(sid):
            return
        push = {"subscriberName": self.callee, "payload": payload, "payloadVersion": "1"}
        pushed = self.client.post(f"{ACCOUNT}/pushtoclient", json=push, headers=EXOTEL, name="pushtoclient")
        if not pushed.ok:
            return
        entry = {"call": sid, "caller": self.caller, "callee": self.callee, "payload": payload, "at": time.time()}
        LEDGER.write(json.dumps(entry) + "\n")
        ack = f"{ACCOUNT}/subscribers/{self.callee}/pushes/{pushed.json()['pushId']}/ack"
        self.client.post(ack, headers=self.bearer(self.callee), name="ack")
        ended = {"CallSid": sid, "CallFrom": f"sip:{self.caller}", "CallTo": SETUP["exophone"], "Direction": "incoming"}
        ended |= {"CallType": "completed", "DialCallStatus": "completed", "DialCallDuration": "1"}
        self.client.get(f"{ACCOUNT}/callevents", params=ended, headers=EXOTEL, name="callevents")

    def dial_whom(self, sid: str) -> bool:
        asked = {"CallSid": sid, "CallFrom": f"sip:{self.caller}", "CallTo": f"sip:{SETUP['exophone']}"}
        path = f"{ACCOUNT}/dialtonumber"
        with self.client.get(path, params=asked, headers=EXOTEL, name="dialtonumber", catch_response=True) as answer:
            if answer.ok and answer.text != f"sip:{self.callee}":
                answer.failure(f"bridges to {answer.text}, not to {self.callee}")
            return bool(answer.ok) and answer.text == f"sip:{self.callee}"


class SteadyCaller(Caller):
    """Calls at a steady pace."""

    fixed_count = SETUP["steady"]
    wait_time = constant_pacing(1.0)


class CrowdCaller(Caller):
    """Calls at the same time as all others of the crowd, within half a second."""

    fixed_count = SETUP["crowd"]

    def on_start(self) -> None:
        super().on_start()
        time.sleep(self.wait_time())

    def wait_time(self) -> float:
        between = SETUP["seconds_between_bursts"]
        return float(between - time.time() % between + random.random() / 2)
