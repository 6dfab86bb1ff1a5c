"""Every figure of a register, held against the slow and obvious way of working it out."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.attendance.codes import ABSENT, ATTENDED, CODES, NOT_COUNTED, UNAUTHORISED
from service.attendance.counting_marks import count_days_with, count_sessions, count_spells_with
from service.attendance.record import AttendanceRecord
from service.attendance.register import build_register
from service.decisions.facts import Facts
from service.decisions.figures import CONTINUING, FIGURES, FROM_MARKS
from service.decisions.reading.policies import load_policies
from service.decisions.terms import Terms
from service.decisions.windows.window import Window
from tests.attendance import slow_figures as slow
from tests.attendance.random_registers import START, marks_lists, register_of
from tests.attendance.slow_figures import Mark

RULES = Path(__file__).parents[2] / "rules"
WINDOWS = st.tuples(st.integers(-10, 120), st.integers(-3, 90)).map(
    lambda pair: (START + timedelta(days=pair[0]), START + timedelta(days=pair[0] + pair[1]))
)
FEWER = settings(max_examples=150, deadline=None)


@pytest.fixture(scope="module")
def terms() -> Terms:
    policy = load_policies(RULES)["bradford"].on(date(2026, 11, 20))
    assert policy is not None
    return policy.terms


def test_the_slow_table_and_the_codes_know_the_same_codes() -> None:
    assert sorted(slow.ALL_CODES) == sorted(CODES)
    assert {code for code in CODES if CODES[code].byte in ATTENDED} == set(slow.ATTENDED)
    assert {code for code in CODES if CODES[code].byte in UNAUTHORISED} == set(slow.UNAUTHORISED)
    assert {code for code in CODES if CODES[code].byte in ABSENT} == {*slow.AUTHORISED, *slow.UNAUTHORISED}
    assert {code for code in CODES if CODES[code].byte in NOT_COUNTED} == set(slow.NOT_POSSIBLE)


def test_every_figure_is_held_against_the_slow_way() -> None:
    in_other_tests = {"weeks_in_session", "broken_weeks_share", "unauthorised_run_days"}
    assert frozenset(slow.SLOW) | in_other_tests == FIGURES
    assert frozenset(FROM_MARKS) | CONTINUING == FIGURES


@FEWER
@given(marks_lists(), WINDOWS)
def test_every_figure_of_a_window_is_what_slow_counting_gives(marks: list[Mark], window: tuple[date, date]) -> None:
    own = slow.between(marks, *window)
    found = register_of(marks).between(*window)
    for word, figure in FROM_MARKS.items():
        shown = figure(found)
        assert (None if shown is None else shown.value) == slow.SLOW[word](own), word


@FEWER
@given(marks_lists(), WINDOWS)
def test_the_marks_of_some_days_come_back_as_they_were_given(marks: list[Mark], window: tuple[date, date]) -> None:
    assert [tuple(mark) for mark in register_of(marks).marks_between(*window)] == slow.between(marks, *window)


@FEWER
@given(marks_lists(), WINDOWS)
def test_weeks_are_counted_as_slow_counting_does(marks: list[Mark], window: tuple[date, date]) -> None:
    own, register = slow.between(marks, *window), register_of(marks)
    assert register.count_broken_weeks(*window) == slow.broken_weeks(own)
    assert register.weeks_with_sessions(*window) == slow.weeks_with_sessions(own)


@FEWER
@given(marks_lists(), st.integers(-5, 120))
def test_the_unauthorised_run_is_what_slow_counting_gives(marks: list[Mark], days: int) -> None:
    on = START + timedelta(days=days)
    assert register_of(marks).unauthorised_run(on) == slow.unauthorised_run(marks, on)


@FEWER
@given(marks_lists(), st.sampled_from(slow.ALL_CODES), st.sampled_from(slow.ALL_CODES))
def test_any_code_is_counted_by_days_and_spells(marks: list[Mark], code: str, other: str) -> None:
    register = register_of(marks)
    first, second = CODES[code].byte, CODES[other].byte
    assert count_days_with(register.marks, first) == slow.days_with(marks, code)
    codes = {code, other} & {*slow.AUTHORISED, *slow.UNAUTHORISED}
    if codes == {code, other}:
        spells = [run for run in slow.spells(marks) if codes & set(run)]
        assert count_spells_with(register.marks, bytes((first, second))) == len(spells)


@FEWER
@given(marks_lists())
def test_the_order_in_which_marks_are_given_does_not_matter(marks: list[Mark]) -> None:
    assert register_of(marks[::-1]) == register_of(marks)


CLOSED = (date(2026, 9, 14), date(2026, 9, 20))
TERM = SchoolCalendar(
    (CalendarEntry(date(2026, 9, 1), date(2026, 12, 18), True), CalendarEntry(*CLOSED, False)),
)
YEAR_SO_FAR = Window("school year")


@FEWER
@given(marks_lists(), st.integers(0, 100))
def test_figures_with_a_calendar_are_what_slow_counting_gives(terms: Terms, marks: list[Mark], days: int) -> None:
    on = START + timedelta(days=days)
    facts = Facts(AttendanceRecord(register=register_of(marks)), on, TERM, terms)
    own = slow.between(marks, date(2026, 9, 1), on)
    run = facts.figure("unauthorised_run_days").figure
    assert run is not None
    assert run.value == len(slow.unauthorised_run(marks, on))
    weeks = weeks_in_session(own, on)
    found = facts.figure("weeks_in_session").figure
    assert found is not None
    assert found.value == weeks
    share = facts.figure("broken_weeks_share").figure
    assert (share and share.value) == (slow.share(slow.broken_weeks(own), weeks) if weeks else None)


def weeks_in_session(own: list[Mark], on: date) -> int:
    """The weeks, from the pupil's first possible session on, in which the school was open or the pupil could attend."""
    possible = slow.weeks_with_sessions(own)
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(109)]
    open_days = [day for day in days if day.weekday() < 5 and not CLOSED[0] <= day <= CLOSED[1]]
    weeks = {slow.monday(day) for day in open_days} | set(possible)
    return len([monday for monday in weeks if possible and possible[0] <= monday <= on])


def test_a_register_needs_a_mark() -> None:
    assert build_register([]) is None


def test_possible_and_absent_are_sums() -> None:
    counts = count_sessions(bytes(CODES[code].byte for code in ("/", "L", "I", "O", "N", "#")))
    assert (counts.attended, counts.authorised, counts.unauthorised) == (2, 1, 2)
    assert (counts.possible, counts.absent) == (5, 3)


def test_no_absence_at_all_has_no_spell_and_no_longest_one() -> None:
    for word in ("absence_spells", "longest_absence", "illness_or_medical_share", "lateness_share"):
        figure = FROM_MARKS[word](b"")
        assert figure is not None
        assert figure.value == Fraction(0)
