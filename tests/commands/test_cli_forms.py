"""The command `form`, and `letters --with-documents`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from service.sample.export import write_sample
from tests.batches.written_index import read_index
from tests.forms.form_pupils import record

CALENDAR = [
    {"from": "2026-09-03", "to": "2026-12-18", "kind": "term", "name": "Autumn"},
    {"from": "2026-10-26", "to": "2026-10-30", "kind": "closed", "name": "Half term"},
]
REPOSITORY = Path(__file__).parents[2]


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service", *map(str, words)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def write_record(folder: Path, values: dict[str, Any]) -> Path:
    path = folder / "record.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def value_of(path: Path, word: str) -> str:
    return str((PdfReader(BytesIO(path.read_bytes())).get_fields() or {})[word]["/V"])


def test_a_form_is_filled_from_a_record_with_day_and_calendar(tmp_path: Path) -> None:
    found = write_record(tmp_path, {"on": "2026-11-20", "pupil": record(), "calendar": CALENDAR})
    out = tmp_path / "plan.pdf"
    done = run("form", "medical_action_plan", found, "--out", out, "--policy", "stockport")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Medical action plan in" in done.stderr
    assert value_of(out, "broken_weeks") == "7 of 11"


def test_a_form_is_filled_from_a_record_alone(tmp_path: Path) -> None:
    done = run(
        *("form", "sickness_return", write_record(tmp_path, record()), "--out", tmp_path / "a.docx"),
        *("--on", "2026-11-20", "--policy", "bradford"),
    )
    assert done.returncode == 0
    assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")


def test_a_form_of_today_leaves_out_the_marks_still_to_come_and_says_so(tmp_path: Path) -> None:
    marks = [{"date": "2098-11-24", "session": half, "code": "O"} for half in ("AM", "PM")]
    given = {**record(), "marks": marks}
    done = run(
        "form", "sickness_return", write_record(tmp_path, given), "--out", tmp_path / "a.pdf", "--policy", "bradford"
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Note: Marks after \d\d/\d\d/\d{4}, the day of the decision, are left out\.$", done.stderr, re.M)


def test_a_flat_form_has_no_fields_and_the_schools_own_name(tmp_path: Path) -> None:
    (tmp_path / "school.toml").write_text('policy = "bradford"\nschool_name = "Ysgol Tŷ Coch"\n', encoding="utf-8")
    found, out = write_record(tmp_path, {"on": "2026-11-20", "pupil": record()}), tmp_path / "a.pdf"
    assert run("form", "attendance_certificate", found, "--out", out, "--flat").returncode == 0
    reader = PdfReader(BytesIO(out.read_bytes()))
    assert not reader.get_fields()
    said = subprocess.run(["pdftotext", out, "-"], capture_output=True, check=True, text=True).stdout
    assert "Ysgol Tŷ Coch" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("form", "sickness_retrun", "FILE", "--out", "OUT.pdf"), 'Did you mean "sickness_return"?'),
        (("form", "sickness_return", "FILE", "--out", "OUT.odt"), "Name a file that ends in .pdf or .docx."),
        (("form", "sickness_return", "FILE", "--out", "OUT.docx", "--flat"), "A flat copy is a PDF."),
        (("form", "sickness_return", "FILE", "--out", "OUT.pdf", "--policy", "bradfrod"), 'Did you mean "bradford"?'),
        (("form", "sickness_return", "FILE", "--out", "OUT.pdf", "--on", "2026-11-19"), "Use the same day."),
        (("form", "sickness_return", "FILE", "--out", "missing/OUT.pdf"), "This file cannot be written: "),
        (("form", "sickness_return", "missing.json", "--out", "OUT.pdf"), "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    found = write_record(tmp_path, {"on": "2026-11-20", "pupil": record()})
    places = {"FILE": found} | {word: tmp_path / word for word in words if "OUT" in word}
    policy = () if "--policy" in words else ("--policy", "bradford")
    done = run(*(places.get(word, word) for word in words), *policy)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record.json"]


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ([], ["Give one pupil's record"]),
        ({"pupil": []}, ["/pupil: Give pupil as an object."]),
        ({"pupil": {"upn": "1", "first_nam": "A"}, "onn": 1}, ["/onn: ", 'Did you mean "on"?', "/pupil/first_nam: "]),
        ({"pupil": {"upn": "1"}, "on": "20 November"}, ["/on: Enter a real date"]),
        ({"pupil": {"upn": "1"}, "on": "2026-11-20", "calendar": [{"from": "x"}]}, ["/calendar/0: "]),
        ({"first_name": "Robin"}, ["/upn: Give a UPN or a pupil reference."]),
    ],
)
def test_every_fault_of_a_record_is_named_with_its_place(values: Any, sentences: list[str], tmp_path: Path) -> None:
    found = write_record(tmp_path, values)
    done = run("form", "sickness_return", found, "--out", tmp_path / "a.pdf", "--policy", "bradford")
    assert done.returncode == 2
    assert all(sentence in done.stderr for sentence in sentences), done.stderr
    assert "Robin" not in done.stderr


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohort") / "sample"
    write_sample(folder, 60, 3)
    return folder


def test_the_documents_of_a_cohort_lie_beside_its_letters_and_in_its_index(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("letters", cohort, "--on", "2026-11-20", "--out", out, "--with-documents")
    assert done.returncode == 0, done.stderr
    forms = sorted(path.name for path in out.glob("*.pdf"))
    assert f"{len(forms)} forms beside them." in done.stderr
    rows = read_index(out)
    listed = {name for row in rows for name in row["documents"].split("; ") if name}
    assert listed == set(forms)
    assert all(name == f"{row['registration_group']}-{row['row']}-{name.split('-')[2]}"
               for row in rows for name in row["documents"].split("; ") if name)  # fmt: skip
    assert any(row["documents"] and not row["letter"] for row in rows)
    by_file = {name: row for row in rows for name in row["documents"].split("; ") if name}
    for name, row in by_file.items():
        assert value_of(out / name, "pupil_name") == f"{row['first_name']} {row['last_name']}"


def test_without_the_option_there_are_no_documents(cohort: Path, tmp_path: Path) -> None:
    done = run("letters", cohort, "--on", "2026-11-20", "--out", tmp_path / "out")
    assert done.returncode == 0
    assert not list((tmp_path / "out").glob("*.pdf"))


def test_with_only_one_letter_no_other_pupil_gets_documents(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("letters", cohort, "--on", "2026-11-20", "--out", out, "--with-documents", "--only", "letter_n")
    assert {row["letter"] for row in read_index(out) if row["documents"]} == {"School Letter N"}


def test_the_help_says_which_documents_can_be_completed() -> None:
    said = " ".join(run("letters", "--help").stdout.split())
    assert "as PDF to complete and sign, the attendance certificate as a flat one" in said
