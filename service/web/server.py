"""The server that carries the application: waitress, whose own refusals are problem+json as well."""

from __future__ import annotations

import errno
import logging
import signal
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from service.errors import Problem, SettingsError
from service.settings import PREFIX, Settings
from service.web.problems import PROBLEM_JSON, write_http_problem


class ProblemTask(ErrorTask):
    """The answer to a request that never reaches the application: too large, or not HTTP."""

    def execute(self) -> None:
        """Write the problem and close the connection."""
        status, title, body = write_http_problem(self.request.error.code)
        self.status = f"{status} {title}"
        self.response_headers += [("Content-Type", PROBLEM_JSON), ("Cache-Control", "no-store")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class ProblemChannel(HTTPChannel):
    """A connection that answers with problems."""

    error_task_class = ProblemTask


def open_server(app: Any, settings: Settings) -> Any:
    """The server, listening already. Raises SettingsError when its port is taken."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every request that waits for a thread
    host = "127.0.0.1" if settings.host == "localhost" else settings.host  # one socket, whatever localhost means
    try:
        server = create_server(
            app,
            host=host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=4 * settings.largest_request,  # read a little too much, so that the 413 arrives whole
            channel_timeout=60,
            ident=None,
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SettingsError(_say_taken(host, settings.port), "The service cannot start") from None
    server.channel_class = ProblemChannel
    return server


def run_server(server: Any) -> None:
    """Answer requests until Ctrl-C or SIGTERM.

    Both are looked at between two rounds of the loop: an exception in the middle of one would leave a connection that
    is just being opened or closed to nobody.
    """
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        server.pull_trigger()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not stopping:
            wasyncore.loop(server.adj.asyncore_loop_timeout, server.adj.asyncore_use_poll, server._map, count=1)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        server.task_dispatcher.shutdown()


def close_server(server: Any) -> None:
    """Stop listening, and close every connection that is still open: waitress leaves those to the garbage collector."""
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()


def _say_taken(host: str, port: int) -> Problem:
    what = f"Another program already uses port {port} on {host}."
    return Problem("port-taken", f"{what} Stop that program, or choose another port with {PREFIX}PORT.")
