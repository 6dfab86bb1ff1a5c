"""Issue: what will be issued, to whom, what will not and why; one press; how far it is; what came of it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Response, current_app, request

from service.batches.meeting_slots import read_slots
from service.errors import AttendanceLettersError, CohortError, Problem, RequestError
from service.file_access import write_private
from service.memory.approval.approving import find_approvals
from service.memory.approval.needing import Needs, find_needs
from service.memory.due_today import Due
from service.memory.issuing import had_letter
from service.memory.people.roles import EVERYBODY, WRITERS
from service.web.shared.decision_list import by_name
from service.web.shared.issuable import IssuableKept
from service.web.shared.issue_run import ISSUED_TODAY, IssueRun, IssueRuns, jobs_to_issue
from service.web.shared.kinds import kind_of
from service.web.shared.site import Here, go, here, show, site
from service.web.shared.visitor import allowed

MOST_SETTLED = 1_000
"""Settled letters that are looked at for what a signatory said of a pupil last."""


@site.get("/issue")
@allowed(EVERYBODY)
def issue() -> Response:
    """What will be issued, and what will not."""
    return _show()


@site.post("/issue")
@allowed(WRITERS)
def issue_now() -> Response:
    """Begin to issue the letters that were chosen, as they were shown."""
    place = here()
    try:
        slots = read_slots_given(place)
    except AttendanceLettersError as error:
        return _show(422, *error.problems)
    seen = dict(pair for text in request.form.getlist("pupil") if (pair := read_seen(text)))
    if not seen:
        return _show(422, Problem("no-letter", "Tick at least one letter.", column="letters"))
    jobs = jobs_to_issue(place.memory, place.at_hand.today, seen, place.who.person, slots)
    token = runs().start(place.school.id, jobs)
    return go("issued", token=token)


@site.get("/issue/<token>")
@allowed(EVERYBODY)
def issued(token: str) -> Response:
    """How far it is, and what came of it."""
    run = find_run(token)
    is_over = run.is_over  # asked first: what it came to is read whole after it
    at_hand = here().at_hand.due
    stopped = [(number, at_hand.get(number), problem) for number, problem in run.problems]
    asked = [(number, at_hand.get(number)) for number in run.asked]
    template = "issued_part" if request.headers.get("HX-Request") else "issued"
    return show(template, run=run, token=token, is_over=is_over, stopped=stopped, asked=asked)


def runs() -> IssueRuns:
    """The runs of this service."""
    found: IssueRuns = current_app.extensions["runs"]
    return found


def find_run(token: str) -> IssueRun:
    """A run of this school. Raises RequestError when it is not known any more."""
    run = runs().find(here().school.id, token)
    if run is None:
        sentence = "This run is not known any more. What it issued is on the page Letters."
        raise RequestError("unknown-run", "There is no such run", Problem("unknown-run", sentence))
    return run


def read_slots_given(place: Here) -> list[dict[str, str]]:
    """The meetings of an uploaded table. Raises CohortError with everything that is wrong in it."""
    file = request.files.get("slots")
    if file is None or not file.filename:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "meetings.csv"
        write_private(path, file.read())
        try:
            return read_slots(path, place.day, place.school.postal_calendar)
        except CohortError as error:
            raise CohortError(replace(item, file=file.filename) for item in error.problems) from None


def _show(status: int = 200, *problems: Problem) -> Response:
    place = here()
    ready, stopped, waiting = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    approvals = find_approvals(place.memory, place.school, MOST_SETTLED)
    asked = {one.pupil: one for one in approvals.waiting}
    refused = {one.pupil: one for one in reversed(approvals.settled)}
    with place.memory.database.read() as connection:
        needs = find_needs(connection, place.school, place.policy)
    for due in by_name(place.at_hand.due.values()):
        if due.decision and due.decision.outcome == "letter":
            row = _describe(place, due, needs)
            row["approval"] = refused.get(row["number"])
            waits = asked.get(row["number"])
            is_asked = waits is not None and waits.letter == due.decision.letter
            row["approval"] = waits if is_asked else row["approval"]
            (waiting if is_asked else ready if row["recipients"] and not row["had_letter"] else stopped).append(row)
    letters = sum(len(row["recipients"]) for row in ready)
    needs_slots = sum(1 for row in stopped if row["needs_meeting"])
    words = {
        "ready": ready,
        "stopped": stopped,
        "waiting": waiting,
        "letters": letters,
        "needs_slots": needs_slots,
        "issued_today": ISSUED_TODAY,
        "for_signatory": sum(1 for row in ready if row["needs_approval"]),
    }
    return show("issue", status, problems, everybody=len(place.at_hand.due), **words)


def _describe(place: Here, due: Due, needs: Needs) -> dict[str, Any]:
    """What would be issued for a pupil, and what not."""
    kept: IssuableKept = current_app.extensions["issuable"]
    found = kept.look(place.memory.desk, due)
    return {
        "number": due.remembered.stored.id,
        "version": due.remembered.stored.version,
        "record": due.remembered.pupil.record,
        "due": due,
        "kind": kind_of(due),
        "label": found.label,
        "recipients": found.recipients,
        "problems": found.problems,
        "had_letter": had_letter(due.remembered),
        "needs_approval": bool(due.decision and needs.has(due.decision.letter)),
        "needs_meeting": bool(due.decision and due.decision.missing_meeting) and not had_letter(due.remembered),
    }


def read_seen(text: str) -> tuple[int, int] | None:
    """A pupil's number and version, as the list wrote them: "17:3"."""
    number, _, version = text.partition(":")
    are_numbers = number.isdecimal() and version.isdecimal() and len(text) < 40
    return (int(number), int(version)) if are_numbers else None
