"""Storage that speaks S3, moto's own server on loopback, and a way to it that breaks off in the middle."""

from __future__ import annotations

import http.client
import http.server
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

import pytest
from moto.server import ThreadedMotoServer

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server for all tests of a process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The setting FILES of an empty bucket; the usual variables say where it is."""
    name = f"letters-{next(_NUMBERS)}"
    host, port = s3_server.removeprefix("http://").split(":")
    asking = http.client.HTTPConnection(host, int(port))
    asking.request("PUT", f"/{name}")
    assert asking.getresponse().status == 200
    asking.close()
    words = {"ENDPOINT_URL": s3_server, "ACCESS_KEY_ID": "invented", "SECRET_ACCESS_KEY": "invented"}
    for word, value in {**words, "REGION": "eu-west-2", "DEFAULT_REGION": "eu-west-2"}.items():
        monkeypatch.setenv(f"AWS_{word}", value)
    return f"s3://{name}/school"


@contextmanager
def breaking_off(server: str, after: int) -> Iterator[str]:
    """The address of a way to a server on which each connection ends once so many bytes have been sent."""
    host, port = server.removeprefix("http://").split(":")
    over = threading.Event()

    def pass_on(listening: socket.socket) -> None:
        while not over.is_set():
            with suppress(OSError):
                coming, _ = listening.accept()
                with coming, socket.create_connection((host, int(port))) as going:
                    answers = threading.Thread(target=_copy, args=(going, coming, None))
                    answers.start()
                    _copy(coming, going, after)
                    going.shutdown(socket.SHUT_RDWR)
                    answers.join()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=pass_on, args=(listening,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            with suppress(OSError):
                socket.create_connection(listening.getsockname()).close()
            thread.join()


_CANNOT = b"<?xml version='1.0'?><Error><Code>NotImplemented</Code><Message>A header is not known.</Message></Error>"


@contextmanager
def without_conditions(server: str) -> Iterator[tuple[str, list[str]]]:
    """The address of storage whose maker does not know a PUT that writes nothing over, and what it is asked."""
    host, port = server.removeprefix("http://").split(":")
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            condition = self.headers.get("if-none-match", "")
            asked.append(f"{self.command} {condition}".strip())
            status, words, answer = (501, {}, _CANNOT) if condition else self.pass_on(body)
            self.send_response(status)
            for name, value in {**words, "content-length": words.get("content-length", str(len(answer)))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            asking = http.client.HTTPConnection(host, int(port))
            asking.request(self.command, self.path, body, dict(self.headers))
            answer = asking.getresponse()
            words = {name: value for name, value in answer.getheaders() if name.lower() in ("etag", "content-length")}
            words |= {"last-modified": answer.headers.get("last-modified", "Fri, 27 Nov 2026 00:00:00 GMT")}
            return answer.status, {name.lower(): value for name, value in words.items()}, answer.read()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}", asked
        serving.shutdown()


def _copy(coming: socket.socket, going: socket.socket, most: int | None) -> None:
    """Pass bytes on until there are no more, or so many were passed."""
    left = most
    with suppress(OSError):
        while left != 0 and (part := coming.recv(65536 if left is None else left)):
            going.sendall(part)
            left = None if left is None else left - len(part)
