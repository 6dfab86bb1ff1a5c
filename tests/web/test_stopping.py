"""How the service stops: what is in work is finished, what is new is refused, and nothing is left."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from service.printing.office.converter_settings import ConverterSettings, why_no_office
from service.printing.office.leftovers import sweep
from service.web.example import EXAMPLE
from service.word.document import PDF
from tests.printing.converter_trouble import processes_in, wait_for
from tests.web.test_connections import HALF_A_BODY, HEALTH, check_refused, read_all
from tests.web.test_served import ROOT, Server

# A server whose application says when it works on a request, and answers once a line comes.
SLOW = """
import sys
from service.settings import Settings
from service.web.server import close_server, open_server, run_server
def app(environment, start):
    if environment["PATH_INFO"] == "/slow":
        print("in work", flush=True)
        sys.stdin.readline()
    start("200 OK", [("Content-Length", "4")])
    return [b"done"]
server = open_server(app, Settings(port=0, threads=2))
print(server.effective_port, flush=True)
run_server(server, float(sys.argv[1]))
close_server(server)
"""
OF_A_BROWSER = b"GET /letters HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,*/*;q=0.8\r\nConnection: close\r\n\r\n"
SLOWLY = HEALTH.replace(b"/health", b"/slow")


class SlowServer:
    """The server at work on one request."""

    def __init__(self, seconds_to_stop: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", SLOW, str(seconds_to_stop)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())
        self.in_work = self.connect(SLOWLY)
        assert self.process.stdout.readline() == "in work\n"

    def connect(self, first: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sendall(first)
        return connection

    def answer(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def stop(self, how: signal.Signals, asking: bytes = HEALTH) -> bytes:
        """The first refusal after a signal: it is asked until it has looked at the signal."""
        self.process.send_signal(how)
        refused = b""
        while not refused.startswith(b"HTTP/1.1 503"):
            with self.connect(asking) as late:
                refused = read_all(late)
        return refused

    def end(self) -> tuple[int, str]:
        """Its exit status and what it has said on the way out."""
        said = self.process.communicate(timeout=60)[1]
        return self.process.returncode, said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_what_is_in_work_is_finished_and_what_is_new_is_refused(how) -> None:
    server = SlowServer(600)
    with server.in_work, server.connect(HALF_A_BODY) as half, server.connect(HEALTH) as behind:
        assert read_all(behind).endswith(b"done")  # so the half one has been taken as well
        refused = server.stop(how)
        check_refused(refused, 503)
        assert b"\r\nRetry-After: 5\r\n" in refused
        half.sendall(b" " * 88 + b"}")
        check_refused(read_all(half), 503)
        assert server.process.poll() is None
        server.answer()
        assert read_all(server.in_work).endswith(b"done")
    assert server.end() == (0, "")


def test_a_browser_gets_a_page_while_the_service_stops() -> None:
    server = SlowServer(600)
    with server.in_work:
        refused = server.stop(signal.SIGTERM, OF_A_BROWSER)
        server.answer()
        assert read_all(server.in_work).endswith(b"done")
    assert server.end() == (0, "")
    head, _, page = refused.decode().partition("\r\n\r\n")
    assert "Content-Type: text/html; charset=utf-8" in head
    assert "Retry-After: 5" in head
    assert "<h1" in page
    assert "Wait a few seconds, then load this page again." in page
    assert "problem" not in page


def test_what_does_not_end_is_waited_for_only_so_long() -> None:
    server = SlowServer(1)
    with server.in_work:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
        assert read_all(server.in_work) == b""
    server.end()


def test_a_second_signal_ends_the_wait() -> None:
    server = SlowServer(600)
    with server.in_work:
        server.stop(signal.SIGTERM)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(60) == 0
    server.end()


def send(process: int, number: signal.Signals) -> None:
    """Send a signal to a process, which may have ended by itself meanwhile."""
    with suppress(ProcessLookupError):
        os.kill(process, number)


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A runtime folder of a service, with a name short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="al-"))
    folder.chmod(0o700)
    yield folder
    for process in processes_in(folder):
        send(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def serve_pdfs(runtime: Path, tmp_path: Path, monkeypatch) -> Server:
    """A service with a runtime folder of its own, that has made a letter as a PDF."""
    if why_no_office(ConverterSettings()):
        pytest.skip("there is no LibreOffice on this machine")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    server = Server(tmp_path / "out", tmp_path / "err", PDF_PROCESSES="1", PDF_BY="libreoffice")
    assert server.ask("POST", "/v1/letters", EXAMPLE, Accept=PDF)[0] == 200
    return server


def offices_left(runtime: Path) -> list[Path]:
    return list(runtime.glob("attendance-letters/*/office-*"))


def test_no_process_and_no_letter_is_left_when_it_has_stopped(runtime, tmp_path, monkeypatch) -> None:
    server = serve_pdfs(runtime, tmp_path, monkeypatch)
    assert processes_in(runtime)
    server.stop(signal.SIGTERM)
    assert server.process.returncode == 0
    assert wait_for(lambda: not processes_in(runtime))
    assert wait_for(lambda: not offices_left(runtime))


def test_a_start_clears_away_what_killed_ones_have_left(runtime, tmp_path, monkeypatch) -> None:
    server = serve_pdfs(runtime, tmp_path, monkeypatch)
    everything = [server.process.pid, *processes_in(runtime)]
    for process in everything:
        send(process, signal.SIGSTOP)  # so that none can clear up behind the others
    for process in everything:
        send(process, signal.SIGKILL)
    server.process.wait(30)
    assert wait_for(lambda: not processes_in(runtime))
    (folder,) = runtime.glob("attendance-letters/*")
    assert offices_left(runtime)
    stale = folder.rename(folder.with_name("0a1b2c3d"))  # as one of other settings, or of an earlier version
    (offices_left(runtime)[0] / "letter.docx").write_bytes(b"about a child")
    again = Server(tmp_path / "out", tmp_path / "err")
    assert again.ask("GET", "/health")[0] == 200
    assert not list(stale.glob("office-*"))
    again.stop()


def test_what_a_living_converter_uses_is_left_alone(runtime, tmp_path, monkeypatch) -> None:
    server = serve_pdfs(runtime, tmp_path, monkeypatch)
    sweep(runtime / "attendance-letters")
    assert offices_left(runtime)
    assert server.ask("POST", "/v1/letters", EXAMPLE, Accept=PDF)[0] == 200
    server.stop()
