"""The cohort of a request, as JSON or as files: what the batch is asked to do, and the export that is kept for it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.reading.asked import BatchRequestSchema, read_words
from service.attendance.reading.on_the_day import read_pupil
from service.attendance.reading.value_kinds import EARLIEST, LATEST, read_exact_day
from service.batches.stored.batch_asked import BatchAsked, UploadAsked
from service.batches.stored.starting import keep_export
from service.cohort.shapes.shape_file import shipped_shapes
from service.decisions.bounds.assumptions import NOTHING_ASSUMED
from service.did_you_mean import did_you_mean
from service.errors import MOST_PROBLEMS, Problem, RecordError, RequestError, first_problems
from service.memory.looking.uploaded import folder_of, forget_uploaded, keep_uploaded
from service.memory.memory import Memory, OpenSchool
from service.web.api.batched.slots_sent import read_slots_file, read_slots_sent
from service.web.callers import caller, web_memory
from service.web.remembering import here
from service.web.requests import Asked, find_policy, read_body, read_plain, read_said
from service.web.shaped import read_shaped

FILES = "multipart/form-data"
_FORM = {"on": True, "policy": False, "shape": False, "nothing_sent": False, "by": False}
_KEPT = ("on", "pupils", "calendar")
_NAME = "cohort.json"


@dataclass(frozen=True, slots=True)
class Sent:
    """A cohort that was sent: what is asked, how its export is kept, and what it is told from another by."""

    asked: BatchAsked
    keep: Callable[[Memory, OpenSchool], UploadAsked]
    content: bytes


def read_sent() -> Sent:
    """The cohort of this request. Raises RequestError with everything that is wrong with it."""
    if request.mimetype == "application/json":
        return _read_shaped() if "shape" in request.args else _read_json(read_body())
    if request.mimetype == FILES:
        return _read_files()
    raise UnsupportedMediaType


def _read_json(values: Any) -> Sent:
    if not isinstance(values, dict):
        problem = Problem("wrong-shape", 'Send an object with "on" and the pupils.')
        raise RequestError("wrong-shape", "The request has the wrong shape", problem)
    problems: list[Problem] = []
    words = read_words(BatchRequestSchema(), values, problems)
    wrong = any(problem.pointer == "/policy" for problem in problems)
    policy = None if wrong else find_policy(web_memory().desk, words.get("policy") or _own_policy(), problems)
    said = read_said(words, problems)
    on = words.get("on")
    if policy and on:
        days = MarkDays(caller().calendar_over(words.get("calendar", SchoolCalendar())), on)
        problems += _faults_of_all(words.get("pupils", ()), policy.events, days)
    slots = read_slots_sent(words.get("meetings", ()), on, problems) if on else []
    if problems or policy is None or on is None:
        raise _refuse(problems)
    asked = BatchAsked(policy, on, words.get("by") or "", slots, said)
    return Sent(asked, _keeper(_cohort_of(values), "", bool(words.get("nothing_sent"))), request.get_data())


def _cohort_of(values: Mapping[str, Any]) -> bytes:
    """What a request says of its cohort, as a file."""
    text = json.dumps({word: values[word] for word in _KEPT if word in values}, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _keeper(content: bytes, shape: str, nothing_sent: bool) -> Callable[[Memory, OpenSchool], UploadAsked]:
    """How the JSON of a cohort is kept."""

    def keep(memory: Memory, school: OpenSchool) -> UploadAsked:
        with tempfile.TemporaryDirectory(prefix="cohort-") as folder:
            path = Path(folder) / _NAME
            path.write_bytes(content)
            return keep_export(memory, school, path, shape, nothing_sent)

    return keep


def sent_to_decide(asked: Asked) -> Sent:
    """The pupils of a request for decisions, to be a batch."""
    content, shape = request.get_data(), request.args.get("shape", "")
    keep = _keeper(content if shape else _cohort_of(read_body()), shape, False)
    return Sent(BatchAsked(asked.policy, asked.on, assumptions=asked.assumptions), keep, content)


def _read_shaped() -> Sent:
    """Another system's JSON, as it comes; the words beside it stand in the address."""
    asked = read_shaped(web_memory().desk, read_body())
    given = {word: text for word in ("by", "nothing_sent") if (text := request.args.get(word, ""))}
    words = read_plain(given, {"by": False, "nothing_sent": False})
    if problems := [*_faults_of_nothing_sent(words)]:
        raise _refuse(problems)
    content = request.get_data()
    keep = _keeper(content, request.args["shape"], words.get("nothing_sent") == "true")
    return Sent(BatchAsked(asked.policy, asked.on, words.get("by", ""), (), NOTHING_ASSUMED), keep, content)


