"""Columns of a table that nothing reads, and what to say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from service.cohort.columns.headings import Headings, contact_column, is_figure, is_of_a_record, show

_FOR_A_RECORD = frozenset(("full_name", "period", "term", "academic_year", "month"))
_EXPLAINED = frozenset(("sessions_late_both", "sessions_not_required"))
"""Figures that say nothing that is not in others."""
_WHO = frozenset(
    (
        *("upn", "pupil_reference", "full_name", "last_name", "first_name", "preferred_name", "preferred_last_name"),
        *("date_of_birth", "registration_group", "year_group"),
    )
)
"""Words that say which pupil a row is about."""
_READ: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "calendar": frozenset(("from", "to", "kind", "name")),
        "meetings": frozenset(("date", "time", "place", "with")),
        "judgements": _WHO | {"word", "question", "answers_allowed", "answer"},
        "history": _WHO | {"on", "date", "event", "outcome", "recipient", "by", "method", "note"},
        "long marks": frozenset(("date", "session", "code")),
        "day marks": frozenset(("date", "morning", "afternoon", "mark_string")),
        "weekly marks": frozenset(("week",)),
        "summary": frozenset(("week",)),
        "mark strings": frozenset(("mark_string", "period_start")),
    }
)
"""What is read of each kind of table; one of marks may say who the pupils are, and then of their records too."""
_NOT_OF_RECORDS = frozenset(("calendar", "meetings", "judgements", "history"))


def say_columns_not_used(headings: Headings, file: str, kind: str) -> Iterable[str]:
    """What a person should know about the columns of a file that are not used, or were understood with some doubt."""
    for heading, near in headings.probable:
        if near.is_sure:
            use = f'was read as "{near.known}" ({near.word}); rename it if it is something else'
            yield f'{file}: column "{show(heading)}" {use}.'
        else:
            yield f'{file}: column {show(heading)} is not used. Did you mean "{near.known}"?'
    for word, place in headings.passed_over:
        used = show(headings.heading_of(word))
        yield f"{file}: columns {used} and {show(headings.cells[place].strip())} mean the same; {used} is used."
    if unused := [show(heading) for heading in (*find_idle(headings, kind), *headings.unknown)]:
        yield f"{file}: {say_columns(unused)} not used."


def find_idle(headings: Headings, kind: str) -> Iterator[str]:
    """The headings that are known, and that nothing reads in a table of this kind."""
    read = _READ.get(kind, frozenset())
    for word in headings.places:
        is_idle = kind in _NOT_OF_RECORDS or not _is_about_a_pupil(word) or _is_idle_figure(word, headings)
        if is_idle and word not in read:
            yield headings.heading_of(word)
    for owner, places in (
        ("wide marks", [column.place for column in headings.sessions]),
        ("weekly marks", [column.place for column in headings.weekdays]),
        ("day marks", headings.lessons),
    ):
        yield from (headings.cells[place].strip() for place in places if kind != owner)


def say_columns(names: Sequence[str]) -> str:
    """ "column A is", "columns A, B and C are"."""
    if len(names) == 1:
        return f"column {names[0]} is"
    return f"columns {', '.join(names[:-1])} and {names[-1]} are"


def _is_about_a_pupil(word: str) -> bool:
    if word in _EXPLAINED:
        return False
    return is_of_a_record(word) or word in _FOR_A_RECORD or is_figure(word) or contact_column(word) is not None


def _is_idle_figure(word: str, headings: Headings) -> bool:
    """Whether nothing is worked out from a figure, because of the others that stand beside it or do not."""
    if word == "sessions_present":
        return headings.has("sessions_attended")
    if word == "absence_percentage":
        return headings.has("attendance_percentage")
    if word == "sessions_approved":
        return headings.has("sessions_attended") or not headings.has("sessions_present")
    is_counted = headings.has("sessions_attended") or headings.has("sessions_present")
    return word == "sessions_absent" and (is_counted or not headings.has("sessions_possible"))
