"""Connections that may be neither slow nor many: waitress's channels and server with limits of time and number."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from service.web.shared.early_refusals import write_refusal

IDLE_SECONDS: Final = 30.0  # between two requests of one connection
SEND_SECONDS: Final = 120.0  # for taking a whole answer
RETRY_AFTER: Final = 5  # seconds, told with every 503
REFUSAL: Final = (
    "HTTP/1.1 {status} {title}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"
    "Cache-Control: no-store\r\nConnection: close\r\n{more}\r\n"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request's headers and its body may take to arrive, in seconds, and how many connections there are."""

    header_seconds: float
    body_seconds: float
    from_one_address: int
    connections: int = 1_000


class ProblemTask(ErrorTask):
    """What answers a request that never reaches the application: too large, or not HTTP."""

    def execute(self) -> None:
        """Write the problem and close the connection."""
        status = self.request.error.code
        title, kind, body = write_refusal(status, self.request)
        self.status = f"{status} {title}"
        self.response_headers += [("Content-Type", kind), ("Cache-Control", "no-store")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class LimitedChannel(HTTPChannel):
    """A connection that answers with problems and is closed when its client takes too long."""

    error_task_class = ProblemTask

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.will_close: bool
        self.close_when_flushed: bool
        self._waits_since = self.creation_time  # for its first byte, or since the last answer was sent
        self._began: float | None = self.creation_time  # the request that is arriving
        self._headers_since: float | None = None
        self._sends_since: float | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether a request of it is being answered, or an answer sent."""
        return bool(self.requests or self.total_outbufs_len or self.close_when_flushed)

    @property
    def waits_since(self) -> float:
        """When it began to wait for its client, in seconds of the system's clock."""
        return self._waits_since if self._began is None else self._began

    def received(self, data: bytes) -> bool:
        """Note when a request begins to arrive, when its headers are there, and when it is whole."""
        if self._began is None:
            self._began = time.time()
        took = bool(super().received(data))
        if self.request is None:
            self._began = self._headers_since = None
        elif self.request.headers_finished and self._headers_since is None:
            self._headers_since = time.time()
        if self.server.is_stopping and self.request is not None and self.request.headers_finished:
            self.refuse(503)  # only now it is known whether a browser asks
        return took

    def look_at_the_clock(self, now: float, limits: Limits) -> None:
        """Refuse a request that arrives too slowly, close a connection that nobody uses."""
        if not self.total_outbufs_len:
            self._sends_since = None
        if self.total_outbufs_len:
            self._sends_since = self._sends_since or now
            self.will_close |= now - self._sends_since > SEND_SECONDS
        elif self.requests:
            self._waits_since = now
        elif self._began is None:
            self.will_close |= now - max(self._waits_since, self.last_activity) > IDLE_SECONDS
        elif self._arrives_too_slowly(now, limits):
            if self.request is None:  # not a byte has come
                self.will_close = True
            else:
                self.refuse(408)

    def _arrives_too_slowly(self, now: float, limits: Limits) -> bool:
        if self._headers_since is None:
            return self._began is not None and now - self._began > limits.header_seconds
        return now - self._headers_since > limits.body_seconds

    def refuse(self, status: int) -> None:
        """Answer with a problem whatever the client has sent, and close."""
        if self.will_close or self.close_when_flushed:
            return
        title, kind, body = write_refusal(status, self.requests[-1] if self.requests else self.request)
        more = f"Retry-After: {RETRY_AFTER}\r\n" if status == 503 else ""
        head = REFUSAL.format(status=status, title=title, kind=kind, length=len(body), more=more)
        answer = head.encode() + body
        with self.outbuf_lock:
            self.outbufs[-1].append(answer)
            self.total_outbufs_len += len(answer)
            self.close_when_flushed = True


class LimitedServer(TcpWSGIServer):
    """The server: it takes a new connection in place of the one that has waited longest, and stops in order."""

    channel_class = LimitedChannel

    def __init__(self, app: Any, limits: Limits, **named: Any) -> None:
        self.limits = limits
        self.is_stopping = False
        super().__init__(app, **named)

    def handle_accept(self) -> None:
        """Take a connection; one too many is refused, or takes the place of one that only waits."""
        before = set(self.active_channels)
        super().handle_accept()
        for number in set(self.active_channels) - before:
            self._make_room(self.active_channels[number])

    def _make_room(self, new: LimitedChannel) -> None:
        channels = [channel for channel in self.active_channels.values() if not channel.will_close]
        same = [channel for channel in channels if channel.addr[0] == new.addr[0]]
        if len(same) > self.limits.from_one_address:
            _longest_waiting(same, new).refuse(503)
        elif len(channels) > self.limits.connections:
            _longest_waiting(channels, new).refuse(503)

    def add_task(self, channel: LimitedChannel) -> None:
        """Have a request answered; none that has become whole only after the service was asked to stop."""
        if self.is_stopping:
            channel.refuse(503)
            for request in channel.requests:
                request.close()
            channel.requests.clear()
            self.pull_trigger()
        else:
            super().add_task(channel)

    def maintenance(self, now: float) -> None:
        """Look at every connection about once a second."""
        for channel in list(self.active_channels.values()):
            channel.look_at_the_clock(now, self.limits)

    @property
    def is_at_work(self) -> bool:
        """Whether a request is being answered, or an answer sent."""
        return any(channel.is_at_work for channel in list(self.active_channels.values()))


def _longest_waiting(channels: Iterable[LimitedChannel], new: LimitedChannel) -> LimitedChannel:
    """The connection that has waited longest for its client; the new one where all others are at work."""
    waiting = [channel for channel in channels if channel is not new and not channel.is_at_work]
    return min(waiting, key=lambda channel: channel.waits_since, default=new)