def _faults_of_all(pupils: Any, events: frozenset[str], days: MarkDays) -> list[Problem]:
    """What is wrong with the pupils where none of them can be used; nothing where one can be."""
    faults: list[Problem] = []
    for place, values in enumerate(pupils):
        if not isinstance(values, dict):
            faults.append(Problem("wrong-shape", "Give each pupil as an object.", f"/pupils/{place}"))
            continue
        try:
            read_pupil(values, events, days)
        except RecordError as error:
            faults += (replace(item, pointer=f"/pupils/{place}{item.pointer}") for item in error.problems)
        else:
            return []
        if len(faults) > MOST_PROBLEMS:
            break
    return faults


def _read_files() -> Sent:
    words, problems = _read_form()
    policy = find_policy(web_memory().desk, words.get("policy") or _own_policy(), problems)
    day = read_exact_day(words.get("on", ""))
    if day is None or not EARLIEST <= day <= LATEST:
        problems.append(Problem("not-a-date", "Say for which day: on=2026-11-20.", "/on"))
    files = [(file.filename or "", file.read()) for file in request.files.getlist("files")]
    slots = read_slots_file(day, problems) if day else []
    if not any(name for name, _ in files):
        problems.append(Problem("no-file", "Send at least one file, each as a part named files.", "/files"))
    if problems or policy is None or day is None:
        raise _refuse(problems)
    asked = BatchAsked(policy, day, words.get("by", ""), slots, NOTHING_ASSUMED)

    def keep(memory: Memory, school: OpenSchool) -> UploadAsked:
        token = keep_uploaded(memory, school.id, files)
        try:
            folder = folder_of(memory, school.id, token)
            return keep_export(memory, school, folder, words.get("shape", ""), words.get("nothing_sent") == "true")
        finally:
            forget_uploaded(memory, school.id, token)

    hashed = [(name, hashlib.sha256(content).hexdigest()) for name, content in files]
    return Sent(asked, keep, json.dumps([sorted(words.items()), hashed, slots]).encode())


def _read_form() -> tuple[Mapping[str, str], list[Problem]]:
    """The words beside the files, and what is wrong with them."""
    given = {word: texts[-1] for word, texts in request.form.lists()}
    if "files" in given or "meetings" in given:
        raise _refuse([Problem("no-file", "Send files as files, each with its name.", "/files")])
    words = {word: text for word, text in read_plain(given, _FORM).items() if text}
    problems, known = list[Problem](), [shape.name for shape in shipped_shapes()]
    if (shape := words.get("shape", "")) and shape not in known:
        sentence = f"There is no such shape.{did_you_mean(shape, known)} There are {', '.join(known)}."
        problems.append(Problem("unknown-shape", sentence, "/shape"))
    return words, [*problems, *_faults_of_nothing_sent(words)]


def _faults_of_nothing_sent(words: Mapping[str, str]) -> Iterator[Problem]:
    if words.get("nothing_sent", "false") not in ("true", "false"):
        yield Problem("not-true-or-false", "Answer true or false.", "/nothing_sent")


def _own_policy() -> str:
    return here()[1].school.policy


def _refuse(problems: list[Problem]) -> RequestError:
    return RequestError("request-problem", "Some of this request needs correcting", first_problems(problems))
