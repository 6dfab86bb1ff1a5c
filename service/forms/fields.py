"""Record, decision and school -> the values of a form's fields.

`form_templates/fields.toml` says what each word means. Only the words that a form has are worked out; what is not
known, and what a person writes by hand, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from service.attendance.words import EVENTS
from service.forms.attendance import ATTENDANCE, DAYS, supply_of_absence, supply_of_week
from service.forms.criteria import DECISION
from service.forms.facts import FormFacts, Value
from service.forms.history import HISTORY, supply_of_event, supply_of_log
from service.forms.people import PARENT, PEOPLE, supply_of_parent

Supplier = Callable[[FormFacts], Value | None]

_WORDS: Mapping[str, Supplier] = {**PEOPLE, **ATTENDANCE, **HISTORY, **DECISION}
_WEEK_WORDS = ("begins", "missed", *(f"{day}_{half}" for day in DAYS for half in ("am", "pm")))
_ROWS = (
    (re.compile(rf"parent_(\d+)_({'|'.join(PARENT)})"), supply_of_parent),
    (re.compile(rf"week_(\d+)_({'|'.join(_WEEK_WORDS)})"), supply_of_week),
    (re.compile(r"absence_(\d+)_(date|am|pm)"), supply_of_absence),
    (re.compile(r"contact_log_(\d+)_(date|details|initials)"), supply_of_log),
)
_EVENT = re.compile(r"(.+)_(date|outcome)")


def form_values(form: FormFacts) -> dict[str, Value]:
    """The values that are known for the fields of a form."""
    found = ((word, supplier(form)) for word in sorted(form.fields) if (supplier := find_supplier(word)))
    return {word: _tidy(value) for word, value in found if value is not None and value != ""}


def find_supplier(word: str) -> Supplier | None:
    """What works out a field's value; None for one that is filled in by hand."""
    if word in _WORDS:
        return _WORDS[word]
    for pattern, supply in _ROWS:
        if row := pattern.fullmatch(word):
            return partial(_supply_row, supply, int(row[1]), row[2])
    event = _EVENT.fullmatch(word)
    if event and event[1] in EVENTS:
        return partial(_supply_event, event[1], event[2])
    return None


def _supply_row(
    supply: Callable[[FormFacts, int, str], str | None], number: int, word: str, form: FormFacts
) -> str | None:
    return supply(form, number, word)


def _supply_event(event: str, word: str, form: FormFacts) -> str | None:
    return supply_of_event(form, event, word)


def _tidy(value: Value) -> Value:
    """Text without stray spaces and empty lines."""
    if isinstance(value, bool):
        return value
    return "\n".join(line for line in (" ".join(line.split()) for line in value.splitlines()) if line)
