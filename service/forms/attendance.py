"""What forms say of attendance: figures, weeks of marks, the absence that is reported, the window of a notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from service.attendance.codes import CODES, Kind, bytes_of
from service.decisions.windows.window import SCHOOL_YEAR, Span, Window
from service.decisions.wording import round_percentage
from service.forms.facts import FormFacts, Value, say_date, say_number
from service.forms.register_weeks import illness_days

LAST_10_SCHOOL_WEEKS = Window("last", 10, "school weeks")
"""The window that a word of the forms has in its name, whatever the rules count over."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def figures_period(form: FormFacts) -> tuple[date | None, date | None]:
    """The first and last day that the year's figures cover: of the marks, or as the summary says."""
    span, register, summary = form.facts.spans.of(SCHOOL_YEAR), form.record.register, form.record.summary
    if register and span:
        days = [mark.day for mark in register.marks_between(span.first, span.last)]
        return (days[0], days[-1]) if days else (None, None)
    known = form.facts.figure("sessions_possible").span
    return (summary.period_start, summary.period_end) if summary and known else (None, None)


def say_attendance(form: FormFacts) -> str | None:
    """The attendance percentage without its sign; nothing where it is not known."""
    figure = form.facts.told("attendance_percentage", SCHOOL_YEAR).figure
    return round_percentage(figure.value) if figure else None


def _days_missed(form: FormFacts) -> str | None:
    missed = form.count("sessions_absent")
    return None if missed is None else f"{missed // 2}{'.5' if missed % 2 else ''}"


def _broken_weeks(form: FormFacts) -> str | None:
    broken, weeks = form.count("broken_weeks"), form.count("weeks_in_session")
    return say_number(broken) if broken is None or weeks is None else f"{broken} of {weeks}"


def _first_absent(form: FormFacts) -> str | None:
    return say_date(form.reported[0].day) if form.reported else None


def _last_absent(form: FormFacts) -> str | None:
    return say_date(form.reported[-1].day) if form.reported else None


def _school_days_absent(form: FormFacts) -> str | None:
    return str(len(form.reported)) if form.reported else None


def _sickness_basis(form: FormFacts) -> str | None:
    register, threshold = form.record.register, form.sickness_threshold
    if register and threshold and threshold.is_reached(len(illness_days(register, form.on))):
        return "total"
    return "consecutive" if form.facts.answer("sickness_expected_15_days") else None


def _window(form: FormFacts) -> Span | None:
    return form.facts.spans.of(form.notice_threshold.window) if form.notice_threshold else None


def _absence_kind(form: FormFacts) -> str | None:
    """Leave without permission, or another absence; None when there was none or it is not known."""
    total, holiday = (form.count_for_notice(word) for word in ("sessions_unauthorised", "sessions_holiday"))
    if not total or holiday is None:
        return None
    return "holiday" if holiday == total else "other"


def _counted(word: str, window: Window = SCHOOL_YEAR, codes: bytes = b"") -> Callable[[FormFacts], str | None]:
    return lambda form: say_number(form.count(word, window, codes))


def _in_window(code: str) -> Callable[[FormFacts], str | None]:
    return lambda form: say_number(form.count_for_notice("sessions_with_codes", bytes((CODES[code].byte,))))


def _stands(code: str) -> Callable[[FormFacts], bool | None]:
    """Whether a code stands on a day reported; None when no days are."""
    return lambda form: any(code in day.codes for day in form.reported) if form.reported else None


ATTENDANCE: Mapping[str, Callable[[FormFacts], Value | None]] = {
    "period_start": lambda form: say_date(figures_period(form)[0]),
    "period_end": lambda form: say_date(figures_period(form)[1]),
    "attendance_percentage": say_attendance,
    "sessions_possible": _counted("sessions_possible"),
    "sessions_attended": _counted("sessions_attended"),
    "sessions_authorised": _counted("sessions_authorised"),
    "sessions_unauthorised": _counted("sessions_unauthorised"),
    "sessions_late": _counted("sessions_late"),
    "sessions_educated_off_site": _counted("sessions_with_codes", codes=bytes_of(Kind.APPROVED_ACTIVITY)),
    "sessions_not_possible": _counted("sessions_with_codes", codes=bytes_of(Kind.NOT_POSSIBLE)),
    "days_missed": _days_missed,
    "broken_weeks": _broken_weeks,
    "absence_start": _first_absent,
    "absence_end": _last_absent,
    "school_days_absent": _school_days_absent,
    **{f"code_{code.lower()}": _stands(code) for code in "GNOU"},
    "sickness_return_basis": _sickness_basis,
    "window_start": lambda form: say_date(span.first) if (span := _window(form)) else None,
    "window_end": lambda form: say_date(span.last) if (span := _window(form)) else None,
    **{f"window_{code.lower()}": _in_window(code) for code in "GNOU"},
    "sessions_unauthorised_last_10_school_weeks": _counted("sessions_unauthorised", LAST_10_SCHOOL_WEEKS),
    "absence_kind": _absence_kind,
}
"""The words of attendance, by name."""


def supply_of_week(form: FormFacts, number: int, word: str) -> str | None:
    """A word of the nth week shown: begins, missed, or a session such as monday_am."""
    if not 1 <= number <= len(form.weeks):
        return None
    week = form.weeks[number - 1]
    if word == "begins":
        return say_date(week.monday)
    if word == "missed":
        return str(week.missed) if week.missed else None
    day, _, session = word.partition("_")
    return week.days[DAYS.index(day)].codes[("am", "pm").index(session)]


def supply_of_absence(form: FormFacts, number: int, word: str) -> str | None:
    """A word of the nth day reported that there is a row for: date, am or pm."""
    rows = form.latest_rows(form.reported, "absence_{}_date")
    if not 1 <= number <= len(rows):
        return None
    row = rows[number - 1]
    return say_date(row.day) if word == "date" else row.codes[("am", "pm").index(word)]
