"""Approvals: the letters that wait for a signatory, who approves and so issues them, or says why not."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, request

from service.errors import Problem, RequestError
from service.memory.approval.approving import approve, drop, find_approvals, refuse
from service.memory.due_today import Due
from service.memory.people.roles import EVERYBODY, SIGNATORIES, WRITERS
from service.storage.approval.approvals_kept import Approval
from service.web.pages.issue_page import read_seen, runs
from service.web.shared.issue_run import Job
from service.web.shared.site import Here, go, here, show, site
from service.web.shared.visitor import allowed

SHOWN = 50
"""Settled letters on the page."""


@site.get("/approvals")
@allowed(EVERYBODY)
def approvals() -> Response:
    """What waits for a signatory, and what was said last."""
    return _show()


@site.post("/approvals")
@allowed(SIGNATORIES)
def approve_now() -> Response:
    """Approve the letters that are ticked, and issue them."""
    place = here()
    seen = dict(pair for text in request.form.getlist("approval") if (pair := read_seen(text)))
    waiting = {one.id: one for one in find_approvals(place.memory, place.school).waiting}
    chosen = {number: version for number, version in seen.items() if number in waiting}
    if not chosen:
        return _show(422, Problem("no-letter", "Tick at least one letter that waits.", column="letters"))
    today, who = place.at_hand.today, place.who.person
    jobs = [
        Job(waiting[number].pupil, partial(approve, place.memory, today, number, version, who))
        for number, version in chosen.items()
    ]
    return go("issued", token=runs().start(place.school.id, jobs))


@site.get("/approvals/<int:number>/refusal")
@allowed(SIGNATORIES)
def refusal(number: int) -> Response:
    """Why a letter is not approved."""
    return _show_refusal(number)


@site.post("/approvals/<int:number>/refusal")
@allowed(SIGNATORIES)
def refuse_now(number: int) -> Response:
    """Say that a letter is not approved, and why."""
    place = here()
    try:
        refuse(place.memory, place.school, number, request.form.get("why", ""), place.who.person)
    except RequestError as error:
        return _show_refusal(number, 422, *error.problems)
    return go("approvals", "refused")


@site.post("/approvals/<int:number>/drop")
@allowed(WRITERS)
def drop_now(number: int) -> Response:
    """Ask for a letter no more."""
    place = here()
    try:
        drop(place.memory, place.school, number, place.by)
    except RequestError as error:
        return _show(422, *error.problems)
    return go("approvals", "dropped")


def _show(status: int = 200, *problems: Problem) -> Response:
    place = here()
    found = find_approvals(place.memory, place.school, SHOWN)
    waiting = [_describe(place, one) for one in found.waiting]
    settled = [_describe(place, one) for one in found.settled]
    may_approve = place.who.role in SIGNATORIES
    return show("approvals", status, problems, waiting=waiting, settled=settled, may_approve=may_approve)


def _show_refusal(number: int, status: int = 200, *problems: Problem) -> Response:
    place = here()
    waiting = [one for one in find_approvals(place.memory, place.school).waiting if one.id == number]
    if not waiting:
        sentence = "This letter waits no more. The page Approvals shows what became of it."
        raise RequestError("settled", "This letter waits no more", problems or Problem("settled", sentence))
    return show("refusal", status, problems, one=_describe(place, waiting[0]))


def _describe(place: Here, asked: Approval) -> dict[str, Any]:
    """A letter that waits or waited, with the pupil as known today."""
    due: Due | None = place.at_hand.due.get(asked.pupil)
    stored = due.remembered.stored if due else None
    return {
        "asked": asked,
        "record": due.remembered.pupil.record if due else None,
        "version": stored.version if stored else 0,
        "is_own": bool(asked.asker) and asked.asker == place.who.person.id,
        "is_due": bool(asked.is_named or (due and due.decision and due.decision.letter == asked.letter)),
    }
