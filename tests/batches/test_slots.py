"""Meeting slots are given out in order, whole, and only to those who have no meeting yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.records import read_record
from service.batches.meeting_slots import Slots, read_slots
from service.batches.run import CohortRun, RunRow, run_row
from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.desk import Desk
from service.errors import CohortError
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings

ON = date(2026, 11, 20)
SLOT = {"meeting_date": "2026-12-01", "meeting_time": "14:30", "meeting_place": "Room 4"}
INVITED: dict[str, Any] = {
    "upn": "A000000000001",
    "first_name": "Robin",
    "last_name": "Ash",
    "parent_engaged": False,
    "history": [{"on": "2026-10-01", "event": "letter_1"}, {"on": "2026-10-20", "event": "letter_2"}],
    "marks": [{"date": "2026-11-10", "session": "AM", "code": "O"}],
    "contacts": [
        {
            "first_name": "Jo",
            "last_name": "Ash",
            "parental_responsibility": True,
            "address_line_1": "2 Long Row",
            "postcode": "ZE8 4QT",
        }
    ],
}


def run(slots: Slots, **changes: Any) -> RunRow:
    desk = Desk(read_settings({}), SAMPLE_SCHOOL)
    policy = desk.policy("bradford")
    cohort = Cohort(SchoolCalendar(), lambda share: iter(()))
    row = PupilRow(2, "pupils.csv", "A000000000001", read_record({**INVITED, **changes}))
    return run_row(CohortRun(desk, desk.school(), policy, ON), cohort, row, slots)


def test_a_slot_makes_the_invitation_and_is_used_up() -> None:
    slots = Slots([dict(SLOT)])
    item = run(slots)
    assert item.issue
    assert "Tuesday 1 December 2026" in item.issue.letters[0].text
    assert slots.free == []


def test_a_part_of_a_meeting_is_never_mixed_with_a_slot() -> None:
    slots = Slots([dict(SLOT)])
    item = run(slots, meeting_date="2026-12-03")
    assert item.issue
    assert item.issue.letters == ()
    assert {problem.pointer for problem in item.issue.problems} == {"/meeting_time", "/meeting_place"}
    assert slots.free == [SLOT]


def test_a_slot_is_free_again_when_the_letter_cannot_be_made() -> None:
    slots = Slots([dict(SLOT)])
    item = run(slots, contacts=[])
    assert item.issue
    assert item.issue.letters == ()
    assert slots.free == [SLOT]


def test_slots_before_the_day_of_the_letters_are_refused_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "slots.csv"
    path.write_text("date,time,place,with\n2026-12-01,9:00,Room 4,\n19/11/2026,9:30,Room 4,\n", encoding="utf-8")
    with pytest.raises(CohortError) as error:
        read_slots(path, ON)
    assert [problem.row for problem in error.value.problems] == [3]
    assert "20/11/2026" in error.value.problems[0].detail


@pytest.mark.parametrize("day", ["31/02/2027", "soon", "2026-13-01"])
def test_a_slot_on_no_day_is_refused_with_its_row(tmp_path: Path, day: str) -> None:
    path = tmp_path / "slots.csv"
    path.write_text(f"date,time,place,with\n2026-12-01,9:00,Room 4,\n{day},9:30,Room 4,\n", encoding="utf-8")
    with pytest.raises(CohortError) as error:
        read_slots(path, ON)
    assert [(problem.code, problem.row) for problem in error.value.problems] == [("not-a-day", 3)]
