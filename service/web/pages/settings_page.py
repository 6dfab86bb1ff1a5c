"""Settings: the school's words and logo, its choices, and its calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, make_response, request

from service.attendance.calendar import CalendarEntry
from service.attendance.reading.value_kinds import read_day
from service.attendance.school import SCHOOL_CHOICES, SCHOOL_NUMBERS, SCHOOL_WORDS, School
from service.errors import AttendanceLettersError, Problem, SettingsError
from service.memory.people.roles import ADMINISTRATORS, EVERYBODY
from service.memory.school_files import keep_days, keep_settings
from service.one_file import as_one_pdf
from service.web.filled_examples import fill_example
from service.web.shared.setting_up import steps_left
from service.web.shared.site import Here, go, here, show, site
from service.web.shared.visitor import allowed
from service.word.document import PDF

MORE_ROWS = 4
MOST_ROWS = 60
GROUPS = (
    ("The school", tuple(word for word in SCHOOL_WORDS if word.startswith("school_"))),
    ("Who signs", ("headteacher_name", "sender_name", "sender_role")),
    ("The council", tuple(word for word in SCHOOL_WORDS if word.startswith("local_authority_"))),
)
"""The school's words, as the page groups them; the logo is a file of its own."""


@site.get("/settings")
@allowed(EVERYBODY)
def settings() -> Response:
    """The school's words and choices."""
    return _show(values_of(here().school.school))


@site.post("/settings")
@allowed(ADMINISTRATORS)
def settings_now() -> Response:
    """Keep the school's words and choices."""
    place = here()
    given = _read_form(place.school.school)
    file = request.files.get("logo")
    logo = (file.filename, file.read()) if file and file.filename else None
    try:
        if faults := list(_find_faults()):
            raise SettingsError(faults)
        keep_settings(place.memory, place.school, given, logo)
    except AttendanceLettersError as error:
        return _show({**given, **request.form.to_dict()}, 422, *error.problems)
    return go("settings", "settings")


@site.get("/settings/letter.pdf")
@allowed(EVERYBODY)
def settings_letter() -> Response:
    """A letter about nobody, with the school's words and logo as they are kept."""
    place = here()
    desk, school = place.memory.desk, place.school.school
    opened = desk.catalogue.open(_letter_to_show(place), place.policy.name, school)
    letter = fill_example(desk, opened, {word: school.word(word) for word in SCHOOL_WORDS})
    answer = make_response(as_one_pdf([letter], desk.press, True).content)
    answer.headers["Content-Type"] = PDF
    answer.headers["Content-Disposition"] = 'inline; filename="example.pdf"'
    return answer


def _letter_to_show(place: Here) -> str:
    """The first letter on paper that the policy has, in the order of their names."""
    rules = place.policy.in_force(place.day).rules
    named = sorted({item.rule.letter for item in rules if item.rule.letter and "message" not in item.rule.letter})
    return "letter_1" if "letter_1" in named else named[0]


@site.get("/settings/calendar")
@allowed(EVERYBODY)
def calendar() -> Response:
    """The school's terms and closed days."""
    rows = [_row_of(entry) for entry in here().school.calendar.entries]
    return show("calendar", rows=[*rows, *[_row_of(None)] * MORE_ROWS], left=steps_left(here()))


@site.post("/settings/calendar")
@allowed(ADMINISTRATORS)
def calendar_now() -> Response:
    """Keep the terms and closed days."""
    place, rows = here(), list[dict[str, str]]()
    entries, problems = list[CalendarEntry](), list[Problem]()
    columns = [request.form.getlist(word)[:MOST_ROWS] for word in ("first", "last", "kind", "name")]
    for number, (first, last, kind, name) in enumerate(zip(*columns, strict=False), 1):
        rows.append({"first": first, "last": last, "kind": kind, "name": name})
        if first.strip() or last.strip():
            entry = _read_entry(number, first, last, kind, name, problems)
            entries += [entry] if entry else []
    if problems:
        return show("calendar", 422, problems, rows=rows, left=())
    keep_days(place.memory, place.school, entries)
    return go("calendar", "calendar")


def values_of(school: School) -> dict[str, Any]:
    """A school's words and choices by name."""
    return {**school.words, **{word: getattr(school, word) for word in SCHOOL_CHOICES}}


def _read_form(school: School) -> dict[str, Any]:
    """The settings as a school.toml would have them; what the page does not ask stays as it is."""
    given: dict[str, Any] = {"senders": dict(school.senders)} if school.senders else {}
    given |= {"headings": {word: list(names) for word, names in school.headings.items()}} if school.headings else {}
    given |= {"keep": dict(school.keep)} if school.keep else {}
    given |= {"needs_approval": list(school.needs_approval)} if school.needs_approval is not None else {}
    if school.word("logo"):
        given["logo"] = school.word("logo")
    for _, words in GROUPS:
        given |= {word: text for word in words if (text := request.form.get(word, "").strip())}
    for word in ("policy", "print_profile", "without_contacts"):
        given |= {word: request.form.get(word, "")} if request.form.get(word) else {}
    for word in SCHOOL_NUMBERS:
        text = request.form.get(word, "").strip()
        given |= {word: int(text)} if text.isdecimal() and len(text) < 6 else {}
    for word in ("shared_households", "ask_for_evidence"):
        given[word] = request.form.get(word) == "yes"
    return given


def _find_faults() -> Iterator[Problem]:
    for word, (_, sentence) in SCHOOL_NUMBERS.items():
        text = request.form.get(word, "").strip()
        if text and not text.isdecimal():
            yield Problem("wrong-setting", sentence, column=word)


def _show(values: dict[str, Any], status: int = 200, *problems: Problem) -> Response:
    policies = [(name, policy.title) for name, policy in sorted(here().memory.desk.policies.items())]
    words = {"values": values, "groups": GROUPS, "policies": [("", "Choose"), *policies]}
    return show("settings", status, problems, left=() if problems else steps_left(here()), **words)


def _row_of(entry: CalendarEntry | None) -> dict[str, str]:
    if entry is None:
        return {"first": "", "last": "", "kind": "term", "name": ""}
    days = {"first": f"{entry.first:%d/%m/%Y}", "last": f"{entry.last:%d/%m/%Y}"}
    return {**days, "kind": "term" if entry.is_term else "closed", "name": entry.name}


def _read_entry(
    number: int, first: str, last: str, kind: str, name: str, problems: list[Problem]
) -> CalendarEntry | None:
    begins = read_day(first.strip(), british=True)
    ends = read_day(last.strip() or first.strip(), british=True)
    for text, day, field in ((first, begins, "first"), (last, ends, "last")):
        if day is None and (text.strip() or field == "first"):
            sentence = f"Row {number}: enter the {field} day as 20/11/2026, not {text[:20]!r}."
            problems.append(Problem("not-a-day", sentence, column=f"{field}-{number}"))
    if begins and ends and begins > ends:
        sentence = f"Row {number}: the last day is before the first."
        problems.append(Problem("wrong-order", sentence, column=f"last-{number}"))
    return CalendarEntry(begins, ends, kind == "term", name.strip()[:100]) if begins and ends else None
