"""Slow and many clients, over sockets of this machine."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from service.web.problems import PROBLEM_JSON
from tests.web.test_served import Server

HALF = b"POST /v1/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
HALF_A_BODY = (
    b"POST /v1/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"
)
HEALTH = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def patient(tmp_path_factory) -> Iterator[Server]:
    """A service that waits long for its clients and takes thirty connections from one address."""
    folder = tmp_path_factory.mktemp("patient")
    server = Server(folder / "out", folder / "err", CONNECTIONS="30", HEADER_SECONDS="600", BODY_SECONDS="600")
    yield server
    assert server.stop()
    assert server.errors.read_text() == ""


@pytest.fixture(scope="module")
def impatient(tmp_path_factory) -> Iterator[Server]:
    """A service that waits a second for its clients."""
    folder = tmp_path_factory.mktemp("impatient")
    server = Server(folder / "out", folder / "err", HEADER_SECONDS="1", BODY_SECONDS="1")
    yield server
    assert server.stop()
    assert server.errors.read_text() == ""


def connect(server: Server, first: bytes, address: str = "127.0.0.1") -> socket.socket:
    """A connection from an address of this machine that has sent these bytes."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60, source_address=(address, 0))
    connection.sendall(first)
    return connection


def read_all(connection: socket.socket) -> bytes:
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionResetError:  # it was closed while we still sent
        pass
    return b"".join(parts)


def check_refused(raw: bytes, status: int) -> None:
    head, _, body = raw.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert PROBLEM_JSON.encode() in head
    assert json.loads(body)["status"] == status


@pytest.mark.parametrize("first", [HALF, HALF_A_BODY, b""], ids=["in the headers", "in the body", "before any byte"])
def test_half_open_connections_do_not_keep_others_from_being_answered(patient, first) -> None:
    with ExitStack() as stack:
        half = [stack.enter_context(connect(patient, first)) for _ in range(99)]
        for _ in range(20):
            assert patient.ask("GET", "/health")[0] == 200
        check_refused(read_all(half[0]), 503)
        half[-1].setblocking(False)
        with pytest.raises(BlockingIOError):
            half[-1].recv(1)


def test_the_one_that_has_waited_longest_makes_room_and_is_told_when_to_come_back(patient) -> None:
    with ExitStack() as stack:
        half = [stack.enter_context(connect(patient, HALF)) for _ in range(31)]
        refused = read_all(half[0])
        check_refused(refused, 503)
        assert b"\r\nRetry-After: 5\r\n" in refused


def test_a_limit_that_one_address_has_reached_is_not_that_of_another(patient) -> None:
    with ExitStack() as stack:
        other = stack.enter_context(connect(patient, HALF, "127.0.0.2"))
        for _ in range(60):
            stack.enter_context(connect(patient, HALF))
        assert patient.ask("GET", "/health")[0] == 200
        other.sendall(b"x\r\n\r\n")
        assert read_all(other).startswith(b"HTTP/1.1 415")


@pytest.mark.parametrize(("first", "more"), [(HALF, b"x"), (HALF_A_BODY, b" ")], ids=["headers", "body"])
def test_a_request_that_drips_is_refused_however_busily_it_drips(impatient, first, more) -> None:
    with connect(impatient, first) as connection:
        connection.settimeout(0.05)
        received = b""
        while not received:
            try:
                connection.sendall(more)
                received = connection.recv(65_536)
            except TimeoutError:
                continue
        connection.settimeout(60)
        check_refused(received + read_all(connection), 408)


def test_a_connection_that_says_nothing_is_closed_without_a_word(impatient) -> None:
    with connect(impatient, b"") as connection:
        assert read_all(connection) == b""


def test_a_request_behind_another_has_its_own_time(impatient) -> None:
    with connect(impatient, HEALTH.replace(b"close", b"keep-alive")) as connection:
        answer = b""
        while not answer.rstrip().endswith(b"}"):
            part = connection.recv(65_536)
            assert part
            answer += part
        assert answer.startswith(b"HTTP/1.1 200")
        connection.sendall(HALF)
        check_refused(read_all(connection), 408)


def test_headers_without_end_are_refused(patient) -> None:
    with connect(patient, HALF + b"x" * 20_000) as connection:
        check_refused(read_all(connection), 431)
