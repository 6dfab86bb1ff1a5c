"""Storage that speaks S3, moto's own server on loopback, and a way to it that breaks off in the middle."""

from __future__ import annotations

import http.client
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


def _copy(coming: socket.socket, going: socket.socket, most: int | None) -> None:
    """Pass bytes on until there are no more, or so many were passed."""
    left = most
    with suppress(OSError):
        while left != 0 and (part := coming.recv(65536 if left is None else left)):
            going.sendall(part)
            left = None if left is None else left - len(part)
