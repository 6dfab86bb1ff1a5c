"""Small exports written by hand, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import openpyxl

from service.attendance.record import AttendanceRecord
from service.cohort.join import read_cohort
from service.cohort.row_counts import RowCount, settle
from service.errors import CohortError

CALENDAR = "from,to,kind,name\n2026-09-02,2026-12-18,term,Autumn term\n2026-10-26,2026-10-30,closed,Half term\n"
PUPILS = "UPN,Surname,Forename,DOB\nA1,Birch,Nia,04/04/2012\nB2,Cole,Otis,05/05/2013\n"


@dataclass
class Outcome:
    """The records by key, and every sentence that a person would read."""

    records: dict[str, AttendanceRecord] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    is_refused: bool = False
    counts: dict[str, RowCount] = field(default_factory=dict)
    """What became of the rows of each table, by its name."""


def write_files(folder: Path, **files: str | bytes | list[list[object]]) -> Path:
    """A folder with these files: `pupils="…"` is pupils.csv, `book_xlsx=[[…]]` a workbook with one sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        stem, _, ending = name.rpartition("_") if "_" in name else (name, "", "csv")
        path = folder / f"{stem}.{ending}"
        if isinstance(content, list):
            write_workbook(path, {"Sheet1": content})
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def write_workbook(path: Path, sheets: dict[str, list[list[object]]], formats: dict[str, str] | None = None) -> Path:
    """A workbook as openpyxl writes it; `formats` gives number formats to columns by their letter."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for letter, code in (formats or {}).items():
            for cell in sheet[letter]:
                cell.number_format = code
    workbook.save(path)
    workbook.close()
    return path


def read_export(path: Path, on: date | None = None) -> Outcome:
    """What becomes of an export, read to its end."""
    outcome = Outcome()
    try:
        cohort = read_cohort(path, on=on)
        rows = list(cohort.pupils)
    except CohortError as error:
        return Outcome(problems=[str(problem) for problem in error.problems], is_refused=True)
    outcome.problems = [str(problem) for problem in cohort.problems]
    for row in rows:
        if row.record:
            outcome.records[row.key] = row.record
        outcome.problems += [str(problem) for problem in row.problems]
    outcome.notices = list(cohort.notices)
    outcome.counts = {count.name: count for count in settle(cohort.counts, [row for row in rows if not row.record])}
    return outcome
