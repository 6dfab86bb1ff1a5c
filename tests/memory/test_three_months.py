"""Three months of an invented school: memory decides what the stateless command decides from the full history."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.words import MEETING_EVENTS
from service.commands.main import commands
from service.memory.memory import open_school
from service.memory.reading_notes import Notes, read_answer, read_event, read_hold, read_mark
from service.memory.reversing import take_back
from service.sample.export import CALENDAR as ENTRIES
from service.sample.export import make_pupils
from tests.invented import MEETING
from tests.memory.living import due, history, issue, memory_of, take
from tests.memory.living import note as write_note

CALENDAR = SchoolCalendar(ENTRIES)
PUPILS = 24
EXPORTS = [date(2026, 9, 18), date(2026, 10, 2), date(2026, 10, 16), date(2026, 11, 6), date(2026, 11, 20)]
EXPORTS += [date(2026, 12, 4), date(2026, 12, 18)]
MOVED = date(2026, 11, 20)
"""From this day on the school follows another policy."""


class Ledger:
    """The school as the test knows it, apart from the service: every pupil's words, marks and history."""

    def __init__(self) -> None:
        self.people = {pupil["upn"]: self.words_of(pupil) for pupil in make_pupils(PUPILS, 5, EXPORTS[-1])}
        made = make_pupils(PUPILS, 5, EXPORTS[-1])
        self.marks = {pupil["upn"]: {row[:2]: row[2] for row in pupil["marks"]} for pupil in made}
        self.history: dict[str, list[dict[str, str]]] = {upn: [] for upn in self.people}
        self.facts: dict[str, dict[str, bool]] = {upn: {} for upn in self.people}
        self.known_until = EXPORTS[0]

    @staticmethod
    def words_of(pupil: dict[str, Any]) -> dict[str, Any]:
        answers = {"yes": True, "no": False}
        contacts = [{word: answers.get(value, value) for word, value in item.items()} for item in pupil["contacts"]]
        words = ("upn", "first_name", "last_name", "registration_group", "child_in_need", "social_worker")
        known = {word: answers.get(pupil[word], pupil[word]) for word in words}
        born = pupil["date_of_birth"].isoformat()
        return {**known, "year_group": str(pupil["year_group"]), "date_of_birth": born, "contacts": contacts}

    def export(self, first: date, last: date) -> list[dict[str, Any]]:
        """What the school's own system exports on a day: everybody who is there, and the marks of some days."""
        return [{**words, "marks": self.marks_of(upn, first, last)} for upn, words in self.people.items()]

    def marks_of(self, upn: str, first: date, last: date) -> list[dict[str, str]]:
        return [
            {"date": f"{day}", "session": session, "code": code}
            for (day, session), code in sorted(self.marks[upn].items())
            if first <= day <= last
        ]

    def write(self, folder: Path, on: date) -> None:
        """The export that the stateless command needs: all marks so far, the whole history, every answer."""
        until = min(on, self.known_until)
        marks = {upn: self.marks_of(upn, date.min, until) for upn in self.people}
        history = {upn: sorted(self.history[upn], key=lambda event: event["on"]) for upn in self.people}
        facts = {upn: [{"word": word, "answer": YES[said]} for word, said in self.facts[upn].items()] for upn in marks}
        lines = [{"from": e.first, "to": e.last, "kind": "term" if e.is_term else "closed"} for e in ENTRIES]
        write_table(folder / "pupils.csv", map(flat, self.people.values()))
        write_table(folder / "calendar.csv", lines)
        for name, rows in (("marks", marks), ("history", history), ("judgements", facts)):
            write_table(folder / f"{name}.csv", ({"upn": upn, **row} for upn in rows for row in rows[upn]))


YES = {True: "yes", False: "no"}


def flat(words: dict[str, Any]) -> dict[str, Any]:
    """A pupil as a row of a table."""
    row = {word: YES.get(value, value) for word, value in words.items() if word != "contacts"}
    for number, person in enumerate(words["contacts"], 1):
        row |= {f"contact_{number}_{word}": YES.get(value, value) for word, value in person.items()}
    return row


