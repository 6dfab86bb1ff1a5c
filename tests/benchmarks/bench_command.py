"""The whole `letters` command beside docxtpl's filling alone: reading, deciding, filling and writing.

Every pupil of the export, a summary, is due a letter. Then the same command for one PDF to print.
`python -m tests.benchmarks.bench_command [--letters 5000] [--printed 1500]`
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import subprocess
import sys
import time
from pathlib import Path

from docxtpl import DocxTemplate
from pypdf import PdfReader

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.records import read_record
from service.attendance.upn import check_letter
from service.desk import Desk
from service.issue import issue_letters
from service.letters.facts import LetterFacts
from service.letters.fields import letter_fields
from service.letters.recipients import find_recipients
from service.pupil import Pupil
from service.sample.export import ON, write_school
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.web.example import EXAMPLE
from tests.benchmarks.folders import new_folder

PUPIL = (
    "first_name last_name date_of_birth year_group registration_group sessions_possible sessions_attended "
    "sessions_authorised sessions_unauthorised sessions_unexplained contact_1_title contact_1_first_name "
    "contact_1_last_name contact_1_parental_responsibility contact_1_address_line_1 contact_1_address_line_2 "
    "contact_1_postcode"
).split()
ROW = "Robin,Ash,2013-05-02,8,8B,104,90,10,4,0,Ms,Jo,Ash,yes,2 Long Row,Netherford,ZE8 4QT".split(",")


def main() -> None:
    """Print letters a second of both ways, and their ratio."""
    ask = argparse.ArgumentParser(description="The whole command beside docxtpl's filling")
    ask.add_argument("--letters", type=int, default=5000)
    ask.add_argument("--printed", type=int, default=1500)
    ask.add_argument("--others", type=int, default=100)
    told = ask.parse_args()
    folder = new_folder()
    seconds = measure_command(folder, told.letters)
    other = measure_docxtpl(folder, told.others)
    ours, theirs = told.letters / seconds, told.others / other
    print(f"The whole command on {told.letters} summaries, every pupil due a letter\n")
    print(f"{'docxtpl, filling and writing alone':45} {theirs:8.0f} letters/s")
    print(f"{'letters: reading, deciding, filling, writing':45} {ours:8.0f} letters/s   {ours / theirs:.0f} times")
    print()
    for way, name in (("typst", ""), ("libreoffice", ", by LibreOffice")):
        run = new_folder() / "run.pdf"
        seconds = measure_command(new_folder(), told.printed, "--print-run", str(run), pdf_by=way)
        what = (
            f"{told.printed} letters, their files and index, and one PDF of {len(PdfReader(run).pages)} pages to print"
        )
        print(f"{what}{name}: {seconds:.1f} s")


def write_summary(folder: Path, pupils: int) -> None:
    """An export of summaries in which every pupil is due Letter 1."""
    folder.mkdir()
    write_school(folder / "school.toml")
    with (folder / "pupils.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["upn", *PUPIL])
        for number in range(pupils):
            rest = f"999{number:09d}"
            writer.writerow([check_letter(rest) + rest, *ROW])


def measure_command(folder: Path, letters: int, *options: str, pdf_by: str = "typst") -> float:
    """Seconds of the command as a user runs it, its start included."""
    write_summary(folder / "export", letters)
    command = [sys.executable, "-m", "service", "letters", str(folder / "export"), "--policy", "bradford"]
    command += ["--on", ON.isoformat(), "--out", str(folder / "letters"), *options]
    started = time.perf_counter()
    environment = os.environ | {"ATTENDANCE_LETTERS_PDF_BY": pdf_by}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    seconds = time.perf_counter() - started
    written = len(list((folder / "letters").glob("*.docx")))
    assert written == letters, written
    return seconds


def measure_docxtpl(folder: Path, letters: int) -> float:
    """Seconds that docxtpl takes to fill the same template with the same words and write the files."""
    desk = Desk(read_settings({}), SAMPLE_SCHOOL)
    record = read_record({**EXAMPLE["pupil"]})  # type: ignore[dict-item]  # the example is a request of JSON
    pupil = Pupil(record, desk.school(), desk.policy("bradford"), ON, SchoolCalendar())
    decision, facts = issue_letters(desk, pupil).decided
    opened = desk.open_letter("letter_1", "bradford", desk.school())
    recipient = find_recipients(record, desk.school()).written_to[0]
    letter = LetterFacts(facts, pupil.active_policy(), desk.school(), opened.kind, recipient, "", decision.review_on)
    words = letter_fields(letter, opened.template.wants)
    content = (desk.catalogue.folder / "letter_1.docx").read_bytes()
    started = time.perf_counter()
    for number in range(letters):
        template = DocxTemplate(io.BytesIO(content))
        template.render(dict(words), autoescape=True)
        template.save(folder / f"docxtpl-{number}.docx")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
