"""An invented school: pupils, contacts, marks, history, judgements, calendar and school.toml.

Every person is invented. The same seed gives the same school; memory stays flat however many pupils there are.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from service.attendance.calendar import CalendarEntry, SchoolCalendar, school_year_of
from service.attendance.upn import check_letter
from service.file_access import make_private_folder, open_private, write_private
from service.sample.sample_school import SAMPLE_SENDERS, SAMPLE_WORDS

ON = date(2026, 11, 20)
CALENDAR = (
    CalendarEntry(date(2026, 9, 3), date(2026, 12, 18), True, "Autumn term"),
    CalendarEntry(date(2026, 10, 26), date(2026, 10, 30), False, "Half term"),
    CalendarEntry(date(2027, 1, 5), date(2027, 3, 25), True, "Spring term"),
    CalendarEntry(date(2027, 2, 15), date(2027, 2, 19), False, "Half term"),
    CalendarEntry(date(2027, 4, 12), date(2027, 7, 20), True, "Summer term"),
    CalendarEntry(date(2027, 5, 3), date(2027, 5, 3), False, "Bank holiday"),
    CalendarEntry(date(2027, 5, 31), date(2027, 6, 4), False, "Half term"),
)
FORENAMES = (
    "Abigail Adeel Agata Aled Amara Anwen Ayesha Bilal Bronwen Cai Callum Daria Dewi Efe Eira Emily Ewa Fatima Gwilym "
    "Hana Harvey Imogen Ioan Ismail Jasmine Joshua Kofi Leila Llŷr Luca Małgorzata Mei Milo Nadia Nia Oskar Otis "
    "Petra Rashid Rhodri Safa Seán Sofie Suri Tomos Uche Violet Wiktor Yusuf Zara Zoë"
).split()
MEN = frozenset(
    (
        "Adeel Aled Bilal Cai Callum Dewi Efe Gwilym Harvey Ioan Ismail Joshua Kofi Llŷr Luca Milo Oskar Otis Rashid "
        "Rhodri Seán Tomos Uche Wiktor Yusuf"
    ).split()
)
"""The forenames that go with "Mr" and "Father"; the others go with "Mrs", "Ms", "Miss" and "Mother"."""
SURNAMES = (
    "Abbott Achebe Ashworth Bashir Bevan Birch Chukwu Cole D’Arcy Dąbrowski Davey Farah Fenwick Ghosh Griffiths Haddad "
    "Hughes Ivanov Jarvis Kamara Kelly Lloyd Malik Mazur Mensah Molloy Morgan Nasser Nguyễn O'Shea Osei Parry Pryce "
    "Qureshi Raza Reid Sahin Sandhu Sharma Smythe-Cole Tân Tanner Varga Vaughan Walsh Wärn Yilmaz Zając"
).split()
STREETS = ("Beck Lane", "Cooper's Yard", "Fell & Brook Street", "Hawthorn Rise", "Long Row", "Sluice Road")
TOWNS = (("Oxley Bridge", "ZE9 9ZZ"), ("Netherford", "ZE8 4QT"), ("Upper Thorley", "ZE7 1LB"))
RELATIONSHIPS = ("Mother", "Father", "Carer", "Grandparent", "Step-parent")


class Habit(NamedTuple):
    """How a pupil attends: how often a spell of absence begins, how long it lasts, with which codes; how often late."""

    share: float
    begins: float
    lasts: float
    codes: str
    late: float


HABITS = (
    Habit(0.60, 0.004, 2, "IIMC", 0.01),
    Habit(0.13, 0.030, 3, "IIIIM", 0.01),
    Habit(0.09, 0.030, 2, "NNIO", 0.03),
    Habit(0.09, 0.060, 4, "OOGI", 0.05),
    Habit(0.05, 0.006, 2, "IO", 0.25),
    Habit(0.04, 0.200, 10, "OOIN", 0.02),
)
CONTACT_COLUMNS = (
    "title first_name last_name relationship parental_responsibility lives_with_pupil receives_post "
    "confidential_address address_line_1 address_line_2 postcode"
).split()
PUPIL_COLUMNS = (
    "upn first_name last_name date_of_birth year_group registration_group child_protection_plan child_in_need "
    "social_worker team_around_family"
).split()
_COLUMNS = {
    "pupils": [*PUPIL_COLUMNS, *(f"contact_{n}_{word}" for n in (1, 2) for word in CONTACT_COLUMNS)],
    "marks": ["upn", "date", "session", "code"],
    "history": ["upn", "on", "event", "outcome", "by", "note"],
    "judgements": ["upn", "word", "answer"],
    "calendar": ["from", "to", "kind", "name"],
    "meetings": ["date", "time", "place", "with"],
}


def calendar_for(on: date) -> tuple[CalendarEntry, ...]:
    """The invented school's calendar of the school year that holds a day."""
    weeks = timedelta(weeks=round((school_year_of(on).year - CALENDAR[0].first.year) * 365.25 / 7))
    return tuple(replace(entry, first=entry.first + weeks, last=entry.last + weeks) for entry in CALENDAR)


