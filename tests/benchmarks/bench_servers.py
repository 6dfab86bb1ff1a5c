"""Our server beside gunicorn, granian and hypercorn, and behind nginx: speed, and what slow clients do to others.

    python -m tests.benchmarks.bench_servers [--seconds 20]

Each carries the same application in one process with four threads. Prints Word letters a second for 16 clients and
their 99th percentile, each with a new connection; then, beside 99 clients that send a byte of their headers a second,
how many of twenty ordinary requests are answered within five seconds, how many of the 99 are still connected after
twenty, and the memory of the processes. Servers that are not installed are left out: `--install` brings those of pip.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from service.memory.school_files import write_settings
from service.sample.sample_school import SAMPLE_SCHOOL
from service.word.document import DOCX
from tests.benchmarks.bench_pdf import free_port, wait_for_port
from tests.benchmarks.bench_post import percentile, pupil_number
from tests.long_run.asking import Asked, send
from tests.long_run.service import MIB, memory_of

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "build/servers"
CLIENTS, THREADS = 16, 4
HALF_OPEN, DRIP_SECONDS, ORDINARY, ANSWERED_WITHIN = 99, 20, 20, 5.0
APPLICATION = "tests.benchmarks.servers.application:application"
OURS = "waitress, our limits"
Carry = Callable[[], contextlib.AbstractContextManager[tuple[int, list[int]]]]
"""Starts a server: its port, and its processes."""
NGINX = """daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_header_timeout 10;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{behind}; }} }}
}}
"""

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        OURS: "service serve --school {school}",
        "waitress alone": "waitress --listen=127.0.0.1:{port} --threads={threads} {application}",
        "gunicorn, threads": "gunicorn -b 127.0.0.1:{port} -k gthread --threads={threads} {application}",
        "granian": "granian --interface=wsgi --host=127.0.0.1 --port={port} --workers=1 --blocking-threads={threads} "
        "--no-log {application}",
        "hypercorn": "hypercorn -b 127.0.0.1:{port} wsgi:{application}",
    }
)
"""What each is called, and the module that starts it with what it is told; the first word is its package."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Letters a second, their 99th percentile in milliseconds, ordinary requests answered, clients left, bytes."""

    letters: float
    longest: float
    answered: int
    dripping: int
    memory: int
    wrong: int


def main() -> None:
    """Print a line for each server."""
    ask = argparse.ArgumentParser(description="Servers that could carry the application")
    ask.add_argument("--seconds", type=float, default=20)
    ask.add_argument("--drip", type=float, default=DRIP_SECONDS)
    ask.add_argument("--install", action="store_true", help="install the peers into build/ first")
    told = ask.parse_args()
    if told.install:
        install_peers()
    sys.path.append(str(PEERS))
    print(f"One process, {THREADS} threads; {CLIENTS} clients, a new connection for each Word letter\n")
    print(f"{'':24}{'letters/s':>10}{'99th ms':>9}{'wrong':>7}{'answered':>10}{'dripping':>10}{'MiB':>6}")
    for name, command in COMMANDS.items():
        if find_spec(command.split()[0]):
            say(name, partial(carried, command), told.seconds, told.drip)
    if shutil.which("nginx"):
        say("the same behind nginx", behind_nginx, told.seconds, told.drip)
    print(f"\nanswered: of {ORDINARY} requests beside {HALF_OPEN} clients that send a byte a second;")
    print(f"dripping: of these clients, still connected after {told.drip:g} seconds")


def say(name: str, carry: Carry, seconds: float, drip: float) -> None:
    """Measure a server and print its line."""
    with carry() as (port, processes):
        found = measure(port, processes, seconds, drip)
    print(
        f"{name:24}{found.letters:10.0f}{found.longest:9.0f}{found.wrong:7}{found.answered:10}{found.dripping:10}"
        f"{found.memory / MIB:6.0f}",
        flush=True,
    )


def install_peers() -> None:
    """Bring the peers by pip into a folder of their own, as their lock says."""
    lock = ROOT / "tests/benchmarks/servers/requirements.lock"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*command, "--target", PEERS, "--upgrade", "-r", lock], check=True)


