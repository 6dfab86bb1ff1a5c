"""Whatever is taken away from what is known, no letter says what the whole record contradicts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.attendance.age import is_of_compulsory_school_age
from service.attendance.calendar import SchoolCalendar
from service.attendance.record import AttendanceRecord
from service.attendance.words import EVENTS
from service.decisions.facts import Facts
from service.decisions.windows.window import SCHOOL_YEAR, Window, read_window
from service.desk import Desk
from service.issue import issue_letters
from service.letters.on_record import SUPPORT
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.invented import CALENDAR, MEETING, ON, contact, make_marks, make_record

DESK = Desk(read_settings({}))
DAYS = [
    day for n in range((ON - date(2026, 9, 3)).days + 1) if CALENDAR.is_open(day := date(2026, 9, 3) + timedelta(n))
]
BEFORE_CHRISTMAS = date(2026, 12, 11)  # what is answered or looked at again two or three weeks later is in the holidays
DATE = re.compile(r"\b(\d{1,2} [A-Z][a-z]{2,8} 20\d\d)\b")
LAW = re.compile(r"penalty notice|\bcourt\b|the law says|by law|£", re.IGNORECASE)
WINDOWS = ("school year", "last 10 weeks", "last 12 weeks", "last 10 school weeks")
FACTS = ("medical_evidence_received", "reason_given", "reason_satisfactory", "parent_engaged", "support_offered")
HAPPENED = sorted(EVENTS.keys() - {"medical_evidence", "explanation_given"})  # those are answered as facts
FLAGS = ("child_protection_plan", "child_in_need", "social_worker", "team_around_family")
KEPT = {"penalty_notice": "1", "penalty_notice_withdrawn": "1"}  # only with the name of a parent


@st.composite
def whole_records(draw: st.DrawFn) -> dict[str, Any]:
    """Everything about a pupil, as the office would give it."""
    missed = draw(st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from("IIMOONUGC")), max_size=14))
    absences = [
        (f"{day} {half}", code) for day, code in missed for half in draw(st.sampled_from(("AM", "AM PM"))).split()
    ]
    events = st.tuples(st.sampled_from(DAYS[5:-1]), st.sampled_from(HAPPENED), st.sampled_from(("", "1", "2")))
    history = [
        {"on": f"{day}", "event": event, "recipient": recipient or KEPT.get(event, "")}
        | ({"outcome": draw(st.sampled_from(("attended", "did_not_attend")))} if event.endswith("_meeting") else {})
        for day, event, recipient in draw(st.lists(events, min_size=1, max_size=8))
    ]
    return {
        "date_of_birth": draw(st.sampled_from(("2013-05-02", "2009-01-10", "2022-11-01"))),
        "contacts": [contact(), contact(title="Mr", first_name="Sam", postcode="ZE7 1LB")],
        "marks": make_marks(absences),
        "history": sorted(history, key=lambda event: event["on"]),
        **{word: draw(st.booleans()) for word in FACTS},
        **dict.fromkeys(FLAGS, draw(st.booleans())),
        **MEETING,
        "meeting_date": "2026-12-15",
    }


def as_summary(marks: list[dict[str, str]], dated: bool) -> dict[str, Any]:
    """The same marks as an MIS sums them up, with or without the days it counted over."""
    codes = "".join(mark["code"] for mark in marks)
    counts = {"attended": "/\\", "authorised": "IMC", "unauthorised": "OUGN", "illness": "I", "medical": "M"}
    figures = {f"sessions_{word}": sum(map(codes.count, which)) for word, which in counts.items()}
    days = {"period_start": marks[0]["date"], "period_end": marks[-1]["date"]} if dated else {}
    return {"sessions_possible": len(codes), **figures, **days}


@st.composite
def parts_of(draw: st.DrawFn, whole: dict[str, Any]) -> dict[str, Any]:
    """The same pupil with some of it not known."""
    kept = {word: value for word, value in whole.items() if word == "contacts" or draw(st.integers(0, 3))}
    if "marks" in kept and draw(st.booleans()):
        kept |= as_summary(kept.pop("marks"), dated=draw(st.booleans()))
    return kept


def figures(full: Facts) -> set[str]:
    """Every attendance that the whole record has, over each window, to the whole per cent below."""
    windows = [read_window(name, ()) for name in WINDOWS]
    found = [full.figure("attendance_percentage", window).figure for window in windows if isinstance(window, Window)]
    return {str(int(figure.value)) for figure in found if figure}


def untrue_days(text: str, full: Facts) -> list[str]:
    """The days in a letter that are no school days, or on which nothing is on record; and meetings that were not."""
    on, history = full.on, full.record.history
    named = {f"{day.day} {day:%B %Y}": day for n in range(-90, 200) if (day := ON + timedelta(n))}
    past = {on, *DAYS, *(event.on for event in history)}
    found = []
    for said in DATE.findall(text):
        day = named[said]
        if not (CALENDAR.is_open(day) if day > on else day in past):
            found.append(f"a day: {said}")
    met = {f"{e.on.day} {e.on:%B %Y}" for e in history if e.event.endswith("_meeting")}
    spoken = re.findall(
        r"(?:We met on|When we met on|meeting on) (\d+ \w+ \d+), (?:to talk|we talked|and we|which)", text
    )
    return [*found, *(f"a meeting: {day}" for day in spoken if day not in met)]


def untrue_grounds(text: str, full: Facts) -> list[str]:
    """What a letter says of why it is written that the whole record contradicts."""
    found, counted = [], full.figure("absence_spells", SCHOOL_YEAR).figure
    spells = re.search(r"Separate absences\s+(\d+)", text)
    if spells and counted and int(spells[1]) != counted.part:
        found.append(spells[0])
    register = full.record.register
    assert register is not None
    if "illness or appointments have kept" in text:
        missed = [mark.code for mark in register.marks_between(DAYS[0], full.on) if mark.code in "IMCOUGN"]
        found += [] if missed and set(missed) <= {"I", "M"} else ["only illness"]
    level = full.terms.expected_level
    if re.search(r"(?:still|is) below the level that we expect", text):
        found += [] if any(int(figure) < level for figure in figures(full)) else ["below the level"]
    return found


def untrue(text: str, full: Facts, record: AttendanceRecord) -> list[str]:
    """What a letter says that the whole record contradicts."""
    found, history = untrue_days(text, full), full.record.history
    register = full.record.register
    assert register is not None
    unauthorised = any(mark.code in "OUGN" for mark in register.marks_between(DAYS[0], full.on))
    born = full.record.date_of_birth
    if LAW.search(text) and not (unauthorised and born and is_of_compulsory_school_age(born, full.on)):
        found.append("the law")
    level = full.terms.expected_level
    shown = re.search(r"Attendance(?: from [^|]*?)?\s+(\d+)(?:\.\d+)?%|attendance was (\d+)(?:\.\d+)?%", text)
    if shown and (shown[1] or shown[2]) not in figures(full):
        found.append(f"a figure: {shown[0]}")
    if shown and "not below the level" in text and int(shown[1] or shown[2]) < level:
        found.append("not below the level")
    found += untrue_grounds(text, full)
    if "Thank you for the" in text and "evidence" in text and full.answer("medical_evidence_received") is not True:
        found.append("evidence")
    if "could not accept the reason" in text and full.record.facts["reason_satisfactory"]:
        found.append("a reason that was not accepted")
    if "not yet heard the reason" in text and full.record.facts["reason_given"]:
        found.append("no reason given")
    steps = {f"{SUPPORT[e.event]}, {e.on.day} {e.on:%B %Y}" for e in history if e.event in SUPPORT}
    listed = re.findall(rf"(?:{'|'.join(SUPPORT.values())}), \d+ \w+ \d+", text)
    found += [f"support: {step}" for step in listed if step not in steps]
    noticed = {event.recipient for event in history if event.event == "penalty_notice"}
    taken_back = any(event.event == "penalty_notice_withdrawn" for event in history)
    if "show no penalty notice to you" in text and noticed == {"1", "2"} and not taken_back:
        found.append("no penalty notice")
    for label in ("School Letter", "Enforcement Letter", "Warning Letter", "Letter MED"):
        found += [f"a name: {label}"] if label in text else []
    return found


@pytest.mark.parametrize("policy", ["academy", "bradford", "primary", "stockport"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_letter_says_what_the_whole_record_contradicts(policy: str, data: st.DataObject) -> None:
    whole = data.draw(whole_records())
    part = make_record(**{"date_of_birth": None} | data.draw(parts_of(whole)))
    calendar = data.draw(st.sampled_from((CALENDAR, SchoolCalendar())))
    known = DESK.policy(policy)
    on = data.draw(st.sampled_from((ON, BEFORE_CHRISTMAS)))
    full = Facts(make_record(**whole), on, CALENDAR, known.in_force(on).terms)
    for letter in sorted({rule.letter for rule in known.rules if rule.letter}):
        issue = issue_letters(DESK, Pupil(part, SAMPLE_SCHOOL, known, on, calendar), letter)
        for made in issue.letters:
            text = " ".join(made.text.split())
            assert untrue(text, full, part) == [], (letter, text)


LETTERS = [(name, letter) for name in DESK.policies for letter in sorted({r.letter for r in DESK.policy(name).rules})]
EARLIER = (
    *("parent_contact", "letter_1", "letter_2", "letter_3"),
    *("enforcement_letter_1", "enforcement_letter_2", "warning_letter_1"),
)
RICH: dict[str, Any] = {
    "contacts": [contact()],
    "date_of_birth": "2013-05-02",
    "marks": make_marks([(f"{day} AM", code) for day, code in zip(DAYS[-20:], "OOIOOUMOOGOOINOOOUIN", strict=True)]),
    "history": [
        *({"on": f"{DAYS[5]}", "event": event} for event in EARLIER),
        {"on": f"{DAYS[8]}", "event": "support_action"},
        {"on": f"{DAYS[9]}", "event": "attendance_support_meeting", "outcome": "refused"},
        {"on": f"{DAYS[10]}", "event": "pastoral_meeting", "outcome": "attended"},
        {"on": f"{DAYS[12]}", "event": "attendance_panel_meeting", "outcome": "did_not_attend"},
        {"on": f"{DAYS[14]}", "event": "penalty_notice", "recipient": "1"},
    ],
    **dict.fromkeys(FACTS, False),
    **dict.fromkeys(FLAGS, False),
    **MEETING,
}
"""A pupil of whom enough is known for every letter of every policy."""


def all_parts(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The whole, the same with each thing taken away, and with a report in place of the marks."""
    yield whole
    for word in whole.keys() - {"contacts", *FACTS, *FLAGS}:
        yield {known: value for known, value in whole.items() if known != word}
    others = {word: value for word, value in whole.items() if word != "marks"}
    for dated in (True, False):
        yield others | as_summary(whole["marks"], dated)
    yield {word: value for word, value in whole.items() if word not in FACTS}
    for number in range(len(whole["history"])):
        yield whole | {"history": [event for place, event in enumerate(whole["history"]) if place != number]}


