"""Requests -> what they ask for, with every fault under its JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.reading.asked import AskedSchema, GivenSchool, read_words
from service.attendance.reading.on_the_day import read_pupil
from service.attendance.reading.strict_json import pointer_part, read_json
from service.attendance.reading.value_kinds import LONGEST_TEXT, find_text_fault, find_unusable
from service.attendance.record import AttendanceRecord
from service.attendance.school import School
from service.attendance.wishes import NO_WISHES, PersonalSentence, Wishes
from service.decisions.bounds.assumptions import LEAVE_OUT, NOTHING_ASSUMED, Assumptions
from service.decisions.policy import Policy
from service.desk import Desk
from service.did_you_mean import did_you_mean
from service.errors import MOST_PROBLEMS, CohortError, Problem, RecordError, RequestError, first_problems
from service.letters.personal import find_sentence_fault, read_sentence
from service.pupil import Pupil
from service.web.callers import caller


@dataclass(frozen=True, slots=True)
class Asked:
    """What every request about pupils says: the day, the policy, the school and its calendar, and the pupils."""

    on: date
    policy: Policy
    school: School
    calendar: SchoolCalendar
    pupils: tuple[AttendanceRecord, ...]
    letter: str = ""
    recipient: str = ""
    flat: bool = False
    places: tuple[int, ...] = ()
    """Where each of the pupils stands in the request."""
    faults: tuple[Problem, ...] = ()
    """What is wrong with the pupils that are left out."""
    total: int = 1
    """How many pupils the request holds."""
    notices: tuple[str, ...] = ()
    """What was noticed while another system's JSON was read."""
    wishes: Wishes = NO_WISHES
    """What is wanted of the letter."""
    by: str = ""
    """The initials of who asks."""
    assumptions: Assumptions = NOTHING_ASSUMED
    """What was said once for every pupil."""
    may_be_partial: bool = True
    """Whether some may be decided about where others cannot be."""

    def pupil(self, record: AttendanceRecord) -> Pupil:
        """One of the pupils, to decide about."""
        return Pupil(record, self.school, self.policy, self.on, self.calendar, self.assumptions)


def read_plain(values: Any, words: Mapping[str, bool]) -> dict[str, str]:
    """The texts of a small request; `words` says of each whether it is needed.

    Raises RequestError with everything that is wrong with it.
    """
    if not isinstance(values, dict):
        problem = Problem("wrong-shape", f"Send an object with: {', '.join(words)}.")
        raise RequestError("wrong-shape", "The request has the wrong shape", problem)
    problems = [*_find_faults(values, words)]
    if problems:
        raise RequestError("request-problem", "Some of this request needs correcting", first_problems(problems))
    return {word: value.strip() for word, value in values.items() if value is not None}


def _find_faults(values: Mapping[str, Any], words: Mapping[str, bool]) -> Iterator[Problem]:
    for word, value in values.items():
        pointer = f"/{pointer_part(word)}"
        if word not in words:
            near = did_you_mean(word, words)
            yield Problem("unknown-word", f'"{word}" is not a field of this request.{near}', pointer)
        elif value is not None and not isinstance(value, str):
            yield Problem("not-text", "Enter text in quotation marks.", pointer)
        elif value and (fault := find_unusable(value)):
            yield Problem("unusable-character", fault, pointer)
        elif value and len(value) > LONGEST_TEXT:
            sentence = f"Enter at most {LONGEST_TEXT} characters; this has {len(value)}."
            yield Problem("too-long", sentence, pointer)
    for word, is_needed in words.items():
        if is_needed and not str(values.get(word) or "").strip():
            yield Problem("missing", f'Add "{word}": this request needs it.', f"/{word}")


_OF_KEY = "Leave the school out: a key belongs to one school, whose words and choices are used."


