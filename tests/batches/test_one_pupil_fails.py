"""A fault that nobody foresaw costs one pupil, and tells nobody's words."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.records import read_record
from service.attendance.school import NO_SCHOOL
from service.batches.meeting_slots import Slots
from service.batches.own_files import OwnFiles
from service.batches.run import CohortRun, run_cohort
from service.batches.writing import write_pupil
from service.cohort.join import Cohort, read_cohort
from service.cohort.pupil_row import PupilRow
from service.cohort.share import Share
from service.commands.decide import decide_row
from service.desk import Desk
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings

CANARY = "Canaryname"


class BrokenFacts(Mapping[str, bool]):
    """Facts that fail with a child's name in the text of the exception."""

    def __getitem__(self, word: str) -> bool:
        raise ZeroDivisionError(CANARY)

    def __iter__(self) -> Iterator[str]:
        raise ZeroDivisionError(CANARY)

    def __len__(self) -> int:
        return 1


@pytest.fixture
def rows(tmp_path: Path) -> list[PupilRow]:
    """Three pupils, the second of whom brings up the fault."""
    pupils = ",".join(f'{{"pupil_reference": "{n}", "last_name": "{CANARY}"}}' for n in (1, 2, 3))
    file = tmp_path / "pupils.json"
    file.write_text(f'{{"on": "2026-11-20", "pupils": [{pupils}]}}', encoding="utf-8")
    first, second, third = read_cohort(file).pupils
    assert second.record == read_record({"pupil_reference": "2", "last_name": CANARY})
    return [first, replace(second, record=replace(second.record, facts=BrokenFacts())), third]


def test_the_others_are_written_to_and_the_row_is_named_with_a_reference(rows, tmp_path: Path, caplog) -> None:
    desk = Desk(read_settings({}), SAMPLE_SCHOOL)

    def read(share: Share) -> Iterator[tuple[int, PupilRow]]:
        return enumerate(rows)

    cohort = Cohort(SchoolCalendar(), read)
    run = CohortRun(desk, desk.school(), desk.policy("bradford"), date(2026, 11, 20))
    with caplog.at_level(logging.DEBUG):
        done = list(run_cohort(run, cohort, Slots()))
    assert [item.issue is None for item in done] == [False, True, False]
    written = write_pupil(OwnFiles(tmp_path), done[1])
    assert written.unusable is not None
    (problem,) = written.unusable.problems
    assert (written.unusable.file, written.unusable.number) == ("pupils.json", 2)
    reference = problem.detail.split()[-1].rstrip(".")
    assert f"Unexpected ZeroDivisionError, number {reference}" in caplog.text
    assert CANARY not in caplog.text + problem.detail


def test_the_others_are_decided_about(rows, caplog) -> None:
    cohort, policy = Cohort(SchoolCalendar(), lambda share: iter(())), Desk(read_settings({})).policy("bradford")
    done = [decide_row(row, cohort, NO_SCHOOL, policy, date(2026, 11, 20)) for row in rows]
    assert [decision is None for _, _, decision in done] == [False, True, False]
    (problem,) = done[1][0].problems
    assert "something went wrong on our side" in problem.detail
    assert CANARY not in caplog.text + problem.detail
