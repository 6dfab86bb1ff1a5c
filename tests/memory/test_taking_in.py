"""What an export changes in memory, and what is said about it; on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.memory.memory import open_school
from service.memory.no_longer_due import find_no_longer_due
from service.memory.remembered import number_of, remember
from service.memory.reversing import take_back
from tests.invented import CALENDAR, CONTACT, ON, SUMMARY, contact, make_marks, make_values
from tests.memory.living import TWENTY_ABSENCES, due, history, ill, issue, memory_of, take, today

EARLIER = date(2026, 11, 6)


def marks_of(memory, name: str = "4711", on: date = ON) -> dict[str, str]:
    """A pupil's absences as they are kept, by "2026-10-05 AM"."""
    about = remember(memory, today(memory, on), number_of(memory, open_school(memory), name))
    register = about.pupil.record.register
    marks = register.marks_between(register.start, register.last) if register else ()
    return {f"{mark.day} {mark.session}": mark.code for mark in marks if mark.code not in "/\\"}


def test_a_new_export_replaces_the_days_it_covers_and_says_what_was_corrected(url, tmp_path) -> None:
    first = [("2026-10-05 AM", "N"), ("2026-11-05 AM", "N"), ("2026-11-06 PM", "I")]
    second = [("2026-11-05 AM", "I"), ("2026-11-12 AM", "O")]
    with memory_of(tmp_path, url) as memory:
        taken = take(memory, ill(marks=make_marks(first, last=EARLIER)), on=EARLIER)
        assert (taken.new, taken.marks_added, taken.corrected) == (["4711"], 2 * 42, {})
        later = make_marks(second, first=date(2026, 11, 5))
        taken = take(memory, ill(marks=later))
        assert (taken.new, taken.gone, taken.back) == ([], [], [])
        ((key, corrections),) = taken.corrected.values()
        assert key == "4711"
        assert [(f"{item.day} {item.session}", item.before, item.after) for item in corrections] == [
            ("2026-11-05 AM", "N", "I"),
            ("2026-11-06 PM", "I", "\\"),
        ]
        assert marks_of(memory) == {"2026-10-05 AM": "N", "2026-11-05 AM": "I", "2026-11-12 AM": "O"}
        assert [item.before for item, _ in history(memory).corrections] == ["N", "I"]


def test_the_same_export_again_changes_nothing(url, tmp_path) -> None:
    pupil = ill(history=[{"on": "2026-10-12", "event": "parent_contact", "note": "rang"}])
    with memory_of(tmp_path, url) as memory:
        take(memory, pupil)
        before = due(memory)
        taken = take(memory, pupil)
        assert (taken.new, taken.marks_added, taken.corrected, taken.events_added) == ([], 0, {}, 0)
        assert due(memory) == before


def test_a_day_that_has_lost_its_mark_loses_it_here(tmp_path) -> None:
    other = make_values(pupil_reference="4712", marks=make_marks([]))
    with memory_of(tmp_path) as memory:
        take(memory, ill(marks=make_marks([("2026-11-20 PM", "O")])), other)
        taken = take(memory, ill(marks=make_marks([])[:-1]), other)
        ((_, corrections),) = taken.corrected.values()
        assert [(item.before, item.after) for item in corrections] == [("O", "")]


def test_an_export_of_an_earlier_day_only_fills_what_is_missing(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(first_name="Robin", marks=make_marks([("2026-11-05 AM", "I")], first=date(2026, 11, 2))))
        old = make_marks([("2026-10-05 AM", "N"), ("2026-11-05 AM", "N")], last=EARLIER)
        taken = take(memory, ill(first_name="Robbin", marks=old), on=EARLIER)
        assert taken.corrected == {}
        assert marks_of(memory) == {"2026-10-05 AM": "N", "2026-11-05 AM": "I"}
        here = open_school(memory)
        about = remember(memory, today(memory), number_of(memory, here, "4711"))
        assert about.stored.record.first_name == "Robin"
        assert about.stored.given_on == ON


def test_who_is_missing_from_an_export_of_their_year_is_gone_until_they_are_back(url, tmp_path) -> None:
    people = [ill(pupil_reference=str(n), upn=None, year_group=year) for n, year in ((1, "7"), (2, "7"), (3, "8"))]
    with memory_of(tmp_path, url) as memory:
        take(memory, *people)
        assert due(memory).keys() == {"1", "2", "3"}
        taken = take(memory, people[0])
        assert [pupil.reference for pupil in taken.gone] == ["2"]
        assert due(memory).keys() == {"1", "3"}
        assert issue(memory, "1").kept
        taken = take(memory, *people)
        assert taken.back == ["2"]
        assert due(memory).keys() == {"1", "2", "3"}


