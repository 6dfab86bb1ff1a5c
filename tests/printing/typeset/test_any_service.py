"""The whole service where nothing is that only Linux has: server, pages, memory, files and batches with their workers.

Every process that it starts is without those modules and calls, not the first one only.
"""

from __future__ import annotations

import http.cookiejar
import io
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from service.web.example import EXAMPLE
from tests.benchmarks.bench_pdf import free_port, wait_for_port
from tests.printing.converter_trouble import wait_for
from tests.printing.typeset.test_any_system import ABSENT, ROOT

COMMAND = (sys.executable, "-m", "service")
MOST_PAGES = 60
LEFT_OUT = ("/sign-out", "/v1/", "/static/")


@dataclass(frozen=True)
class Running:
    """A service that is running, and what it says."""

    address: str
    environment: dict[str, str]
    said: Path

    def link(self) -> str:
        """The path of the link to sign in, once it is said."""
        found = re.search(r"https?://[^/\s]+(/link/\S+)", self.said.read_text(encoding="utf-8"))
        return found[1] if found else ""

    def run(self, *command: str) -> str:
        """What a command says beside the service."""
        done = subprocess.run([*COMMAND, *command], env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout


class Program:
    """Somebody who asks over the network: with a key, or with a browser's cookies."""

    def __init__(self, address: str, key: str = "") -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> bytes:
        """The answer, which is no refusal."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self._address + path, body, self._headers | named)  # noqa: S310
        try:
            with self._opener.open(request, timeout=120) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()[-2000:]}") from None

    def ask_json(self, path: str, words: Any = None) -> Any:
        """The answer to a request of a program."""
        body = None if words is None else json.dumps(words).encode()
        return json.loads(self.ask(path, body, Content_Type="application/json", Accept="application/json"))


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Running]:
    """The service as `make run` starts it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "sitecustomize.py").write_text(ABSENT, encoding="utf-8")
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATTENDANCE_LETTERS_")}
    environment |= {"PATH": str(folder), "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
    environment |= {"ATTENDANCE_LETTERS_DATA": str(folder / "data"), "ATTENDANCE_LETTERS_PORT": str(port)}
    environment |= {"PYTHONUNBUFFERED": "1"}
    said = folder / "said.txt"
    with said.open("wb") as output:
        command = [*COMMAND, "serve", "--sample"]
        service = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for_port(port)
        yield Running(f"http://127.0.0.1:{port}", environment, said)
    finally:
        service.terminate()
        service.wait(60)
    assert "Traceback" not in said.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def link(running) -> str:
    """The link to sign in, when the invented school is made."""
    assert wait_for(running.link, 240)
    return running.link()


def test_those_modules_are_absent_in_every_process(running) -> None:
    code = "import os, socket, sys; print(sys.modules['fcntl'], hasattr(os, 'fork'), hasattr(socket, 'AF_UNIX'))"
    done = subprocess.run([sys.executable, "-c", code], env=running.environment, capture_output=True, text=True)
    assert done.stdout.strip() == "None False False", done.stderr


def test_every_page_that_is_linked_is_shown(running, link) -> None:
    browser = Program(running.address)
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', browser.ask(link).decode())
    assert token
    browser.ask(link, urlencode({"form_token": token[1]}).encode())
    known, shown = ["/"], []
    for path in known:
        page = browser.ask(path).decode("utf-8", "replace")
        shown.append(path)
        for found in re.findall(r'href="(/[^"#]*)"', page):
            path = found.replace("&amp;", "&")
            if path not in known and not path.startswith(LEFT_OUT) and len(known) < MOST_PAGES:
                known.append(path)
    assert {"/upload", "/decisions", "/issue", "/letters", "/pupils", "/batches", "/settings"} <= set(shown)


def test_a_batch_is_decided_issued_and_printed_by_workers(running, link) -> None:
    key = re.search(r"al_live_\S+", running.run("key", "add", "A program", "--scopes", "decide,issue,read,record"))
    assert key
    program = Program(running.address, key[0])
    pupils = [{**EXAMPLE["pupil"], "pupil_reference": f"Q{number}"} for number in range(3)]
    links = program.ask_json("/v1/batches", {"on": EXAMPLE["on"], "nothing_sent": True, "pupils": pupils})["links"]
    assert wait_for(lambda: program.ask_json(links["self"])["state"] == "decided", 120)
    seen = program.ask_json(links["self"])["seen"]
    program.ask_json(links["release"], {"seen": seen, "by": "JM"})
    assert wait_for(lambda: program.ask_json(links["self"])["state"] == "finished", 120)
    assert program.ask_json(links["self"])["counts"]["issued"] == 3
    assert program.ask(links["print"]).startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(program.ask(links["letters"]))) as archive:
        assert sum(name.endswith(".docx") for name in archive.namelist()) == 3


def test_each_part_says_that_it_is_ready(running, link) -> None:
    parts = Program(running.address).ask_json("/ready")
    assert parts["pdf"] == parts["files"] == parts["queue"] == "ready"
    assert "apt-get" in parts["libreoffice"]
