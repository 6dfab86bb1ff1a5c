"""Lists of pupils: filtered, sorted, fifty to a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import request

from service.attendance.words import MEETING_EVENTS
from service.memory.due_today import Due
from service.web.shared.kinds import KINDS, Kind, kind_of, say_due, urgency
from service.web.shared.site import Here

SIZE = 50
PENALTY = "consider_penalty_notice"
"""Among the returns of a decision the one that nobody is sent."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; what is empty is not asked about."""

    kind: str = ""
    year: str = ""
    group: str = ""
    due: str = ""
    show: str = ""

    @property
    def words(self) -> dict[str, str]:
        """What is asked about, for an address."""
        return {word: value for word in self.__slots__ if (value := getattr(self, word))}


def read_filter() -> Filter:
    """What this request narrows its list to."""
    return Filter(**{word: request.args.get(word, "")[:100] for word in Filter.__slots__})


def page_number() -> int:
    """Which page of the list is asked for, from 1."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


def choose(place: Here, wanted: Filter) -> list[Due]:
    """The pupils that a filter leaves, those who need most first."""
    return sorted((due for due in place.at_hand.due.values() if _passes(place, due, wanted)), key=urgency)


def choose_by_name(place: Here, text: str) -> list[Due]:
    """The pupils whose name, UPN, reference or group has every part of a text."""
    parts = text.casefold().split()
    found = (due for due in place.at_hand.due.values() if _has(due, parts))
    return sorted(found, key=_by_name)


def by_name(due: Iterable[Due]) -> list[Due]:
    """Pupils in the order of their names."""
    return sorted(due, key=_by_name)


def one_page(due: list[Due]) -> list[Due]:
    """The page that is asked for."""
    begin = (page_number() - 1) * SIZE
    return due[begin : begin + SIZE]


def count_kinds(due: Iterable[Due]) -> list[tuple[Kind, int]]:
    """How many pupils there are of each kind."""
    counted = Counter(kind_of(item).name for item in due)
    return [(kind, counted[kind.name]) for kind in KINDS.values() if counted[kind.name]]


def years_of(due: Iterable[Due]) -> list[str]:
    """The year groups."""
    return sorted({item.remembered.pupil.record.year_group for item in due} - {""}, key=_natural)


def groups_of(due: Iterable[Due]) -> list[str]:
    """The registration groups."""
    return sorted({item.remembered.pupil.record.registration_group for item in due} - {""}, key=_natural)


def what_is_due(due: Iterable[Due]) -> list[str]:
    """Everything that is due to anybody."""
    waiting = ("letter", "action", "held")
    return sorted({say_due(item) for item in due if kind_of(item).name in waiting})


def has_open_meeting(place: Here, item: Due) -> bool:
    """Whether a meeting is over of which nobody has said what came of it."""
    history = item.remembered.pupil.record.history
    return any(event.event in MEETING_EVENTS and not event.outcome and event.on < place.day for event in history)


def _passes(place: Here, due: Due, wanted: Filter) -> bool:
    record = due.remembered.pupil.record
    return (
        _is_of_kind(place, due, wanted.kind)
        and wanted.year in ("", record.year_group)
        and wanted.group in ("", record.registration_group)
        and wanted.due in ("", say_due(due))
        and (wanted.show != "meetings" or has_open_meeting(place, due))
    )


def returns_of(due: Due) -> frozenset[str]:
    """What the law asks of the school about a pupil."""
    return frozenset(due.decision.returns if due.decision else ())


def _is_of_kind(place: Here, due: Due, kind: str) -> bool:
    if kind == "review":
        return bool(due.decision and due.decision.review_on == place.day)
    if kind == "return":
        return bool(returns_of(due) - {PENALTY})
    if kind == "penalty":
        return PENALTY in returns_of(due)
    return kind in ("", kind_of(due).name)


def _has(due: Due, parts: list[str]) -> bool:
    record = due.remembered.pupil.record
    words = (record.first_name, record.last_name, record.preferred_name, record.upn, record.pupil_reference)
    whole = " ".join((*words, record.registration_group)).casefold()
    return all(part in whole for part in parts)


def _by_name(due: Due) -> tuple[str, str]:
    record = due.remembered.pupil.record
    return record.last_name.casefold(), record.first_name.casefold()


def _natural(text: str) -> tuple[int, str]:
    digits = "".join(letter for letter in text if letter.isdigit())
    return int(digits[:9] or 0), text


def pairs(values: Iterable[str], everybody: str) -> Iterator[tuple[str, str]]:
    """Choices for a field, the first of which is everybody."""
    yield "", everybody
    yield from ((value, value) for value in values)
