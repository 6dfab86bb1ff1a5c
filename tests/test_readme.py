"""The README is true: its commands are run, and print what it shows."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

from service.app import create_app
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import SETTINGS, read_settings
from service.web.example import EXAMPLE
from service.word.text import read_text

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks of a language, in order."""
    fences = re.findall(r"^```(\w*)\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
    return [text for name, text in fences if name == language]


def run(command: str, folder: Path) -> str:
    """What one of our commands prints, both streams together."""
    arguments = shlex.split(command)
    assert arguments[0] == "attendance-letters"
    done = subprocess.run(
        [sys.executable, "-m", "service", *arguments[1:]],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "COLUMNS": "120", "XDG_DATA_HOME": f"{folder}/own"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_command_prints_what_the_readme_shows(tmp_path: Path) -> None:
    for block in blocks("console"):
        for part in block.split("$ ")[1:]:
            command, _, shown = part.partition("\n")
            printed = run(command, tmp_path)
            place = 0
            for piece in shown.split("…\n"):
                found = printed.find(piece, place)
                assert found >= 0, f"{command} does not print:\n{piece}\nbut:\n{printed}"
                place = found + len(piece)


def curl_body() -> dict[str, object]:
    """The JSON of the README's curl."""
    curl = next(block for block in blocks("sh") if block.startswith("curl"))
    found = re.search(r"-d '(\{.*\})'", curl, flags=re.DOTALL)
    assert found
    body: dict[str, object] = json.loads(found[1])
    return body


def test_the_curl_returns_a_letter_and_is_the_one_that_the_service_prints() -> None:
    body = curl_body()
    assert body == EXAMPLE
    client = create_app(read_settings({}), SAMPLE_SCHOOL).test_client()
    answer = client.post("/v1/letters", json=body)
    assert answer.status_code == 200
    assert "Dear Ms Ash" in read_text(answer.data)


def test_the_answer_shown_is_the_answer_given() -> None:
    client = create_app(read_settings({}), SAMPLE_SCHOOL).test_client()
    answer = client.post("/v1/letters", json=curl_body(), headers={"Accept": "application/json"}).get_json()
    shown = json.loads(blocks("json")[0])
    reasons = shown["decision"].pop("reasons")
    assert shown["decision"] == {word: answer["decision"][word] for word in shown["decision"]}
    for reason in reasons:
        assert any(reason == {word: given[word] for word in reason} for given in answer["decision"]["reasons"])


def test_the_table_of_settings_is_the_list_of_settings() -> None:
    table = README.partition("| setting | default | meaning |\n|---|---|---|\n")[2].partition("\n\n")[0]
    assert table.splitlines() == [
        f"| `{one.name}` | {f'`{one.default}`' if one.default else ''} | {one.meaning} |" for one in SETTINGS
    ]


def test_the_house_shows_folders_and_files_that_exist() -> None:
    house = next(block for block in blocks("") if block.startswith("service/"))
    names = re.findall(r"(?:^|\s)([a-z_]+(?:\.py|/))(?=\s)", house)
    known = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert len(names) > 15
    for name in names:
        assert re.search(rf"(^|/){re.escape(name)}", known, flags=re.MULTILINE), name