def write_sample(folder: Path, pupils: int, seed: int, on: date = ON, has_history: bool = True) -> None:
    """An invented school as the files of a folder, which is made when it is not there."""
    calendar = calendar_for(on)
    make_private_folder(folder)
    with ExitStack() as stack:
        writers = {name: _open(stack, folder / f"{name}.csv", columns) for name, columns in _COLUMNS.items()}
        writers["calendar"].writerows(
            (entry.first, entry.last, "term" if entry.is_term else "closed", entry.name) for entry in calendar
        )
        writers["meetings"].writerows(_meetings(on))
        for pupil in make_pupils(pupils, seed, on):
            writers["pupils"].writerow(_pupil_row(pupil))
            for name in ("marks", "judgements", *(["history"] if has_history else [])):
                writers[name].writerows((pupil["upn"], *row) for row in pupil[name])
    write_school(folder / "school.toml")


def write_school(path: Path) -> None:
    """The invented school's own file."""
    lines = [f'{word} = "{value}"' for word, value in SAMPLE_WORDS.items()]
    lines += ["", "[senders]", *(f'"{role}" = "{name}"' for role, name in SAMPLE_SENDERS.items())]
    write_private(path, "\n".join(['policy = "bradford"', "lessons_per_day = 5", *lines, ""]).encode())


def _open(stack: ExitStack, path: Path, columns: list[str]) -> Any:
    writer = csv.writer(stack.enter_context(open_private(path, "utf-8")))
    writer.writerow(columns)
    return writer


def make_pupils(number: int, seed: int, on: date = ON) -> Iterator[dict[str, Any]]:
    """Invented pupils, one after another, with rows for each file."""
    rng = random.Random(seed)  # noqa: S311  # invented people, not secrets
    school_days = SchoolCalendar(calendar_for(on))
    first = school_days.terms[0].first
    days = [day for day in _days(first, on) if school_days.is_open(day)]
    weights, seen = [habit.share for habit in HABITS], set[str]()
    for _ in range(number):
        upn = _upn(rng, seen)
        habit, year, last = rng.choices(HABITS, weights)[0], rng.randint(7, 11), rng.choice(SURNAMES)
        history = _history(rng, habit, school_days, on)
        yield {
            "upn": upn,
            "first_name": rng.choice(FORENAMES),
            "last_name": last,
            "date_of_birth": date(first.year - year - 5, 9, 1) + timedelta(days=rng.randint(0, 364)),
            "year_group": year,
            "registration_group": f"{year}{rng.choice('ABCDE')}",
            "child_protection_plan": _yes(rng, 0.01),
            "child_in_need": _yes(rng, 0.02),
            "social_worker": _yes(rng, 0.03),
            "team_around_family": _yes(rng, 0.02),
            "contacts": [_contact(rng, last, n) for n in range(1, rng.choice((2, 3)))],
            "marks": list(_marks(rng, habit, days)),
            "history": history,
            "judgements": list(_judgements(rng)) if history else [],
        }


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _upn(rng: random.Random, seen: set[str]) -> str:
    while True:
        rest = f"999{rng.randint(2000, 5999)}{rng.randint(15, 24):02d}{rng.randint(0, 999):03d}"
        upn = check_letter(rest) + rest
        if upn not in seen:
            seen.add(upn)
            return upn