def write_table(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    kept = list(rows)
    columns = list(dict.fromkeys(word for row in kept for word in row)) or ["upn", "on", "event"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(kept)


def stateless(ledger: Ledger, on: date, policy: str, folder: Path) -> dict[str, Any]:
    """What `decide` says of the whole cohort."""
    path = folder / "export"
    path.mkdir(exist_ok=True)
    ledger.write(path, on)
    done = CliRunner().invoke(commands, ["decide", str(path), "--policy", policy, "--on", f"{on}", "--json"])
    assert done.exception is None, done.output
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    beside = ("row", "due_next", "without_counting")
    return {line["upn"]: {word: value for word, value in line.items() if word not in beside} for line in lines}


class School:
    """The school's memory, with the ledger beside it: everything is done in both."""

    def __init__(self, memory, folder: Path) -> None:
        self.memory = memory
        self.folder = folder
        self.ledger = Ledger()
        self.policy = "bradford"
        self.steps = 0
        self.seen: set[str] = set()

    def same(self, on: date) -> None:
        """Memory decides as the stateless command does, to the word, for every pupil."""
        self.steps += 1
        decided = due(self.memory, on, self.policy)
        expected = stateless(self.ledger, on, self.policy, self.folder)
        assert {upn: decision.as_json() for upn, decision in decided.items()} == expected
        self.seen.update(decision.letter or decision.outcome for decision in decided.values())

    def take_export(self, on: date) -> None:
        first = max((day for day in EXPORTS if day < on), default=date.min)
        overlap = first - timedelta(days=10) if first > date.min else first
        self.ledger.known_until = on
        self.correct(overlap, on)
        self.taken = take(self.memory, *self.ledger.export(overlap, on), on=on, calendar=CALENDAR)

    def correct(self, first: date, last: date) -> None:
        """Every second N mark of the days that are exported again has found its reason."""
        for marks in self.ledger.marks.values():
            found = [place for place, code in marks.items() if code == "N" and first <= place[0] <= last]
            marks.update(dict.fromkeys(found[::2], "I"))

    def issue_all(self, on: date) -> None:
        for upn, decision in due(self.memory, on, self.policy).items():
            if decision.letter:
                soon = CALENDAR.school_day_after(CALENDAR.arrival_of(on), 1)
                done = issue(self.memory, upn, on, self.policy, meeting=MEETING | {"meeting_date": f"{soon}"})
                self.ledger.history[upn] += [
                    {"on": f"{on}", "event": letter} for letter in dict.fromkeys(k.letter.letter for k in done.kept)
                ]

    def note(self, upn: str, on: date, event: str, outcome: str = "", note: str = "") -> None:
        details = {"outcome": outcome, "note": note}
        words = {"on": f"{on}", "event": event, **{word: said for word, said in details.items() if said}}
        happened = read_event(words, self.memory.desk.policy(self.policy).events)
        write_note(self.memory, upn, Notes(happened))
        self.ledger.history[upn].append(words)

    def answer(self, upn: str, on: date, word: str, said: bool) -> None:
        write_note(self.memory, upn, Notes(answers=(read_answer(word, YES[said], on),)))
        self.ledger.facts[upn][word] = said

    def do_what_is_due(self, on: date) -> None:
        """Answer what is asked, do what is to be done, hold the meetings that were invited to."""
        steps = self.memory.desk.policy(self.policy).in_force(on).steps.actions
        for place, (upn, decision) in enumerate(due(self.memory, on, self.policy).items()):
            for word in decision.missing if decision.outcome == "undecided" else ():
                self.answer(upn, on, word, place % 2 == 0) if word.isidentifier() and "sessions" not in word else None
            for action in decision.actions:
                event = steps[action].done_by[0]
                outcome = ("attended", "did_not_attend")[place % 2] if event in MEETING_EVENTS else ""
                self.note(upn, on, event, outcome)


@pytest.mark.slow
def test_three_months_are_lived_through_as_the_stateless_command_would(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        school = School(memory, tmp_path)
        for on in EXPORTS:
            live_a_fortnight(school, on)
        assert school.steps == 4 * len(EXPORTS)
        assert {"letter_1", "letter_2", "letter_n", "monitor", "none", "action"} <= school.seen


def live_a_fortnight(school: School, on: date) -> None:
    """An export, its letters, what came of them, and a look between exports; each step compared."""
    if on == EXPORTS[3]:
        leave(school)
    school.take_export(on)
    if on == MOVED:
        school.policy = "stockport"
    school.same(on)
    school.issue_all(on)
    school.same(on)
    school.do_what_is_due(on)
    for special in (call_home, take_a_letter_back, give_notice, recode):
        special(school, on)
    school.same(on)
    school.same(on + timedelta(days=9))


def leave(school: School) -> None:
    """A pupil leaves: no export has the pupil any more."""
    upn = next(iter(school.ledger.people))
    del school.ledger.people[upn]


def call_home(school: School, on: date) -> None:
    upns = list(school.ledger.people)
    school.note(upns[EXPORTS.index(on)], on, "parent_contact", "completed")
    school.note(upns[-1 - EXPORTS.index(on)], on, "explanation_given")


def take_a_letter_back(school: School, on: date) -> None:
    """One letter of the second fortnight was a mistake."""
    if on != EXPORTS[1]:
        return
    for upn, events in school.ledger.history.items():
        for event in events:
            if event["event"] == "letter_1" and upn in school.ledger.people:
                reference = next(_references(school, upn))
                take_back(school.memory, open_school(school.memory), reference, "sent to the wrong family")
                events.remove(event)
                return
    raise AssertionError("no letter to take back")


def _references(school: School, upn: str) -> Iterator[str]:
    return (letter.reference for letter in history(school.memory, upn).letters if letter.letter == "letter_1")


def give_notice(school: School, on: date) -> None:
    """A Notice to Improve, which a person chose; its period ends a fortnight later or more."""
    if on != MOVED:
        return
    marks = school.ledger.marks
    upn = max(school.ledger.people, key=lambda upn: sum(code in "OUG" for code in marks[upn].values()))
    school.note(upn, on, "support_action", note="a place at the breakfast club")
    asked = issue(school.memory, upn, on, school.policy, letter="notice_to_improve")
    for problem in asked.issue.problems:
        school.answer(upn, on, problem.pointer.strip("/"), said=False)
    done = issue(school.memory, upn, on, school.policy, letter="notice_to_improve")
    assert done.kept, done.issue.problems
    school.ledger.history[upn].append({"on": f"{on}", "event": "notice_to_improve"})


def recode(school: School, on: date) -> None:
    """A mark is changed by hand between two exports, as in the register."""
    for upn, marks in school.ledger.marks.items():
        found = [place for place, code in marks.items() if code == "N" and place[0] <= on]
        if found and upn in school.ledger.people:
            write_note(school.memory, upn, Notes(marks=(read_mark(*found[-1], "O", MarkDays(CALENDAR, on)),)))
            marks[found[-1]] = "O"
            return


def test_a_hold_keeps_letters_back_and_not_the_decision(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        school = School(memory, tmp_path)
        school.take_export(EXPORTS[0])
        upn = next(upn for upn, decision in due(memory, EXPORTS[0]).items() if decision.letter == "letter_1")
        write_note(memory, upn, Notes(hold=read_hold(date(2026, 10, 1), "a bereavement")))
        done = issue(memory, upn, EXPORTS[0])
        assert done.kept == ()
        assert "Do not write until 1 October 2026: a bereavement." in [item.detail for item in done.issue.problems]
        assert issue(memory, upn, date(2026, 10, 1)).kept
