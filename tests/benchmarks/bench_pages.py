"""How long an officer waits for the pages of a school, at a steady pace of requests.

    python -m tests.benchmarks.bench_pages [--pupils 1500] [--requests 2100] [--pace 20]

The service runs in a process of its own with the invented school and a term of its history; each request is begun when
its turn comes, however long the ones before it take. Beside the pages: a large export uploaded and understood.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from builders.pages.look import PATHS
from service.app import create_app
from service.batches.from_memory.invented_term import KEY
from service.memory.memory import open_school
from service.memory.people.roles import ADMINISTRATOR
from service.memory.people.signing_in import make_link
from service.memory.people.staff import invite
from service.sample.export import write_sample
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX, read_settings
from service.web.pages.every_page import first_link
from tests.benchmarks.bench_pdf import free_port, wait_for_port
from tests.benchmarks.bench_post import percentile

ELSEWHERE = ("not-there", "set-up", "password")
"""Pages that an officer seldom asks for."""
FORM = "application/x-www-form-urlencoded"


class Officer:
    """Somebody who is signed in and asks for pages, each over a connection of its own."""

    def __init__(self, port: int, link: str) -> None:
        self.port = port
        self.cookie = ""
        self.post(link, FORM, lambda token: urlencode({"form_token": token}).encode(), link)

    def get(self, path: str) -> tuple[float, int, bytes]:
        """Milliseconds, the status and the page."""
        return self._ask("GET", path)

    def post(self, path: str, kind: str, body: object, form: str) -> tuple[float, int, bytes]:
        """The same for a form that stands on a page; `body` makes it from the form's token."""
        token = re.search(rb'name="form_token" value="([0-9a-f]+)"', self.get(form)[2])
        assert token
        assert callable(body)
        return self._ask("POST", path, body(token[1].decode()), kind)

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[float, int, bytes]:
        headers = {"Cookie": self.cookie} | ({"Content-Type": kind} if kind else {})
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        took = (time.perf_counter() - began) * 1000
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        where = answer.headers.get("Location", "")
        return took, answer.status, where.encode() if answer.status == 303 else content


@contextmanager
def running_office(folder: Path, pupils: int) -> Iterator[Officer]:
    """An officer of the invented school of today, whose service runs in a process of its own."""
    port, data = free_port(), folder / "data"
    given = {f"{PREFIX}DATA": str(data), f"{PREFIX}PORT": str(port), f"{PREFIX}LARGEST_REQUEST": "100000000"}
    app = create_app(read_settings(given), SAMPLE_SCHOOL, date.today)
    memory = app.extensions["memory"].open()
    first_link(memory, True, date.today(), pupils)
    person = invite(memory, open_school(memory, KEY).id, "bench@weirlane.example", "Ms B Example", ADMINISTRATOR)
    link = f"/link/{make_link(memory, person)}"
    app.extensions["memory"].close()
    command = [sys.executable, "-m", "service", "serve", "--sample"]
    service = subprocess.Popen(command, env=os.environ | given, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for_port(port)
        yield Officer(port, link)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait()


def pages_of(officer: Officer) -> dict[str, str]:
    """The path of each page, and of one decision and one pupil among them."""
    paths = {name: path for name, path in PATHS.items() if name not in ELSEWHERE}
    pupil = re.search(rb'href="/pupils/(\d+)"', officer.get("/pupils")[2])
    assert pupil
    number = pupil[1].decode()
    return paths | {"one decision": f"/decisions/{number}", "one pupil": f"/pupils/{number}"}


def ask_at_a_pace(officer: Officer, paths: dict[str, str], requests: int, pace: float) -> dict[str, list[float]]:
    """Milliseconds of each page's requests from the moment that each was due, shortest first."""
    took: dict[str, list[float]] = {name: [] for name in paths}
    began = time.perf_counter() + 0.2

    def ask(number: int, name: str) -> None:
        due = began + number / pace
        time.sleep(max(0.0, due - time.perf_counter()))
        _, status, _ = officer.get(paths[name])
        assert status == 200, (name, status)
        took[name].append((time.perf_counter() - due) * 1000)

    names = list(paths)
    with ThreadPoolExecutor(64) as threads:
        for done in [threads.submit(ask, number, names[number % len(names)]) for number in range(requests)]:
            done.result()
    return {name: sorted(times) for name, times in took.items()}


def upload(officer: Officer, folder: Path, pupils: int) -> tuple[float, float]:
    """Megabytes of an export of a school year's marks, and seconds from sending it to "what we understood"."""
    write_sample(folder, pupils, seed=2, on=date.today())
    files = [path for path in sorted(folder.iterdir()) if path.name in ("pupils.csv", "marks.csv")]
    megabytes = sum(path.stat().st_size for path in files) / 1e6

    def body(token: str) -> bytes:
        lines = [f'--x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'.encode()]
        for path in files:
            named = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n\r\n'
            lines += [named.encode(), path.read_bytes(), b"\r\n"]
        return b"".join([*lines, b"--x--\r\n"])

    sent, status, where = officer.post("/upload", "multipart/form-data; boundary=x", body, "/upload")
    assert status == 303, status
    shown, status, page = officer.get(where.decode())
    assert status == 200, status
    assert b"understood" in page
    return megabytes, (sent + shown) / 1000


def main() -> None:
    """Print how long pages take."""
    ask = argparse.ArgumentParser(description="The staff's pages")
    ask.add_argument("--pupils", type=int, default=1500)
    ask.add_argument("--requests", type=int, default=2100)
    ask.add_argument("--pace", type=float, default=20)
    told = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        with running_office(folder, told.pupils) as officer:
            first = officer.get("/")[0]
            took = ask_at_a_pace(officer, pages_of(officer), told.requests, told.pace)
            megabytes, seconds = upload(officer, folder / "export", told.pupils)
    print(f"The pages of a school of {told.pupils:,} pupils at {told.pace:g} requests a second, milliseconds\n")
    print(f"{'':24}{'median':>9}{'99th':>9}{'longest':>9}")
    for name, times in took.items():
        print(f"{name:24}{statistics.median(times):9.1f}{percentile(times, 0.99):9.1f}{times[-1]:9.1f}")
    every = sorted(one for times in took.values() for one in times)
    print(f"{'all pages':24}{statistics.median(every):9.1f}{percentile(every, 0.99):9.1f}{every[-1]:9.1f}")
    print(f"\nToday for the first time after a start: {first:,.0f} ms.")
    print(f"An export of {megabytes:.1f} MB uploaded and understood: {seconds:.1f} s.")


if __name__ == "__main__":
    main()