def test_a_row_that_cannot_be_used_keeps_what_is_known_of_its_pupil(tmp_path) -> None:
    people = [ill(pupil_reference=str(n), year_group="7") for n in (1, 2)]
    with memory_of(tmp_path) as memory:
        take(memory, *people)
        taken = take(memory, people[0], {**people[1], "date_of_birth": "no day"})
        assert [row.key for row in taken.refused] == ["2"]
        assert taken.gone == []
        assert due(memory).keys() == {"1", "2"}


def test_without_marks_in_an_export_the_marks_from_before_are_kept(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        taken = take(memory, make_values())
        assert taken.without_marks == 1
        assert due(memory)["4711"].letter == "letter_1"


def test_a_summary_counts_where_it_reaches_further_than_the_marks(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill(marks=make_marks([], last=EARLIER)), on=EARLIER)
        take(memory, make_values(**SUMMARY, period_start="2026-09-03", period_end="2026-11-20"))
        assert due(memory)["4711"].figures["sessions_possible"] == SUMMARY["sessions_possible"]
        take(memory, ill())
        assert due(memory)["4711"].figures["sessions_unauthorised"] == len(TWENTY_ABSENCES)


def test_a_pupil_who_gets_a_upn_stays_the_same_pupil(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        issue(memory)
        taken = take(memory, ill(upn="K999333619087"))
        assert taken.new == []
        assert history(memory, "k999333619087").events == history(memory, "4711").events
        assert due(memory)["K999333619087"].outcome == "monitor"


def test_a_upn_of_one_pupil_with_the_reference_of_another_is_refused(tmp_path) -> None:
    first, second = ill(upn="K999333619087"), ill(pupil_reference="4712", upn="H999333619088")
    with memory_of(tmp_path) as memory:
        take(memory, first, second)
        taken = take(memory, {**first, "pupil_reference": "4712"}, second)
        assert "belongs to one pupil we know" in taken.refused[0].problems[0].detail
        assert taken.pupils == 1


@pytest.mark.parametrize(
    ("later", "is_refused"),
    [
        ({"first_name": "Otis", "last_name": "Cole", "date_of_birth": "2012-02-02"}, True),
        ({"first_name": "Otis", "last_name": "Cole", "date_of_birth": ""}, True),
        ({"first_name": "Otis", "last_name": "Cole"}, False),
        ({"last_name": "Cole", "date_of_birth": "2012-02-02"}, False),
    ],
)
def test_a_upn_that_was_another_childs_is_refused_and_keeps_what_is_known(url, tmp_path, later, is_refused) -> None:
    known = {"first_name": "Nia", "last_name": "Birch", "date_of_birth": "2013-05-01"}
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(**known))
        values = {word: text for word, text in {**known, **later}.items() if text}
        taken = take(memory, ill(**values, marks=make_marks([("2026-11-12 AM", "G")])))
        said = [problem.detail for row in taken.refused for problem in row.problems]
        assert ["that of a child with another name" in detail for detail in said] == [True] * is_refused
        assert taken.gone == []
        assert ("G" in marks_of(memory).values()) is not is_refused


@pytest.mark.parametrize(
    ("warning", "word"), [({"court_order": True}, "court_order"), ({"receives_post": False}, "receives_post")]
)
def test_a_warning_about_a_contact_stays_until_an_export_says_otherwise(url, tmp_path, warning, word) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(contacts=[contact(**warning)]))
        silent = contact(address_line_1="9 Beck Lane")
        silent.pop(word, None)
        take(memory, ill(contacts=[silent]))
        assert issue(memory).kept == ()
        take(memory, ill(contacts=[contact(**{word: not warning[word]})]))
        assert [kept.letter.recipient.name for kept in issue(memory).kept] == ["Ms Jo Ash"]


@pytest.mark.parametrize(
    ("held", "over"),
    [
        ({"letters_held": "Yes"}, {"letters_held": "No"}),
        ({"do_not_write_until": "2026-12-24"}, {"do_not_write_until": "2026-11-01"}),
    ],
)
def test_letters_that_are_held_stay_so_until_an_export_says_otherwise(url, tmp_path, held, over) -> None:
    with memory_of(tmp_path, url) as memory:
        for given, people in ((held, []), ({}, []), (over, ["Ms Jo Ash"])):
            take(memory, ill(**given))
            assert [kept.letter.recipient.name for kept in issue(memory).kept] == people