def _marks(rng: random.Random, habit: Habit, days: list[date]) -> Iterator[tuple[date, str, str]]:
    left, code = 0, ""
    for day in days:
        for session, present in (("AM", "/"), ("PM", "\\")):
            if not left and rng.random() < habit.begins:
                left, code = max(1, round(rng.expovariate(1 / habit.lasts))), rng.choice(habit.codes)
            if left:
                left -= 1
                yield day, session, code
            else:
                yield day, session, rng.choice("LLU") if session == "AM" and rng.random() < habit.late else present


def _history(rng: random.Random, habit: Habit, days: SchoolCalendar, on: date) -> list[tuple[date, str, str, str, str]]:
    if habit.share > 0.5 or rng.random() < 0.4:
        return []
    day, events = days.terms[0].first + timedelta(days=rng.randint(12, 26)), []
    for event in ("letter_1", "letter_2", "letter_3")[: rng.randint(1, 3)]:
        sent = days.school_day_after(day - timedelta(days=1), 1)
        if sent < on:
            events.append((sent, event, "", "JM", ""))
        day += timedelta(days=rng.randint(15, 24))
    return events


def _judgements(rng: random.Random) -> Iterator[tuple[str, str]]:
    for word in ("parent_engaged", "medical_evidence_received", "reason_given"):
        if rng.random() < 0.6:
            yield word, _yes(rng, 0.5)


def _contact(rng: random.Random, last: str, number: int) -> dict[str, str]:
    town, postcode = rng.choice(TOWNS)
    first, title = number == 1, rng.choice(("Mr", "Mrs", "Ms", "Miss", ""))
    forename = _suit(rng.choice(FORENAMES), title)
    return {
        "title": title,
        "first_name": forename,
        "last_name": last if first else rng.choice(SURNAMES),
        "relationship": _relate(rng.choice(RELATIONSHIPS), forename),
        "parental_responsibility": "yes" if first else _yes(rng, 0.7),
        "lives_with_pupil": "yes" if first else _yes(rng, 0.4),
        "receives_post": _yes(rng, 0.98),
        "confidential_address": _yes(rng, 0.02),
        "address_line_1": f"{rng.randint(1, 180)} {rng.choice(STREETS)}",
        "address_line_2": town,
        "postcode": postcode,
    }


def _suit(forename: str, title: str) -> str:
    """A forename that goes with the title: this one, or another in its place."""
    suiting = [name for name in FORENAMES if (name in MEN) == (title == "Mr")]
    return forename if not title or forename in suiting else suiting[FORENAMES.index(forename) % len(suiting)]


def _relate(relationship: str, forename: str) -> str:
    """A relationship that goes with the forename."""
    parents = ("Mother", "Father")
    return parents[forename in MEN] if relationship in parents else relationship


def _yes(rng: random.Random, chance: float) -> str:
    return "yes" if rng.random() < chance else "no"


def _pupil_row(pupil: dict[str, Any]) -> list[Any]:
    people = [*pupil["contacts"], {}, {}][:2]
    return [pupil[word] for word in PUPIL_COLUMNS] + [
        person.get(word, "") for person in people for word in CONTACT_COLUMNS
    ]


def _meetings(on: date) -> Iterator[tuple[date, str, str, str]]:
    school_days = SchoolCalendar(calendar_for(on))
    for number in range(10, 20):
        day = on + timedelta(days=number)
        if school_days.is_open(day):
            for time in ("9:00", "9:30", "10:00", "14:00", "14:30", "15:30"):
                yield day, time, "Room 4", "Mr J Marlowe"
