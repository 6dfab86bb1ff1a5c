"""A thousandth of `make test-long`: the same programs, without a look at the clock."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import pytest

from service.attendance.reading.records import read_record
from tests.invented import SUMMARY, make_values
from tests.long_run.hostile import compare
from tests.long_run.kills import find_fault
from tests.long_run.kinds import KINDS, PUPILS
from tests.long_run.mutants import Tally, look_at, make_mutant
from tests.long_run.rows import check_rows, uses_pupil
from tests.long_run.workshop import Outcome, Workshop, WrongError

ROOT = Path(__file__).parents[2]


def run(program: str, *choices: str) -> str:
    """What a program of the long run prints; it must find nothing."""
    command = [sys.executable, "-m", f"tests.long_run.{program}", *choices]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_mutants_of_every_kind_lead_to_nothing() -> None:
    said = run("mutants", "--mutants", "100")
    assert [line.split("  ")[0] for line in said.splitlines()[1:]] == list(KINDS)


@pytest.mark.slow
def test_requests_made_up_from_the_document_are_answered_as_it_says() -> None:
    assert "Test cases:" in run("contract", "--cases", "10")


@pytest.mark.slow
def test_a_killed_run_leaves_no_folder_that_claims_to_be_whole() -> None:
    assert run("kills", "--kills", "2", "--pupils", "20").startswith("2 runs killed; their folders: ")


@pytest.mark.slow
def test_a_service_asked_steadily_gives_no_wrong_answer() -> None:
    assert "18 requests, 0 wrong answers" in run("load", "--minutes", "0.03", "--pace", "10")


@pytest.mark.slow
def test_ordinary_requests_beside_hostile_templates_are_answered_right() -> None:
    quiet, beside, became = compare(templates=5, seconds=0.5)
    assert len(quiet) == 10
    assert beside
    assert [answer.fault for answer in (*quiet, *beside) if answer.fault] == []
    assert set(became) <= {"status 422", "a letter"}


def look(what: object) -> Tally:
    """What is noted of a look at an input that comes to that."""

    def fail(_: Workshop) -> None:
        if isinstance(what, Exception):
            raise what

    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        look_at(fail, Workshop(Path(folder)), tally, b"content")
    return tally


def test_a_traceback_is_noted_with_the_input_that_led_to_it() -> None:
    assert look(KeyError("x")).found == {"KeyError in test_long_run.py, fail": (1, b"content")}
    assert look(WrongError("a row lost without a word")).found == {"a row lost without a word": (1, b"content")}
    assert look(None).found == {}


def test_a_row_that_is_neither_a_record_nor_told_is_noted() -> None:
    record = read_record(make_values(**SUMMARY) | {"last_name": "Ash"})
    every = {f"P{number}": record for number in (1, 2, 3, 4)}
    found = Outcome(records=every | {"P2": record})
    with pytest.raises(WrongError, match="rows lost"):
        check_rows(found, "pupils.csv", PUPILS, PUPILS[0], uses_pupil)
    check_rows(Outcome(records={"P1": record}), "pupils.csv", PUPILS[:2], PUPILS[0], uses_pupil)


def test_a_mutant_can_be_made_again_from_its_number() -> None:
    for kind in KINDS.values():
        assert make_mutant(kind, Random("1"))[0] == make_mutant(kind, Random("1"))[0]
        assert len({make_mutant(kind, Random(str(number)))[0] for number in range(20)}) > 10


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({}, "without an index"),
        ({"a.docx": "1"}, "without an index"),
        ({"index.csv": "1", "a.docx": "1"}, "whole"),
        ({"index.csv": "1"}, "WRONG"),
        ({"index.csv": "1", "a.docx": ""}, "WRONG"),
    ],
)
def test_a_folder_with_an_index_is_wrong_when_anything_in_it_is(files: dict[str, str], what: str, tmp_path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    whole = dict.fromkeys(("index.csv", "a.docx"), "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b")
    assert find_fault(tmp_path, whole) == what
