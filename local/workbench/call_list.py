"""All calls that the stack has records of, each with the verdict of `switchboard why`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.workbench.exchange import Exchange
from local.workbench.operator import CommandError, Operator
from local.workbench.requests import Requests

MOST = 100
PAUSE_SECONDS = 1.5  # between two looks; what is told of a call is stored a moment after its request
LOOKS = 3  # after the last request that belongs to a call


@dataclass
class CallList:
    """Reads the calls by the operator's command line while somebody watches; `told` announces that there is news."""

    operator: Operator
    requests: Requests
    watched: Callable[[], bool]
    told: Callable[[], None]
    problem: str = ""
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _verdicts: dict[str, tuple[object, dict[str, Any]]] = field(default_factory=dict)
    _looks: int = LOOKS
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, exchange: Exchange) -> None:
        """Look again soon, if the request belongs to a call."""
        if exchange.ids:
            self.look()

    def look(self) -> None:
        """Look again soon."""
        self._looks = LOOKS
        self._wake.set()

    def rows(self) -> list[dict[str, Any]]:
        """Return the calls, the newest first; those that are not stored yet as far as their requests show them."""
        known = {row["id"] for row in self._rows}
        fresh = {one.ids[0]: _fresh(one) for one in self.requests.newest() if one.caller and one.ids}
        rows = [self._with_verdict(row) for row in self._rows] + [row for id_, row in fresh.items() if id_ not in known]
        return sorted(rows, key=lambda row: int(row["at"]), reverse=True)[:MOST]

    async def why(self, call: str) -> dict[str, Any]:
        """Return the explanation of a call by any of its ids; raises CommandError."""
        kept = self._verdicts.get(call)
        row = next((row for row in self._rows if row["id"] == call), None)
        if kept and row and kept[0] == _state(row):
            return kept[1]
        found: dict[str, Any] = await self.operator.why(call)
        return found

    async def run(self) -> None:
        """Look again and again, as long as there may be news and somebody watches."""
        while True:
            await self._wake.wait()
            if self._looks <= 0 or not self.watched():
                self._wake.clear()
                continue
            self._looks -= 1
            try:
                self._rows = await self.operator.run("calls", "--since", "4w", "--most", str(MOST))
                self.problem = ""
                self.told()
                await self._explain()
            except (CommandError, OSError, TimeoutError) as error:
                self.problem = str(error) or type(error).__name__
            self.told()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _explain(self) -> None:
        """Get the verdict on each call that has changed, the newest first."""
        self._verdicts = {row["id"]: self._verdicts[row["id"]] for row in self._rows if row["id"] in self._verdicts}
        for row in self._rows:
            state = _state(row)
            if self._verdicts.get(row["id"], (None,))[0] == state or not self.watched():
                continue
            self._verdicts[row["id"]] = (state, await self.operator.why(row["id"]))
            self.told()

    def _with_verdict(self, row: dict[str, Any]) -> dict[str, Any]:
        if row["id"] not in self._verdicts:
            return row
        found = self._verdicts[row["id"]][1]
        problem = any(one["severity"] == "problem" for one in found["findings"])
        return row | {"verdict": found["verdict"], "problem": problem}


def _state(row: dict[str, Any]) -> object:
    """Return what differs once more is known of a call."""
    return row["events"], row["last_at"]


def _fresh(asked: Exchange) -> dict[str, Any]:
    """Return a call of which only Dial Whom is known."""
    callee = asked.answer.body.decode(errors="replace").removeprefix("sip:") if asked.status == 200 else None
    is_name = callee is not None and callee.isalnum() and len(callee) <= 16
    return {"id": asked.ids[0], "at": asked.at, "caller": asked.caller, "callee": callee if is_name else None}
