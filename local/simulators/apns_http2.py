"""HTTP/2 for the simulated APNs: one connection of a client."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from local.simulators.apns import Answer, ApnsSimulator, Connection
from local.simulators.apns_rules import Request

STREAMS_AT_FIRST, STREAMS = 1, 1000  # at once; Apple allows one until a provider token was accepted
LARGEST_BODY = 65_536  # bytes; more is answered, but not read


@dataclass
class _Stream:
    headers: list[tuple[str, str]]
    body: bytearray = field(default_factory=bytearray)


class ApnsProtocol(asyncio.Protocol):
    """One connection; it is in `open_ones` while it is open.

    It is closed after `quiet_seconds` without a request, if that is not None.
    """

    def __init__(
        self, simulator: ApnsSimulator, host: str, open_ones: "set[ApnsProtocol]", quiet_seconds: float | None = None
    ) -> None:
        self._simulator, self._host, self._open_ones = simulator, host, open_ones
        self._quiet_seconds = quiet_seconds
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        self._http2 = h2.connection.H2Connection(config)
        self._streams: dict[int, _Stream] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._state: Connection | None = None
        self._authenticated = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with Apple's settings."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's contract
        self._transport, self._state = transport, self._simulator.connected(self._host)
        self._open_ones.add(self)
        first = h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS
        self._http2.local_settings = h2.settings.Settings(client=False, initial_values={first: STREAMS_AT_FIRST})
        self._http2.initiate_connection()
        self._flush()

    def connection_lost(self, _: Exception | None) -> None:
        """Forget the requests in work."""
        self._open_ones.discard(self)
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        """Read frames, and answer each complete request in a task of its own."""
        try:
            events = self._http2.receive_data(data)
        except h2.exceptions.ProtocolError:
            self._flush()
            self._transport.close()
            return
        for event in events:
            self._handle(event)
        self._flush()

    def leave(self, reason: str) -> None:
        """Send GOAWAY with a reason, as Apple does, and close."""
        last = self._http2.highest_inbound_stream_id
        self._http2.close_connection(h2.errors.ErrorCodes.NO_ERROR, json.dumps({"reason": reason}).encode(), last)
        self._flush()
        self._transport.close()

    def break_off(self) -> None:
        """End the connection without a word."""
        self._transport.abort()

    def _handle(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived(stream_id=int() as stream_id, headers=headers):
                self._streams[stream_id] = _Stream([(_text(name), _text(value)) for name, value in headers or ()])
            case h2.events.DataReceived(stream_id=int() as stream_id, data=data, flow_controlled_length=length):
                self._http2.acknowledge_received_data(length or 0, stream_id)
                stream = self._streams.get(stream_id)
                if stream and len(stream.body) <= LARGEST_BODY:
                    stream.body += data or b""
            case h2.events.StreamEnded(stream_id=int() as stream_id) if stream_id in self._streams:
                task = asyncio.create_task(self._answer(stream_id, self._streams.pop(stream_id)))
                self._tasks.add(task)
                task.add_done_callback(self._done)
            case h2.events.StreamReset(stream_id=int() as stream_id):
                self._streams.pop(stream_id, None)
            case h2.events.ConnectionTerminated():
                self._transport.close()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._quiet_seconds is not None:
            asyncio.get_running_loop().call_later(self._quiet_seconds, self._close_if_quiet)

    def _close_if_quiet(self) -> None:
        if not self._tasks and not self._streams:
            self._transport.close()

    async def _answer(self, stream_id: int, stream: _Stream) -> None:
        assert self._state is not None  # noqa: S101 - connection_made came first
        pseudo = dict(stream.headers)
        headers = [(name, value) for name, value in stream.headers if not name.startswith(":")]
        request = Request(pseudo.get(":method", ""), pseudo.get(":path", ""), headers, bytes(stream.body))
        answer = await self._simulator.answer(self._state, request)
        if answer.authenticated and answer.status and not self._authenticated:
            self._authenticated = True
            self._http2.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: STREAMS})
        with suppress(h2.exceptions.ProtocolError):  # the client has reset the stream
            self._send(stream_id, answer)
        if answer.goaway is not None:
            self.leave(answer.goaway)
        self._flush()

    def _send(self, stream_id: int, answer: Answer) -> None:
        if not answer.status:
            return
        headers = [(":status", str(answer.status)), *answer.headers]
        self._http2.send_headers(stream_id, headers, end_stream=not answer.body)
        if answer.body:
            self._http2.send_data(stream_id, answer.body, end_stream=True)

    def _flush(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._http2.data_to_send())


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode()
