"""An officer at the command line: whole commands on a memory of their own, and what they say."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from service.commands.main import main
from service.memory.school_files import write_settings
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX
from tests.invented import CALENDAR, ON, make_marks
from tests.storage.databases import prepare

ROOT = Path(__file__).parents[3]


class Said(NamedTuple):
    """How a command ended, and what it said: on the one stream what was done, on the other what was not."""

    status: int
    out: str
    err: str


@dataclass
class Officer:
    """Runs commands as the program does, in this process."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: object) -> Said:
        """What a command says."""
        self.monkeypatch.setattr(sys, "argv", ["attendance-letters", *map(str, words)])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err, err
        return Said(int(ended.value.code or 0), out, err)

    def as_process(self, *words: object) -> Said:
        """What a command says that starts programs of its own."""
        command = [sys.executable, "-m", "service", *map(str, words)]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
        done = subprocess.run(
            command, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8"
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def does(self, *words: object) -> str:
        """What a command says that must succeed."""
        said = self(*words)
        assert said.status == 0, said
        return said.out

    def set(self, **settings: str) -> None:
        """Settings as the environment gives them."""
        for word, value in settings.items():
            self.monkeypatch.setenv(PREFIX + word, value)

    def is_refused(self, *words: object) -> str:
        """What a command says that does nothing."""
        said = self(*words)
        assert said.status == 2, said
        assert said.out == ""
        return said.err


@pytest.fixture
def officer(tmp_path, monkeypatch, capsys) -> Officer:
    """An officer in an empty folder, with a memory that remembers nothing yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    one = Officer(tmp_path, monkeypatch, capsys)
    one.set(DATA=str(tmp_path / "data"))
    prepare(tmp_path / "data")
    return one


HEADINGS = (
    "pupil_reference,first_name,last_name,date_of_birth,year_group,registration_group,contact_1_title,"
    "contact_1_first_name,contact_1_last_name,contact_1_parental_responsibility,contact_1_address_line_1,"
    "contact_1_address_line_2,contact_1_postcode"
).split(",")
ROBIN = "4711,Robin,Ash,2013-05-02,8,8B,Ms,Jo,Ash,yes,2 Long Row,Netherford,ZE8 4QT".split(",")
SAM = "4712,Sam,Birch,2013-06-03,8,8B,Mr,Al,Birch,yes,9 Short Row,Netherford,ZE8 4QT".split(",")
THREE_ABSENCES = ("2026-09-07 AM", "2026-10-08 AM", "2026-11-09 AM")
"""Due Letter 1 under Bradford's policy."""


def write_export(folder: Path, *people: list[str], absent: Mapping[str, str] | None = None, on: date = ON) -> Path:
    """An export as a school's system writes it: pupils, a calendar, every mark of the term, and who sends letters.

    Everybody was absent three times, or as `absent` says: a code for "2026-10-05 AM".
    """
    folder.mkdir(exist_ok=True)
    codes = dict.fromkeys(THREE_ABSENCES, "O") if absent is None else absent
    _write(folder / "pupils.csv", HEADINGS, people)
    lines = [(entry.first, entry.last, KINDS[entry.is_term], entry.name) for entry in CALENDAR.entries]
    _write(folder / "calendar.csv", ["from", "to", "kind", "name"], lines)
    marks = [(mark["date"], mark["session"], mark["code"]) for mark in make_marks(codes.items(), last=on)]
    rows = [(person[0], *mark) for person in people for mark in marks]
    _write(folder / "marks.csv", ["pupil_reference", "date", "session", "code"], rows)
    (folder / "school.toml").write_text(write_settings(SAMPLE_SCHOOL), encoding="utf-8")
    return folder


KINDS = {True: "term", False: "closed"}


def _write(path: Path, headings: list[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)


def reference_in(text: str) -> str:
    """The first letter's reference in what was said."""
    found = re.search(r"AL-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", text)
    assert found, text
    return found[0]
