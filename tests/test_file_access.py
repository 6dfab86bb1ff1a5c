"""Whatever is written about children can be read by its owner alone, whatever the umask and whatever was there."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.commands.main import commands
from service.sample.export import write_sample


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """A umask that leaves every file open to everybody; that of the program itself is not at work here."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_invented_school_is_its_owners_alone(tmp_path: Path) -> None:
    write_sample(tmp_path / "school", 3, 1)
    assert mode_of(tmp_path / "school") == 0o700
    files = {file.name: mode_of(file) for file in (tmp_path / "school").iterdir()}
    assert len(files) == 7
    assert set(files.values()) == {0o600}


def test_questions_are_their_owners_alone_even_in_a_file_that_was_open_to_others(tmp_path: Path) -> None:
    write_sample(tmp_path / "school", 8, 8)
    for name in ("new.csv", "old.csv"):
        questions = tmp_path / name
        if name == "old.csv":
            questions.write_text("what was there before\n" * 1000)
            questions.chmod(0o644)
        command = ["decide", str(tmp_path / "school"), "--on", "2026-11-20", "--questions", str(questions)]
        assert CliRunner().invoke(commands, command).exit_code == 0
        assert mode_of(questions) == 0o600
        assert questions.read_text(encoding="utf-8-sig").startswith("upn,pupil_reference,")
        assert "what was there before" not in questions.read_text(encoding="utf-8-sig")


def test_a_form_is_its_owners_alone_even_in_the_place_of_one_that_was_open_to_others(tmp_path: Path) -> None:
    record, out = tmp_path / "record.json", tmp_path / "form.docx"
    record.write_text(json.dumps({"pupil_reference": "4711", "first_name": "Jo", "last_name": "Ash"}))
    out.write_bytes(b"")
    out.chmod(0o644)
    command = ["form", "attendance_certificate", str(record), "--on", "2026-11-20", "--out", str(out)]
    command += ["--policy", "bradford"]
    done = CliRunner().invoke(commands, command)
    assert done.exit_code == 0, done.output
    assert mode_of(out) == 0o600
