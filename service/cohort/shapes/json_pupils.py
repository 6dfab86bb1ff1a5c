"""The pupils of a JSON cohort -> records, or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.attendance.closed_days import MarkDays
from service.attendance.reading.on_the_day import read_pupil
from service.attendance.record import AttendanceRecord
from service.cohort.pupil_row import PupilRow
from service.cohort.row_counts import RowCount
from service.cohort.share import EVERYBODY, Share
from service.errors import Problem, RecordError


def read_json_pupils(
    pupils: Sequence[Any], file: str, events: frozenset[str], days: MarkDays, share: Share = EVERYBODY
) -> Iterator[tuple[int, PupilRow]]:
    """Each pupil of a share with its place in the list, from 0; the number of its row counts from 1."""
    places: dict[str, list[int]] = {}
    for place, values in enumerate(pupils):
        if isinstance(values, dict) and (key := _key_of(values)):
            places.setdefault(key, []).append(place)
    for place, values in enumerate(pupils):
        if not share.takes(place):
            continue
        if not isinstance(values, dict):
            problem = Problem("wrong-shape", "Give each pupil as an object.", f"/pupils/{place}")
            yield place, PupilRow(place + 1, file, "", None, (problem,))
            continue
        key = _key_of(values)
        record, problems = _read_pupil(values, events, days)
        problems = tuple(replace(problem, pointer=f"/pupils/{place}{problem.pointer}") for problem in problems)
        if len(places.get(key, ())) > 1:
            problems = (*problems, _repeated(place, places[key]))
        yield place, PupilRow(place + 1, file, key, None if problems else record, problems)


def count_pupils(pupils: Sequence[Any], file: str) -> RowCount:
    """The pupils of a JSON cohort, each counted as a row that is used."""
    count = RowCount(file, len(pupils))
    for values in pupils:
        count.use(_key_of(values) if isinstance(values, dict) else "")
    return count


def _key_of(values: Mapping[str, Any]) -> str:
    upn, reference = values.get("upn"), values.get("pupil_reference")
    key = upn if isinstance(upn, str) and upn.strip() else reference
    return key.strip().upper() if isinstance(key, str) else ""


def _read_pupil(
    values: Mapping[str, Any], events: frozenset[str], days: MarkDays
) -> tuple[AttendanceRecord | None, tuple[Problem, ...]]:
    try:
        return read_pupil(values, events, days), ()
    except RecordError as error:
        return None, error.problems


def _repeated(place: int, places: Sequence[int]) -> Problem:
    others = " and ".join(f"pupil {other + 1}" for other in places[:5] if other != place)
    sentence = f"This identifier is also at {others}. Correct it, or keep one of them."
    return Problem("repeated-pupil", sentence, f"/pupils/{place}")