def read_body() -> Any:
    """The JSON of this request, read strictly. Raises RequestError when it is none."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if not (body := request.get_data()):
        problem = Problem("not-json", "This request has no body. Send JSON in it.")
        raise RequestError("not-json", "This is not JSON that can be read", problem)
    try:
        return read_json(body)
    except CohortError as error:
        raise RequestError("not-json", "This is not JSON that can be read", error.problems) from None


def read_optional_body() -> Any:
    """The JSON of this request, or an empty object where it has no body. Raises RequestError when it is none."""
    return read_body() if request.get_data() else {}


def read_asked(desk: Desk, values: Any, shape: AskedSchema) -> Asked:
    """What a request of that shape asks for. Raises RequestError with every fault of the whole request."""
    if not isinstance(values, dict):
        problem = Problem("wrong-shape", 'Send an object with "on" and the pupils.')
        raise RequestError("wrong-shape", "The request has the wrong shape", problem)
    problems: list[Problem] = []
    words = read_words(shape, values, problems)
    given = words.get("school", GivenSchool({}, {}))
    calendar = caller().calendar_over(words.get("calendar", SchoolCalendar()))
    if caller().key and "school" in values:
        problems.append(Problem("school-of-key", _OF_KEY, "/school"))
    school, on = given.over(caller().words_of(desk)), words.get("on")
    wrong = any(problem.pointer == "/policy" for problem in problems)
    policy = None if wrong else find_policy(desk, words.get("policy") or school.policy, problems)
    assumptions = read_said(words, problems)
    wishes = _read_wishes(words, problems)
    faults: list[Problem] = []
    records = _read_pupils(words, policy.events, MarkDays(calendar, on), faults) if policy else {}
    may_be_partial = bool(records) and words.get("partial", "partial" in shape.fields)
    if problems or on is None or policy is None or (faults and not may_be_partial):
        every = first_problems([*problems, *faults])
        raise RequestError("request-problem", "Some of this request needs correcting", every)
    others: dict[str, Any] = {
        word: words[word] for word in ("letter", "recipient", "flat", "by") if words.get(word) is not None
    }
    others |= {"places": tuple(records), "faults": tuple(first_problems(faults)), "may_be_partial": may_be_partial}
    others |= {"assumptions": assumptions, "wishes": wishes}
    others["total"] = len(words.get("pupils", (None,)))
    return Asked(on, policy, school, calendar, tuple(records.values()), **others)


def read_said(words: Mapping[str, Any], problems: list[Problem]) -> Assumptions:
    """What a request says once for every pupil; what is wrong with it goes to `problems`."""
    left_out = words.get("leave_out", ())
    for place, name in enumerate(left_out):
        if name not in LEAVE_OUT:
            sentence = f'"{name}" cannot be left out. Leave out: {", ".join(LEAVE_OUT)}.'
            problems.append(Problem("unknown-word", sentence, f"/leave_out/{place}"))
    passed_over = frozenset(LEAVE_OUT[name] for name in left_out if name in LEAVE_OUT)
    return Assumptions(words.get("period_is_window", False), passed_over, words.get("decided_by") or "")


def _read_wishes(words: Mapping[str, Any], problems: list[Problem]) -> Wishes:
    """What a request wants of its letter; what is wrong with the sentence goes to `problems`."""
    text = words.get("personal_sentence")
    sentence = None if text is None else PersonalSentence(read_sentence(text))
    if sentence and (fault := find_sentence_fault(sentence.text)):
        problems.append(Problem("unfit-sentence", fault, "/personal_sentence"))
    if fault := find_text_fault(words.get("by") or ""):
        problems.append(Problem("unusable-text", fault, "/by"))
    return Wishes(sentence, words.get("recipients"))


def find_policy(desk: Desk, name: str, problems: list[Problem]) -> Policy | None:
    """The policy with a name; what is wrong with it goes to `problems`."""
    try:
        return desk.policy(name)
    except RequestError as error:
        problems += error.problems
        return None


def _read_pupils(
    words: Mapping[str, Any], events: frozenset[str], days: MarkDays, faults: list[Problem]
) -> dict[int, AttendanceRecord]:
    """The records that can be used, by their place; what is wrong with the others goes to `faults`.

    Where more is wrong than would be said, none: what lies behind it is not even looked at.
    """
    pupils = {f"/pupils/{place}": item for place, item in enumerate(words.get("pupils", ()))}
    if "pupil" in words:
        pupils["/pupil"] = words["pupil"]
    records = {}
    for place, (start, item) in enumerate(pupils.items()):
        try:
            records[place] = read_pupil(item, events, days)
        except RecordError as error:
            faults += (replace(problem, pointer=start + problem.pointer) for problem in error.problems)
            if len(faults) > MOST_PROBLEMS:
                return {}
    return records
