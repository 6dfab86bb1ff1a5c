"""A JSON object or a spreadsheet's row -> an attendance record, or everything that is wrong with it.

The one schema serves both: a row only allows dd/mm/yyyy and "yes" besides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from marshmallow import RAISE, Schema, ValidationError

from service.attendance.address import read_address
from service.attendance.reading.loading import Objects, flatten_messages, load_object
from service.attendance.reading.mark_lists import Marks, RegisterBuilder
from service.attendance.reading.strict_json import pointer_part
from service.attendance.reading.value_kinds import Count, Day, Fault, OneOf, Percentage, Text, YesNo
from service.attendance.record import AttendanceRecord, Contact, Event, Exact, Summary
from service.attendance.school import SCHOOL_WORDS
from service.attendance.summary_checks import find_summary_faults
from service.attendance.upn import tidy_upn, upn_warning
from service.attendance.words import EVENTS, FACTS, MEETING, OUTCOMES, PER_PARENT_EVENTS, SUMMARY_FIGURES
from service.did_you_mean import did_you_mean
from service.errors import Problem, RecordError, first_problems

ADDRESS_WORDS = tuple(f"address_line_{n}" for n in range(1, 6))
WHO = (
    "upn pupil_reference first_name last_name preferred_name preferred_last_name year_group registration_group"
).split()
ROLL_DAYS = ("date_of_admission", "date_of_leaving", "do_not_write_until")
CONTACT_FLAGS = ("parental_responsibility", "lives_with_pupil", "receives_post", "confidential_address", "court_order")
_CONTACT_NAMES = ("title", "first_name", "last_name", "relationship", "language", "addressee", "salutation")
_MOST_SUGGESTIONS = 20
"""Unknown words for which the one that was meant is looked for: each search takes milliseconds."""
_WINDOW = re.compile(r"_(last_[1-9][0-9]?_(school_)?weeks|since_last_letter)")


@lru_cache(maxsize=16)
def record_schema(is_row: bool, events: frozenset[str] = frozenset(EVENTS)) -> Schema:
    """The schema of one pupil's record, built once for each kind of source and each set of events."""
    contact = Schema.from_dict(
        {
            **{word: Text(100) for word in _CONTACT_NAMES},
            **{word: Text(200) for word in (*ADDRESS_WORDS, "postcode", "email")},
            **{word: YesNo(is_row) for word in CONTACT_FLAGS},
        },
        name="Contact",
    )
    event = Schema.from_dict(
        {
            "on": Day(is_row, required=True, error_messages=_required("Say on which day it was done.")),
            "event": OneOf(events, "event", required=True, error_messages=_required("Say what was done.")),
            "outcome": OneOf(OUTCOMES, "outcome"),
            **{word: Text(200) for word in ("recipient", "by", "method")},
            "note": Text(2000),
            **{word: Day(is_row) for word in ("period_start", "period_end")},
        },
        name="Event",
    )
    figures = {
        word: Percentage(metadata={"type": ["number", "string"]})
        if word.endswith("percentage")
        else Count(metadata={"type": ["integer", "string"]})
        for word in SUMMARY_FIGURES
    }
    record = Schema.from_dict(
        {
            **{word: Text(100) for word in WHO},
            **{word: Day(is_row) for word in ("date_of_birth", *ROLL_DAYS)},
            "letters_held": Text(200),
            **{word: YesNo(is_row) for word in FACTS},
            **{word: Day(is_row) for word in ("period_start", "period_end", "unexplained_since")},
            **figures,
            "marks": Marks(),
            "contacts": Objects(contact(unknown=RAISE)),
            "history": Objects(event(unknown=RAISE)),
            **{word: Text(200) for word in (*MEETING, *SCHOOL_WORDS)},
        },
        name="Pupil",
    )
    schema = record(unknown=RAISE)
    for field in schema.fields.values():
        field.allow_none = True  # a word of a record may be null: nobody knows it
    return schema


def read_record(
    values: Mapping[str, Any], is_row: bool = False, events: frozenset[str] = frozenset(EVENTS)
) -> AttendanceRecord:
    """The record that a JSON object or a row of named cells means.

    Raises RecordError with every fault, each under its JSON pointer within the record.
    """
    schema = record_schema(is_row, events)
    plain = {word: value for word, value in values.items() if value is not None}
    windowed = {word: plain.pop(word) for word in list(plain) if is_windowed_figure(word)}
    messages: dict[str, Any] = {}
    try:
        loaded = load_object(schema, plain)
    except ValidationError as error:
        messages, loaded = dict(error.messages_dict), {}
    figures = _read_windowed(windowed, schema, messages)
    if not messages:
        messages = _find_faults(loaded)
    if messages:
        raise RecordError(first_problems(_problems_of(messages, schema)))
    return _build_record(loaded, figures)


def known_words(schema: Schema) -> Collection[str]:
    """Every word that a record may hold, windows apart."""
    return schema.fields.keys()