@contextlib.contextmanager
def carried(command: str, **settings: str) -> Iterator[tuple[int, list[int]]]:
    """A server with the application: its port and the processes it has; ended afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        school = Path(folder) / "school.toml"  # the invented school would have its term written meanwhile
        school.write_text(write_settings(SAMPLE_SCHOOL), encoding="utf-8")
        values = {"PORT": str(port), "DATA": folder, "THREADS": str(THREADS), **settings}
        environment = os.environ | {f"ATTENDANCE_LETTERS_{name}": value for name, value in values.items()}
        environment |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{PEERS}"}
        words = command.format(port=port, threads=THREADS, application=APPLICATION, school=school).split()
        server = subprocess.Popen(
            [sys.executable, "-m", *words],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_for_port(port)
            send(port, Asked("/v1/letters", pupil_number(0), DOCX))
            yield port, [server.pid]
        finally:
            _end(server)


@contextlib.contextmanager
def behind_nginx() -> Iterator[tuple[int, list[int]]]:
    """Our server behind nginx, from whose address every connection then comes."""
    with carried(COMMANDS[OURS], CONNECTIONS="900") as (behind, processes), tempfile.TemporaryDirectory() as folder:
        port = free_port()
        choices = Path(folder) / "nginx.conf"
        choices.write_text(NGINX.format(folder=folder, port=port, behind=behind))
        front = subprocess.Popen(["nginx", "-c", choices, "-p", folder, "-e", "stderr"], start_new_session=True)
        try:
            wait_for_port(port)
            yield port, [*processes, front.pid]
        finally:
            _end(front)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def measure(port: int, processes: Sequence[int], seconds: float, drip: float) -> Measured:
    """What one server does."""
    ask_at_once(port, seconds / 5)
    times, wrong = ask_at_once(port, seconds)
    answered, dripping = ask_beside_slow_clients(port, drip)
    return Measured(
        letters=len(times) / seconds,
        longest=percentile(sorted(times), 0.99),
        answered=answered,
        dripping=dripping,
        memory=sum(map(memory_of, _families(processes))),
        wrong=wrong,
    )


def _families(processes: Sequence[int]) -> Iterator[int]:
    """Processes and those that they began."""
    for process in processes:
        yield process
        children = Path(f"/proc/{process}/task/{process}/children")
        yield from _families([int(child) for child in children.read_text().split()] if children.exists() else [])


def ask_at_once(port: int, seconds: float) -> tuple[list[float], int]:
    """The milliseconds of each letter that clients at once were given, and how many answers were wrong."""
    until = time.perf_counter() + seconds

    def go_on(client: int) -> tuple[list[float], int]:
        times, wrong, number = [], 0, 0
        while (began := time.perf_counter()) < until:
            number += 1
            wrong += bool(send(port, Asked("/v1/letters", pupil_number(client * 10_000 + number), DOCX)))
            times.append((time.perf_counter() - began) * 1000)
        return times, wrong

    with ThreadPoolExecutor(CLIENTS) as clients:
        done = list(clients.map(go_on, range(CLIENTS)))
    return [took for times, _ in done for took in times], sum(wrong for _, wrong in done)


def ask_beside_slow_clients(port: int, seconds: float) -> tuple[int, int]:
    """How many of the ordinary requests were answered beside slow clients, and how many of those held out."""
    half = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(HALF_OPEN)]
    answered, until = 0, time.monotonic() + seconds
    try:
        for client in half:
            client.sendall(b"POST /v1/letters HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            client.setblocking(False)
        with ThreadPoolExecutor(ORDINARY) as others:
            answered = sum(others.map(_is_answered, [port] * ORDINARY))
        while time.monotonic() < until:
            half = [client for client in half if _drips(client)]
            time.sleep(1)
        return answered, len(half)
    finally:
        for client in half:
            client.close()


def _is_answered(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERED_WITHIN)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _drips(client: socket.socket) -> bool:
    """Send one more byte; whether the server still holds the connection."""
    try:
        client.send(b"x")
        if client.recv(1_024):
            client.close()
            return False
    except BlockingIOError:
        return True
    except OSError:
        client.close()
        return False
    client.close()
    return False


if __name__ == "__main__":
    main()