@pytest.mark.parametrize(("policy", "letter"), [pair for pair in LETTERS if pair[1]])
def test_each_letter_is_made_from_a_rich_record_and_says_nothing_untrue_of_its_parts(policy: str, letter: str) -> None:
    known = DESK.policy(policy)
    full = Facts(make_record(**RICH), ON, CALENDAR, known.in_force(ON).terms)
    made = [
        issue_letters(DESK, Pupil(record, SAMPLE_SCHOOL, known, ON, CALENDAR), letter).letters
        for part in all_parts(RICH)
        if (record := make_record(**{"date_of_birth": None} | part))
    ]
    assert made[0], issue_letters(DESK, Pupil(full.record, SAMPLE_SCHOOL, known, ON, CALENDAR), letter).problems
    for written in itertools.chain.from_iterable(made):
        text = " ".join(written.text.split())
        assert untrue(text, full, full.record) == [], text


@pytest.mark.parametrize(
    "figures", [{}, {"sessions_possible_last_10_weeks": 90, "sessions_attended_last_10_weeks": 90}]
)
def test_a_message_names_the_days_of_its_weeks_only_where_a_report_counted_over_them(figures: dict[str, int]) -> None:
    record = make_record(**as_summary(make_marks(()), dated=False), **figures)
    pupil = Pupil(record, SAMPLE_SCHOOL, DESK.policy("primary"), ON, CALENDAR)
    (message,) = issue_letters(DESK, pupil, "attendance_message").letters[:1]
    assert ("12 September 2026" in message.text) == bool(figures)