def test_contacts_keep_who_they_are_when_their_order_changes(url, tmp_path) -> None:
    """The second contact, listed first later, is not written to again on the same occasion."""
    second = contact(title="Mr", first_name="Sam", address_line_1="7 Sluice Road")
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(contacts=[CONTACT, second]))
        here = open_school(memory)
        number = number_of(memory, here, "4711")
        before = remember(memory, today(memory), number).stored.persons
        take(memory, ill(contacts=[second, CONTACT]))
        after = remember(memory, today(memory), number)
        assert after.stored.persons == before[::-1]
        assert [person.first_name for person in after.pupil.record.contacts] == ["Sam", "Jo"]


def test_who_is_no_longer_a_contact_is_not_written_to(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill(contacts=[CONTACT, contact(first_name="Sam", address_line_1="7 Sluice Road")]))
        take(memory, ill())
        assert [kept.letter.recipient.name for kept in issue(memory).kept] == ["Ms Jo Ash"]


LETTER_ON_THAT_DAY = {"on": f"{ON}", "event": "letter_1", "by": "typed by hand"}


def test_a_letter_issued_here_outranks_one_of_the_same_day_in_an_export(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        issue(memory)
        taken = take(memory, ill(history=[LETTER_ON_THAT_DAY]))
        assert taken.events_added == 0
        assert [event.source for event in history(memory).events] == ["issued"]


def test_what_was_taken_back_does_not_come_back_with_an_export(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill(history=[LETTER_ON_THAT_DAY]))
        take_back(memory, open_school(memory), "1", "it was never sent")
        taken = take(memory, ill(history=[LETTER_ON_THAT_DAY]))
        assert taken.events_added == 0
        assert due(memory)["4711"].letter == "letter_1"


def test_an_export_completes_what_is_known_of_an_event(tmp_path) -> None:
    meeting = {"on": "2026-11-10", "event": "pastoral_meeting"}
    with memory_of(tmp_path) as memory:
        take(memory, ill(history=[meeting]))
        take(memory, ill(history=[{**meeting, "outcome": "attended", "note": "agreed a plan"}]))
        (event,) = history(memory).events
        assert (event.event.outcome, event.event.note) == ("attended", "agreed a plan")


def test_corrected_marks_show_which_letters_would_no_longer_be_due(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        (kept,) = issue(memory).kept
        here = open_school(memory)
        taken = take(memory, ill(marks=make_marks([])), on=date(2026, 11, 23))
        (stale,) = find_no_longer_due(memory, here, list(taken.corrected), date(2026, 11, 23))
        assert (stale.letter.reference, stale.now) == (kept.letter.reference, "")
        assert len(stale.letter.label) > 3


def test_a_correction_that_changes_no_letter_is_no_reason_to_take_one_back(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        issue(memory)
        marks = [(session, "I" if session == "2026-10-08 AM" else code) for session, code in TWENTY_ABSENCES]
        taken = take(memory, ill(marks=make_marks(marks)))
        assert len(taken.corrected) == 1
        assert find_no_longer_due(memory, open_school(memory), list(taken.corrected), ON) == []


def test_the_calendar_of_a_new_year_is_added_to_that_of_the_old_one(tmp_path) -> None:
    next_year = SchoolCalendar((CalendarEntry(date(2027, 9, 3), date(2027, 12, 17), True, "Autumn term"),))
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        take(memory, make_values(), on=date(2027, 9, 10), calendar=next_year)
        assert open_school(memory).calendar.entries == (*CALENDAR.entries, *next_year.entries)


def test_last_years_marks_are_kept_for_windows_that_reach_back(tmp_path) -> None:
    summer = [{"date": "2026-07-13", "session": "AM", "code": "O"}]
    with memory_of(tmp_path) as memory:
        take(memory, make_values(marks=summer), on=date(2026, 7, 13), calendar=type(CALENDAR)())
        take(memory, ill())
        assert marks_of(memory)["2026-07-13 AM"] == "O"


@pytest.mark.parametrize("on", [date(2026, 9, 30), date(2026, 11, 6)])
def test_marks_after_the_day_that_is_asked_for_do_not_count(on, tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        assert all(day[:10] <= f"{on}" for day in marks_of(memory, on=on))
