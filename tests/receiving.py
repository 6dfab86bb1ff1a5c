"""A program on this machine that is told of what happened, and answers as it is asked to."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Receiver:
    """A program that is told: what it got, and what it answers, one status after another."""

    def __init__(self, *statuses: int, wait: float = 0) -> None:
        self.got: list[tuple[str, bytes]] = []
        outer, left = self, list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.headers["Attendance-Letters-Signature"], body))
                time.sleep(wait)
                self.send_response(left.pop(0) if left else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self.server.server_port}/hooks"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@contextmanager
def receiving(*statuses: int, wait: float = 0) -> Iterator[Receiver]:
    receiver = Receiver(*statuses, wait=wait)
    try:
        yield receiver
    finally:
        receiver.close()
