"""What is remembered shows where it is read: forms, the certificate, an unknown past, marks that leave days out."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from service.attendance.closed_days import MarkDays
from service.attendance.record import Event
from service.errors import RequestError
from service.fill import fill_form
from service.memory.memory import open_school
from service.memory.reading_notes import Notes, read_answer, read_hold, read_mark
from service.memory.remembered import number_of, remember
from service.memory.reversing import take_back
from tests.invented import CALENDAR, ON, SUMMARY, make_marks, make_values
from tests.memory.living import due, history, ill, issue, memory_of, note, take, today


def fields_of(memory, form: str, on: date = ON) -> dict[str, str]:
    """What a form of the pupil says, by its fields."""
    pupil = remember(memory, today(memory, on), number_of(memory, open_school(memory), "4711")).pupil
    fields = PdfReader(BytesIO(fill_form(memory.desk, pupil, form).content)).get_fields() or {}
    values = {name: str(field.get("/V", "")) for name, field in fields.items()}
    return {name: value for name, value in values.items() if value}


def test_a_tracking_form_shows_what_was_issued_and_recorded_and_not_what_was_taken_back(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        (kept,) = issue(memory, by="JM").kept
        later = date(2026, 11, 24)
        note(memory, "4711", Notes(Event(later, "pastoral_meeting", outcome="attended")))
        note(memory, "4711", Notes(Event(date(2026, 11, 23), "parent_contact", by="KL", note="will ring again")))
        shown = fields_of(memory, "stage_1_tracking_form", later)
        assert (shown["letter_1_date"], shown["pastoral_meeting_date"]) == ("20/11/2026", "24/11/2026")
        assert "will ring again" in str(shown)
        assert "KL" in str(shown)
        take_back(memory, open_school(memory), kept.letter.reference, "a mistake")
        assert "letter_1_date" not in fields_of(memory, "stage_1_tracking_form", later)


def test_the_certificate_counts_a_recoded_mark_as_it_is_now(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        words = ("sessions_unauthorised", "sessions_authorised")
        before = [fields_of(memory, "attendance_certificate")[word] for word in words]
        note(memory, "4711", Notes(marks=(read_mark(date(2026, 11, 9), "AM", "I", MarkDays(CALENDAR, ON)),)))
        after = [fields_of(memory, "attendance_certificate")[word] for word in words]
        assert (before, after) == (["3", "0"], ["2", "1"])


def test_an_unknown_past_offers_first_letters_until_somebody_tells_it(url, tmp_path) -> None:
    sent = [{"on": "2026-09-21", "event": "letter_1"}]
    with memory_of(tmp_path, url) as memory:
        assert take(memory, ill(), nothing_sent=False).history_unknown == 1
        decided = due(memory)["4711"]
        assert decided.letter == "letter_1"
        assert "has not been sent" not in str([reason.text for reason in decided.main_reasons])
        assert take(memory, ill(history=sent), nothing_sent=False).history_unknown == 0
        assert due(memory)["4711"].letter == "letter_2"
        assert take(memory, ill(), nothing_sent=False).history_unknown == 0  # it stays told


def test_who_joins_a_year_whose_past_is_known_has_a_known_past(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill(year_group="8"))
        joined = ill(pupil_reference="4712", year_group="8")
        taken = take(memory, ill(year_group="8"), joined, nothing_sent=False)
        assert (taken.new, taken.history_unknown) == (["4712"], 0)
        stranger = ill(pupil_reference="4713", year_group="9")
        assert take(memory, stranger, nothing_sent=False).history_unknown == 1


def test_marks_that_leave_days_out_are_told_and_hold_letters_back(tmp_path) -> None:
    """Between two exports nobody knows what the days since the last one were like."""
    last = date(2026, 9, 11)
    with memory_of(tmp_path) as memory:
        take(memory, ill(marks=make_marks([("2026-09-07 AM", "O")], last=last)), on=last)
        about = remember(memory, today(memory), number_of(memory, open_school(memory), "4711"))
        assert "There are marks for 7 of " in " ".join(map(str, about.pupil.record.warnings))
        assert [hold.code for hold in about.pupil.record.holds]
        now = remember(memory, today(memory, last), number_of(memory, open_school(memory), "4711"))
        assert now.pupil.record.holds == ()


def test_a_summary_older_than_the_register_does_not_count(tmp_path) -> None:
    older = {**SUMMARY, "period_start": "2026-09-03", "period_end": "2026-10-02"}
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        expected = due(memory)["4711"].figures
        take(memory, make_values(**older))
        assert due(memory)["4711"].figures == expected


@pytest.mark.parametrize("text", ["x\x00y", "\u202ereversed", "x" * 2_001])
def test_what_cannot_be_printed_or_never_ends_is_not_written_down(text, tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        issue(memory, "4711")
        (letter,) = history(memory).letters
        for write in (
            lambda: read_hold(None, text),
            lambda: read_answer("meeting_place", text, ON),
            lambda: take_back(memory, open_school(memory), letter.reference, text),
        ):
            with pytest.raises(RequestError, match=r"Remove the character|at most 2000"):
                write()
