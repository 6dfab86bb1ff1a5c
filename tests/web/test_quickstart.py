"""The quick start is true: from a new key to a PDF in one request, in each language whose runtime is here."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from tests.web.test_served import Server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
LANGUAGES = ("python", "javascript", "csharp")
OUR_WORDS = {"LETTERS_URL", "LETTERS_KEY", "letter.json", "letter.pdf"}
"""The environment and the files of the page."""
OF_HTTP = {"Authorization", "Content-Type", "Accept"}
PROGRAMS = {
    "python": ("letter.py", [sys.executable, "letter.py"]),
    "javascript": ("letter.mjs", [str(Path(sys.executable).with_name("node")), "letter.mjs"]),
}
if shutil.which("dotnet"):  # no package brings it, so its program runs where a machine has it
    PROGRAMS["csharp"] = ("letter.cs", ["dotnet", "run", "letter.cs"])


def block(language: str) -> str:
    """The first code block of a language."""
    found, *_ = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("quickstart")


@pytest.fixture(scope="module")
def key(data) -> str:
    """The key that the page's own command makes."""
    command = re.search(r"^attendance-letters (key add .*)$", PAGE, flags=re.MULTILINE)
    assert command is not None
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command[1])]
    made = subprocess.run(
        [sys.executable, "-m", "service", *words],
        cwd=ROOT,
        env={**os.environ, "ATTENDANCE_LETTERS_DATA": f"{data}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.splitlines()[0]


@pytest.fixture(scope="module")
def server(data, key, tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    server = Server(folder / "out", folder / "err", DATA=f"{data}")
    yield server
    said = server.stop()
    assert key not in said


@pytest.mark.slow
@pytest.mark.parametrize("language", PROGRAMS)
def test_a_program_gets_a_letter_as_a_pdf(server, key, language, tmp_path) -> None:
    name, command = PROGRAMS[language]
    (tmp_path / "letter.json").write_text(block("json"), encoding="utf-8")
    (tmp_path / name).write_text(block(language), encoding="utf-8")
    own = {"LETTERS_URL": f"http://127.0.0.1:{server.port}", "LETTERS_KEY": key}
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, **own}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = PdfReader(io.BytesIO((tmp_path / "letter.pdf").read_bytes())).pages[0].extract_text()
    assert "Dear Ms Ash" in text
    assert "TEST" in text
    assert done.stdout.strip() in text


def test_what_the_page_sends_is_decided_about(server, key) -> None:
    status, _, content = server.ask(
        "POST", "/v1/letters", json.loads(block("json")), Authorization=f"Bearer {key}", Accept="application/json"
    )
    assert status == 200
    assert json.loads(content)["decision"]["letter"] == "letter_1"


def words_of(language: str) -> list[str]:
    """What stands in quotation marks or back quotes in a language's program."""
    return [text for _, text in re.findall(r"""(["'`])((?:(?!\1).)*)\1""", block(language))]


def test_a_program_that_cannot_run_here_says_what_the_document_says_too(server) -> None:
    document = json.loads(server.ask("GET", "/v1/openapi.json")[2])
    about = document["paths"]["/v1/letters"]["post"]
    kinds = {*about["requestBody"]["content"], *about["responses"]["200"]["content"]}
    headers = {*about["responses"]["200"]["headers"], *(one["name"] for one in about["parameters"])}
    for language in LANGUAGES:
        found = {text for text in words_of(language) if re.fullmatch(r"[\w./-]+", text)}
        assert {"application/json", "application/pdf", "Idempotency-Key", "Letter-Id"} <= found, language
        assert {word for word in found if "/" in word} <= {*kinds, *document["paths"]}, language
        assert {word for word in found if re.fullmatch(r"[A-Z][a-z]+(-[A-Z][a-z]+)+", word)} <= headers | OF_HTTP, (
            language
        )
        assert OUR_WORDS & found >= {"letter.json", "letter.pdf"}, language
        assert "/v1/letters" in block(language)
        assert "LETTERS_URL" in block(language)
        assert "LETTERS_KEY" in block(language)


def test_what_the_page_sends_fits_the_document(server) -> None:
    document = json.loads(server.ask("GET", "/v1/openapi.json")[2])
    schema = document["paths"]["/v1/letters"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body = json.loads(block("json"))
    Draft202012Validator({**schema, "components": document["components"]}).validate(body)
    pupil = document["components"]["schemas"]["Pupil"]["properties"]
    assert set(body["pupil"]) <= set(pupil)
    assert {word for one in body["pupil"]["contacts"] for word in one} <= set(_contact(document)["properties"])


def _contact(document: dict) -> dict:
    """The schema of a contact."""
    return next(schema for name, schema in document["components"]["schemas"].items() if name.startswith("Contact"))


def test_the_c_sharp_program_closes_what_it_opens_and_ends_its_statements() -> None:
    code = re.sub(r'"[^"]*"', '""', re.sub(r"//.*", "", block("csharp")))
    for opened, closed in ("()", "{}", "[]"):
        assert code.count(opened) == code.count(closed)
    lines = [line.rstrip() for line in code.splitlines() if line.strip()]
    assert [line for line in lines if not line.endswith((";", "=", "("))] == []
