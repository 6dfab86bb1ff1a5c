"""A client that is generated from the OpenAPI document works: it issues a letter and fetches its file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.test_quickstart import PAGE, ROOT, block
from tests.web.test_served import Server

CLIENT = "attendance_letters_client"
PLACES = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="module")
def generator() -> str:
    found = shutil.which("openapi-python-client", path=PLACES)
    assert found, "openapi-python-client is not installed"
    return found


@pytest.fixture(scope="module")
def generated(generator, app, tmp_path_factory) -> Path:
    """The folder of a client that the generator made without a word of complaint."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_bytes(app.test_client().get("/v1/openapi.json").data)
    (folder / "client.yml").write_text(block("yaml"), encoding="utf-8")
    command = re.search(r"^openapi-python-client generate (.*)$", PAGE, flags=re.MULTILINE)
    assert command is not None
    assert command[1].split() == ["--url", '"$LETTERS_URL/v1/openapi.json"', "--config", "client.yml", "--meta", "none"]
    words = [generator, "generate", "--path", "openapi.json", "--config", "client.yml", "--meta", "none"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    return folder


def test_a_pupil_has_all_its_words_in_the_client(generated) -> None:
    assert not (generated / CLIENT / "models" / "pupil_type_0.py").exists()
    pupil = (generated / CLIENT / "models" / "pupil.py").read_text(encoding="utf-8")
    assert "sessions_unauthorised: int" in pupil
    decision = (generated / CLIENT / "models" / "decision.py").read_text(encoding="utf-8")
    assert re.search(r"^    outcome: DecisionOutcome$", decision, flags=re.MULTILINE)


@pytest.mark.slow
def test_it_issues_a_letter_and_fetches_its_file(generator, generated, tmp_path) -> None:
    data = tmp_path / "data"
    words = [sys.executable, "-m", "service", "key", "add", "generated"]
    environment = {**os.environ, "ATTENDANCE_LETTERS_DATA": f"{data}"}
    made = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    server = Server(tmp_path / "out", tmp_path / "err", DATA=f"{data}")
    try:
        (generated / "letter.json").write_text(block("json"), encoding="utf-8")
        found = [
            text for text in re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE) if CLIENT in text
        ]
        (generated / "program.py").write_text(found[0], encoding="utf-8")
        own = {"LETTERS_URL": f"http://127.0.0.1:{server.port}", "LETTERS_KEY": made.stdout.splitlines()[0]}
        command = [str(Path(generator).with_name("python")), "program.py"]
        done = subprocess.run(command, cwd=generated, env={**os.environ, **own}, capture_output=True, text=True)
        status, _, listed = server.ask("GET", "/v1/letters", Authorization=f"Bearer {own['LETTERS_KEY']}")
    finally:
        server.stop()
    assert done.returncode == 0, done.stderr
    assert (generated / "letter.pdf").read_bytes().startswith(b"%PDF")
    assert status == 200
    assert done.stdout.split() == [item["reference"] for item in json.loads(listed)["items"]][-1:]