SPARSE = {
    **RICH,
    "history": [{"on": f"{DAYS[5]}", "event": "parent_contact"}],
}
"""The same pupil before any letter."""


@pytest.mark.parametrize("codes", ["II", "IO", "NO"])
@pytest.mark.parametrize(("policy", "letter"), [pair for pair in LETTERS if pair[1]])
def test_no_letter_says_more_of_a_few_sessions_than_is_so(policy: str, letter: str, codes: str) -> None:
    days = [DAYS[-30], DAYS[-20]]
    whole = SPARSE | {"marks": make_marks([(f"{day} AM", code) for day, code in zip(days, codes, strict=True)])}
    known = DESK.policy(policy)
    full = Facts(make_record(**whole), ON, CALENDAR, known.in_force(ON).terms)
    for part in all_parts(whole):
        record = make_record(**{"date_of_birth": None} | part)
        for made in issue_letters(DESK, Pupil(record, SAMPLE_SCHOOL, known, ON, CALENDAR), letter).letters:
            text = " ".join(made.text.split())
            assert untrue(text, full, full.record) == [], text


def test_a_check_that_cannot_fail_would_prove_nothing() -> None:
    record = make_record(
        marks=make_marks([("2026-11-09 AM", "I")]), date_of_birth="2009-01-10", reason_satisfactory=True
    )
    full = Facts(record, ON, CALENDAR, DESK.policy("bradford").in_force(ON).terms)
    text = "On 25 December 2026 a penalty notice follows. In all, attendance was 79.8%. We could not accept the reason."
    assert untrue(text, full, replace(record)) == [
        "a day: 25 December 2026",
        "the law",
        "a figure: attendance was 79.8%",
        "a reason that was not accepted",
    ]
