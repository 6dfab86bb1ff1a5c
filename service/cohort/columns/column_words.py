"""The words that a person can choose from when a column was not understood, sorted by what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from service.attendance.words import SUMMARY_FIGURES
from service.cohort.columns.aliases import MOST_CONTACTS, contact_words, is_column_word

_PUPIL = (
    "upn pupil_reference first_name last_name full_name preferred_name preferred_last_name date_of_birth year_group "
    "registration_group date_of_admission date_of_leaving do_not_write_until letters_held"
).split()
_FIGURES = (
    *SUMMARY_FIGURES,
    *("sessions_present", "sessions_absent", "sessions_missing", "absence_percentage", "days_possible"),
    *("days_attended", "days_absent", "period_start", "period_end"),
)
_MARKS = ("date", "session", "code", "mark_string", "morning", "afternoon", "week")
_HISTORY = ("on", "event", "outcome", "recipient", "by", "method", "note")
_SAID = {"upn": "UPN", "on": "day it was done", "by": "done by", "code": "mark", "mark_string": "all marks in one cell"}


@lru_cache(maxsize=1)
def column_words() -> Mapping[str, Mapping[str, str]]:
    """What each group of words is about, with every word of it and how a person reads it."""
    groups = {"The pupil": _PUPIL}
    for number in range(1, MOST_CONTACTS + 1):
        groups[f"Contact {number}"] = [f"contact_{number}_{part}" for part in contact_words()]
    groups |= {"Figures": list(_FIGURES), "Marks": list(_MARKS), "What was done": list(_HISTORY)}
    return {
        group: {word: say_column_word(word) for word in words if is_column_word(word)}
        for group, words in groups.items()
    }


def say_column_word(word: str) -> str:
    """A column's word as a person reads it: "Contact 1 postcode"."""
    said = _SAID.get(word, word.replace("_", " "))
    return said[:1].upper() + said[1:]
