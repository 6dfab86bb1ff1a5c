"""The service as a process of its own, asked over a socket."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.web.example import EXAMPLE
from service.web.problems import PROBLEM_JSON
from service.word.text import read_text

ROOT = Path(__file__).parent.parent.parent
CANARY = "Canaryname"
JSON = {"Content-Type": "application/json"}


class Server:
    """A running service: its port, and what it has said once it is stopped."""

    words = ("serve", "--sample")

    def __init__(self, said: Path, errors: Path, **values: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTENDANCE_LETTERS_")}
        names = {
            f"ATTENDANCE_LETTERS_{name}": value
            for name, value in {"PORT": "0", "DATA": f"{said.parent}/data", **values}.items()
        }
        self.said, self.errors = said, errors
        with said.open("wb") as out, errors.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service", *self.words],
                cwd=ROOT,
                env={**kept, **names, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "error"},
                stdout=out,
                stderr=err,
            )
        self.port = self._wait_for_port()

    def _wait_for_port(self) -> int:
        for _ in range(2400):
            if found := re.search(r"http://\S+:(\d+) ", self.said.read_text()):
                return int(found[1])
            try:
                self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        raise AssertionError(self.errors.read_text())

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        content = body if body is None or isinstance(body, bytes | Iterator) else json.dumps(body).encode()
        connection.request(
            method, path, content, {**(JSON if body is not None else {}), **headers}, encode_chunked=True
        )
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def send(self, raw: bytes) -> bytes:
        """What comes back for bytes as they are."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(raw)
            parts = []
            while part := connection.recv(65_536):
                parts.append(part)
        return b"".join(parts)

    def stop(self, how: signal.Signals = signal.SIGINT) -> str:
        """Stop it as Ctrl-C does; everything that it has said."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(120)
        return self.said.read_text() + self.errors.read_text()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    server = Server(folder / "out", folder / "err", LARGEST_REQUEST="100000")
    yield server
    server.stop()


def check_problem(answer: tuple[int, dict[str, str], bytes], status: int) -> dict[str, object]:
    assert (answer[0], answer[1]["content-type"]) == (status, PROBLEM_JSON)
    body = json.loads(answer[2])
    assert body["status"] == status
    return body


def test_it_says_where_it_is_and_the_command_on_its_page_for_programs_works(server) -> None:
    assert f"Attendance letters at http://127.0.0.1:{server.port} " in server.said.read_text()
    page = html.unescape(server.ask("GET", "/programs")[2].decode())
    command = page[page.index("curl -s") : page.index("</pre>", page.index("curl -s"))]
    body = re.search(r"-d '(.*)'", command, re.DOTALL)
    assert body is not None
    assert json.loads(body[1]) == EXAMPLE
    status, headers, content = server.ask("POST", "/v1/letters", EXAMPLE)
    assert status == 200
    assert headers["letter-id"] in read_text(content)


@pytest.mark.parametrize("path", ["/health", "/v1/docs", "/v1/openapi.json", "/nowhere", "/v1/letters"])
def test_every_answer_is_kept_nowhere_and_runs_nothing(server, path) -> None:
    _, headers, _ = server.ask("GET", path)
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert "python" not in headers.get("server", "").lower()
    assert "waitress" not in headers.get("server", "").lower()


@pytest.mark.parametrize("size", [100_001, 300_000])
def test_a_request_that_is_too_large_is_413_with_a_length_or_in_chunks(server, size) -> None:
    check_problem(server.ask("POST", "/v1/letters", b" " * size), 413)
    chunks = iter([b" " * 50_000] * (size // 50_000 + 1))
    check_problem(server.ask("POST", "/v1/letters", chunks, **{"Transfer-Encoding": "chunked"}), 413)


def test_a_chunked_request_of_a_usual_size_is_answered(server) -> None:
    chunks = iter([json.dumps(EXAMPLE).encode()])
    status, _, content = server.ask("POST", "/v1/letters", chunks, **{"Transfer-Encoding": "chunked"})
    assert status == 200
    assert "Dear Ms Ash" in read_text(content)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /health HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n",
        b"POST /v1/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
        b"POST /v1/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n",
    ],
)
def test_what_is_no_http_is_answered_with_a_problem(server, raw) -> None:
    head, _, body = server.send(raw).partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert 400 <= status < 500
    assert PROBLEM_JSON.encode() in head
    assert json.loads(body)["status"] == status


def test_another_host_is_refused_over_the_socket(server) -> None:
    check_problem(server.ask("GET", "/health", Host="evil.example"), 400)


def test_the_port_is_open_on_loopback_only(server) -> None:
    listening = Path(f"/proc/{server.process.pid}/net/tcp")
    if not listening.exists():
        pytest.skip("only Linux shows which addresses are open")
    opened = [line.split()[1] for line in listening.read_text().splitlines()[1:]]
    assert {address.split(":")[0] for address in opened if int(address.split(":")[1], 16) == server.port} == {
        "0100007F"
    }


def test_a_port_that_is_taken_is_told_in_a_sentence(server) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "serve", "--sample"],
        cwd=ROOT,
        env={**os.environ, "ATTENDANCE_LETTERS_PORT": str(server.port)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "The service cannot start:\n"
        f"  Another program already uses port {server.port} on 127.0.0.1. "
        "Stop that program, or choose another port with ATTENDANCE_LETTERS_PORT.\n"
    )


def test_requests_that_wait_for_a_thread_are_answered_and_not_logged(tmp_path) -> None:
    server = Server(tmp_path / "out", tmp_path / "err", THREADS="1")
    with ThreadPoolExecutor(8) as requests:
        answers = list(requests.map(lambda _: server.ask("POST", "/v1/letters", EXAMPLE), range(24)))
    said = server.stop()
    assert [status for status, _, _ in answers] == [200] * 24
    assert "queue" not in said
    assert "unclosed" not in said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_ends_in_order_however_it_is_asked_to(tmp_path, how) -> None:
    server = Server(tmp_path / "out", tmp_path / "err")
    assert server.ask("GET", "/health")[0] == 200
    said = server.stop(how)
    assert (server.process.returncode, server.errors.read_text()) == (0, "")
    assert said.startswith("Attendance letters at ")


def test_connections_that_are_still_open_are_closed_when_the_server_stops(tmp_path) -> None:
    server = Server(tmp_path / "out", tmp_path / "err")
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as idle:
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle.recv(65_536).startswith(b"HTTP/1.1 200")
        server.stop()
        while idle.recv(65_536):
            pass
    assert "unclosed" not in server.errors.read_text()


def test_nothing_that_is_said_or_logged_holds_a_childs_name(tmp_path) -> None:
    server = Server(tmp_path / "out", tmp_path / "err")
    pupil = {**EXAMPLE["pupil"], "first_name": CANARY, "last_name": CANARY, "note_of": CANARY}
    good = {**EXAMPLE, "pupil": {**EXAMPLE["pupil"], "first_name": CANARY, "last_name": CANARY}}
    bodies: list[object] = [
        good,
        {**good, "letter": "letter_3"},
        {**good, "letter": CANARY},
        {**good, "on": CANARY},
        {**good, "policy": f"{CANARY}\ud800"},
        {**EXAMPLE, "pupil": pupil},
        {**EXAMPLE, "pupil": {**pupil, f"{CANARY}\ud800": 1}},
        {**EXAMPLE, "pupil": {**pupil, "first_name": f"{CANARY}\x00", "marks": CANARY, "history": [CANARY]}},
        {**good, "school": {CANARY: CANARY}, "calendar": [CANARY]},
        f'{{"first_name": "{CANARY}"'.encode(),
        f'{{"{CANARY}": 1, "{CANARY}": 1}}'.encode(),
    ]
    statuses = [server.ask("POST", "/v1/letters", body)[0] for body in bodies]
    statuses.append(server.ask("GET", f"/v1/{CANARY}")[0])
    statuses.append(server.ask("GET", "/health", Host=CANARY)[0])
    assert max(statuses) < 500
    assert server.ask("POST", "/v1/letters", good)[0] == 200
    assert CANARY not in server.stop()
