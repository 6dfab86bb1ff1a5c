"""Times for meetings that come with a cohort: as JSON, or as a CSV file beside the others."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import request

from service.attendance.reading.value_kinds import find_text_fault
from service.batches.meeting_slots import SLOT_WORDS, find_day_faults, read_slots
from service.errors import CohortError, Problem
from service.file_access import write_private
from service.web.remembering import here

MOST_SLOTS = 5_000


def read_slots_sent(given: Sequence[Any], on: date, problems: list[Problem]) -> list[dict[str, str]]:
    """The meetings of a JSON request; what is wrong with them goes to `problems`."""
    if len(given) > MOST_SLOTS:
        sentence = f"Send at most {MOST_SLOTS:,} meetings at once; there are {len(given):,}."
        problems.append(Problem("too-many-meetings", sentence, "/meetings"))
        return []
    return [_read_slot(item, place, on, problems) for place, item in enumerate(given)]


def _read_slot(item: Any, place: int, on: date, problems: list[Problem]) -> dict[str, str]:
    here_it_is = f"/meetings/{place}"
    if not isinstance(item, dict) or not all(isinstance(text, str) for text in item.values()):
        sentence = f"Give each meeting as an object of texts: {', '.join(SLOT_WORDS)}."
        problems.append(Problem("wrong-shape", sentence, here_it_is))
        return {}
    for word, text in item.items():
        if word not in SLOT_WORDS:
            problems.append(Problem("unknown-word", f"A meeting has {', '.join(SLOT_WORDS)}.", f"{here_it_is}"))
        elif fault := find_text_fault(text):
            problems.append(Problem("unusable-text", fault, f"{here_it_is}/{word}"))
    slot = {SLOT_WORDS[word]: text.strip() for word, text in item.items() if word in SLOT_WORDS and text.strip()}
    found = find_day_faults(slot, on, here()[1].postal_calendar)
    problems += [replace(problem, pointer=f"{here_it_is}/date") for problem in found]
    return slot


def read_slots_file(on: date, problems: list[Problem]) -> list[dict[str, str]]:
    """The meetings of the part "meetings" beside the files, a CSV; what is wrong with them goes to `problems`."""
    file = request.files.get("meetings")
    if file is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "meetings.csv"
        write_private(path, file.read())
        try:
            return read_slots(path, on, here()[1].postal_calendar)
        except CohortError as error:
            problems += [Problem(problem.code, f"{problem}", "/meetings") for problem in error.problems]
            return []
