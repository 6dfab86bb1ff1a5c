"""How long a plug-in waits: one Letter 1 by POST, warm and idle, as Word file and as PDF by either way.

    python -m tests.benchmarks.bench_post [--requests 300] [--others 3]

The service runs as a school runs it, in a process of its own on loopback, once for each way; one request after the
other, each about a pupil with a name and figures of its own, twenty for one way and then twenty for the next, so that
whatever else the machine does falls on all of them. Prints median, 99th percentile and longest in milliseconds, and
LibreOffice's own command beside them.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.web.example import EXAMPLE
from service.word.document import DOCX, PDF, Document
from tests.benchmarks.bench_pdf import free_port, soffice_for_each, wait_for_port

WARM_UP = 40
HEAD = re.compile(rb"HTTP/1\.1 (\d+) .*?\r\nContent-Length: (\d+)\r\n.*?\r\n\r\n", re.DOTALL)
ROUND = 20  # requests for one way before it is the next one's turn
FIRST = "Al Bo Fatima Krzysztof Wilhelmina Oluwaseun Siân Łukasz Zoë Ni".split()
LAST = "Ash Beech-Cedar Elm Hazel Juniper Larch Maple-Oak Pine Rowan Willow Yew".split()


@contextmanager
def running_service(pdf_by: str = "typst", tagged: str = "no") -> Iterator[int]:
    """The port of a service of our own, as `make run` starts it; ended afterwards."""
    port = free_port()
    folder = tempfile.TemporaryDirectory()
    settings = {"PORT": str(port), "DATA": folder.name, "PDF_BY": pdf_by, "PDF_TAGGED": tagged}
    environment = os.environ | {f"ATTENDANCE_LETTERS_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "service", "serve", "--sample"]
    service = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for_port(port)
        yield port
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait()
        folder.cleanup()


def pupil_number(number: int) -> bytes:
    """The README's request, about another pupil each time."""
    asked: dict[str, Any] = copy.deepcopy(EXAMPLE)
    pupil, last = asked["pupil"], f"{LAST[number // 10 % 11]}-{LAST[number // 110 % 11]}"
    pupil |= {"pupil_reference": str(1000 + number), "first_name": FIRST[number % 10], "last_name": last}
    for word in ("sessions_possible", "sessions_attended"):
        pupil[word] += number % 7
    pupil["contacts"][0] |= {"last_name": last, "address_line_1": f"{number} Long Row"}
    return json.dumps(asked).encode()


def post(port: int, accept: str, number: int) -> tuple[float, bytes]:
    """Milliseconds from connecting to the last byte, and the file; the client itself does next to nothing in them."""
    body = pupil_number(number)
    lines = [f"Host: 127.0.0.1:{port}", "Content-Type: application/json", f"Accept: {accept}"]
    head = "\r\n".join(["POST /v1/letters HTTP/1.1", *lines, f"Content-Length: {len(body)}", "", ""])
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        answer = _read_answer(connection)
        took = (time.perf_counter() - began) * 1000
    status, content = answer
    assert status == b"200", content
    return took, content


def _read_answer(connection: socket.socket) -> tuple[bytes, bytes]:
    received, found = b"", None
    while not found or len(received) < found.end() + int(found[2]):
        more = connection.recv(1 << 16)
        assert more, received
        received += more
        found = HEAD.match(received)
    return found[1], received[found.end() :]


def measure(ways: dict[str, tuple[int, str]], requests: int) -> dict[str, list[float]]:
    """Milliseconds of each request by each way, shortest first, after a few that do not count."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for first in range(-WARM_UP, requests, ROUND):
        for name, (port, accept) in ways.items():
            took = [post(port, accept, WARM_UP + number)[0] for number in range(first, min(first + ROUND, requests))]
            times[name] += took if first >= 0 else []
    return {name: sorted(took) for name, took in times.items()}


def percentile(times: list[float], share: float) -> float:
    """The time that this share of requests does not exceed."""
    return times[math.ceil(share * len(times)) - 1]


def main() -> None:
    """Print how long requests take."""
    ask = argparse.ArgumentParser(description="One letter by POST")
    ask.add_argument("--requests", type=int, default=300)
    ask.add_argument("--others", type=int, default=3)
    told = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with (
            running_service() as port,
            running_service("libreoffice") as other,
            running_service("libreoffice", "yes") as tagging,
        ):
            letter = Document("0.docx", DOCX, post(port, DOCX, 0)[1])
            ways = {"DOCX": (port, DOCX), "PDF, tagged": (port, PDF), "PDF by LibreOffice": (other, PDF)}
            ways["the same, tagged"] = (tagging, PDF)
            times = measure(ways, told.requests)
        each = soffice_for_each([letter] * told.others, Path(folder))
    print(f"One Letter 1 by POST, warm and idle, {told.requests} requests one after another, milliseconds\n")
    print(f"{'':24}{'median':>9}{'99th':>9}{'longest':>9}")
    for name, took in times.items():
        print(f"{name:24}{statistics.median(took):9.1f}{percentile(took, 0.99):9.1f}{took[-1]:9.1f}")
    ours, plain, tagged = (statistics.median(times[name]) for name in list(times)[1:])
    print(f"{'soffice --convert-to':24}{each:9.1f}")
    untagged = f"{plain / ours:.1f} times than one without tags, {each / ours:.0f} times than soffice"
    print(f"\nThe tagged PDF is {tagged / ours:.1f} times faster than LibreOffice's, {untagged}.")


if __name__ == "__main__":
    main()