def is_windowed_figure(word: str) -> bool:
    """Whether a word is a figure of a summary with a window: sessions_unauthorised_last_10_school_weeks."""
    found = _WINDOW.search(word)
    return bool(found) and found is not None and found.end() == len(word) and word[: found.start()] in SUMMARY_FIGURES


def describe_windowed_figures() -> dict[str, Any]:
    """The figures with a window as JSON Schema describes them, by the patterns of their words."""
    percentages = [word for word in SUMMARY_FIGURES if word.endswith("percentage")]
    counts = [word for word in SUMMARY_FIGURES if word not in percentages]
    return {
        f"^({'|'.join(words)}){_WINDOW.pattern}$": {"type": [kind, "string", "null"]}
        for words, kind in ((counts, "integer"), (percentages, "number"))
    }


def _read_windowed(values: Mapping[str, Any], schema: Schema, messages: dict[str, Any]) -> dict[str, Exact]:
    figures = {}
    for word, value in values.items():
        found = _WINDOW.search(word)
        base = word[: found.start()] if found else word
        try:
            figures[word] = schema.fields[base].deserialize(value)
        except ValidationError as error:
            messages[word] = error.messages
    return figures


def _find_faults(loaded: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong although each value is right by itself."""
    faults: dict[str, Any] = {}
    if not loaded.get("upn") and not loaded.get("pupil_reference"):
        faults["upn"] = [Fault("no-identifier", "Give a UPN or a pupil reference.")]
    for place, event in enumerate(loaded.get("history", ())):
        if event["event"] in PER_PARENT_EVENTS and not event.get("recipient"):
            sentence = "Say which parent the penalty notice was for: notices count for each parent."
            faults.setdefault("history", {})[place] = {"recipient": [Fault("no-recipient", sentence)]}
    if "marks" not in loaded:
        faults.update(find_summary_faults(loaded))
    return faults


def _build_record(loaded: Mapping[str, Any], windowed: Mapping[str, Exact]) -> AttendanceRecord:
    builder: RegisterBuilder | None = loaded.get("marks")
    register = builder.build() if builder else None
    given = {word: loaded[word] for word in SUMMARY_FIGURES if word in loaded} | dict(windowed)
    warnings = list(builder.warnings) if builder else []
    if register and given:
        warnings.append("Marks and a summary were both given; the figures come from the marks.")
    if loaded.get("upn") and (warning := upn_warning(tidy_upn(loaded["upn"]))):
        warnings.append(warning)
    summary = None
    if given and not register:
        dates = (loaded.get(word) for word in ("period_start", "period_end", "unexplained_since"))
        summary = Summary(given, *dates)
    return AttendanceRecord(
        upn=tidy_upn(loaded.get("upn", "")),
        **{word: loaded.get(word, "") for word in WHO if word != "upn"},
        date_of_birth=loaded.get("date_of_birth"),
        date_of_admission=loaded.get("date_of_admission"),
        date_of_leaving=loaded.get("date_of_leaving"),
        do_not_write_until=loaded.get("do_not_write_until"),
        letters_held=loaded.get("letters_held", ""),
        facts={word: loaded[word] for word in FACTS if word in loaded},
        contacts=tuple(map(_build_contact, loaded.get("contacts", ()))),
        register=register,
        summary=summary,
        history=tuple(sorted((Event(**event) for event in loaded.get("history", ())), key=lambda event: event.on)),
        history_known="history" in loaded,
        meeting={word: loaded[word] for word in MEETING if loaded.get(word)},
        school={word: loaded[word] for word in SCHOOL_WORDS if loaded.get(word)},
        warnings=tuple(warnings),
    )


def _build_contact(values: Mapping[str, Any]) -> Contact:
    address = read_address((values.get(word, "") for word in ADDRESS_WORDS), values.get("postcode", ""))
    kept = {word: value for word, value in values.items() if word not in ADDRESS_WORDS and word != "postcode"}
    return Contact(**kept, address=address)


def _problems_of(messages: Mapping[str, Any], schema: Schema) -> Iterator[Problem]:
    number = count()
    for path, fault in flatten_messages(messages):
        pointer = "/" + "/".join(pointer_part(part) for part in path if part != "_schema")
        if isinstance(fault, Fault):
            yield Problem(fault.code, str(fault), pointer)
        elif fault == "Unknown field.":
            near = did_you_mean(path[-1], _words_beside(path, schema)) if next(number) < _MOST_SUGGESTIONS else ""
            yield Problem("unknown-word", f'"{path[-1]}" is not a field we recognise.{near}', pointer)
        else:
            yield Problem("wrong-shape", _SHAPES.get(fault, fault), pointer)


def _words_beside(path: Sequence[str], schema: Schema) -> Collection[str]:
    """The words that may stand where the last word of a path stands."""
    if len(path) == 1:
        return known_words(schema)
    field = schema.fields.get(path[0])
    return known_words(field.schema) if isinstance(field, Objects) else ()


_SHAPES = {
    "Not a valid list.": "Give a list.",
    "Invalid input type.": "Give an object with named values.",
    "Field may not be null.": "Leave this out or give a value.",
}


def _required(sentence: str) -> dict[str, str]:
    return {"required": Fault("missing", sentence)}
