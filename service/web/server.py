"""The server that carries the application: waitress within limits, and how it stops."""

from __future__ import annotations

import errno
import logging
import select
import signal
import sys
import time
from types import FrameType
from typing import Any, Final

from waitress import wasyncore
from waitress.adjustments import Adjustments

from service.errors import Problem, SettingsError
from service.settings import PREFIX, Settings
from service.web.connections import LimitedServer, Limits

LONGEST_HEADERS: Final = 16_384  # bytes
MORE_THAN_OURS: Final = 1 << 30  # waitress would stop to take connections; we make room instead
LOOK_SECONDS: Final = 1  # between two looks at the clock
TURN_SECONDS: Final = 0.001
"""How long a thread works before it is the next one's turn. With Python's own 5 ms a short request took up to 40 beside
a long one, because each of its steps had to wait for a turn."""


def open_server(app: Any, settings: Settings) -> LimitedServer:
    """The server, listening already. Raises SettingsError when its port is taken."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every request that waits for a thread
    adjustments = Adjustments(
        host="127.0.0.1" if settings.host == "localhost" else settings.host,  # one socket, whatever localhost means
        port=settings.port,
        threads=settings.threads,
        max_request_header_size=LONGEST_HEADERS,
        max_request_body_size=4 * settings.largest_request,  # read a little too much, so that the 413 arrives whole
        connection_limit=MORE_THAN_OURS,
        backlog=1_024,
        cleanup_interval=LOOK_SECONDS,
        asyncore_loop_timeout=LOOK_SECONDS,
        asyncore_use_poll=hasattr(select, "poll"),
        ident=None,
        **_believe(settings.trusted_proxy),
    )
    limits = Limits(settings.header_seconds, settings.body_seconds, settings.connections)
    try:
        return LimitedServer(app, limits, adj=adjustments, sockinfo=adjustments.listen[0])
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SettingsError(_say_taken(settings.host, settings.port), "The service cannot start") from None


def _believe(proxy: str) -> dict[str, Any]:
    """Whose word counts about who asks, and whether over TLS; nobody's without a proxy."""
    if not proxy:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
    return {"trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": headers}


def run_server(server: LimitedServer, seconds_to_stop: float) -> None:
    """Answer requests until Ctrl-C or SIGTERM; then finish those in work, and refuse all others, for so many seconds.

    A second signal ends the wait. Both are looked at between two rounds of the loop: an exception in the middle of one
    would leave a connection that is just being opened or closed to nobody.
    """
    until: float | None = None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal until
        until = time.monotonic() + (seconds_to_stop if until is None else 0)
        server.is_stopping = True
        server.pull_trigger()

    turn = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        while until is None or (server.is_at_work and time.monotonic() < until):
            wasyncore.loop(server.adj.asyncore_loop_timeout, server.adj.asyncore_use_poll, server._map, count=1)
    finally:
        sys.setswitchinterval(turn)
        for each, handler in before.items():
            signal.signal(each, handler)
        server.task_dispatcher.shutdown(timeout=0 if server.is_at_work else 5)


def close_server(server: LimitedServer) -> None:
    """Stop listening, and close every connection that is still open: waitress leaves those to the garbage collector."""
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()


def _say_taken(host: str, port: int) -> Problem:
    what = f"Another program already uses port {port} on {host}."
    return Problem("port-taken", f"{what} Stop that program, or choose another port with {PREFIX}PORT.")
