"""Which letters a signatory approves before they leave, as the school's administrator chooses."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from service.attendance.school import ENFORCEMENT, EVERY_LETTER
from service.attendance.words import LETTERS
from service.errors import Problem, SettingsError
from service.memory.approval.needing import Needs, find_needs, has_signatory
from service.memory.looking.own_tables import keep_approved
from service.memory.people.roles import ADMINISTRATORS, EVERYBODY
from service.web.shared.page_words import capital
from service.web.shared.site import Here, go, here, show, site
from service.web.shared.visitor import allowed

NOBODY, NAMED = "nobody", "named"
CHOICES = (
    (ENFORCEMENT, "Enforcement letters and notices"),
    (NAMED, "The letters ticked below"),
    (EVERY_LETTER, "Every letter"),
    (NOBODY, "None: whoever issues a letter issues it alone"),
)


@site.get("/settings/approval")
@allowed(EVERYBODY)
def approving() -> Response:
    """Which letters need a second person."""
    return _show()


@site.post("/settings/approval")
@allowed(ADMINISTRATORS)
def approving_now() -> Response:
    """Keep which letters need a second person."""
    place, which, ticked = here(), request.form.get("which", ""), request.form.getlist("letter")
    letters = {NOBODY: [], ENFORCEMENT: [ENFORCEMENT], EVERY_LETTER: [EVERY_LETTER], NAMED: ticked}.get(which)
    if letters is None or (which == NAMED and not ticked):
        sentence = "Choose which letters a signatory approves; to name them, tick at least one."
        return _show(422, Problem("no-letters", sentence, column="which"))
    try:
        keep_approved(place.memory, place.school, letters)
    except SettingsError as error:
        return _show(422, *(replace(problem, column="which") for problem in error.problems))
    return go("approving", "approval")


def _show(status: int = 200, *problems: Problem) -> Response:
    place = here()
    with place.memory.database.read() as connection:
        needs = find_needs(connection, place.school, place.policy)
        is_signed = has_signatory(connection, place.school.id)
    letters = sorted(((word, capital(label)) for word, label in _letters_of(place).items()), key=lambda pair: pair[1])
    which = _which(place, needs)
    words = {"letters": letters, "needs": needs, "choices": CHOICES, "which": which, "has_signatory": is_signed}
    return show("approving", status, problems, is_said=place.school.school.needs_approval is not None, **words)


def _letters_of(place: Here) -> dict[str, str]:
    """The letters of the school's policy that can be named."""
    rules = place.policy.in_force(place.day).rules
    return {rule.rule.letter: rule.rule.label for rule in rules if rule.rule.letter in LETTERS}


def _which(place: Here, needs: Needs) -> str:
    """What the school has chosen: nothing, enforcement letters and notices, letters by name, or every letter."""
    said = place.school.school.needs_approval
    if needs.is_every:
        return EVERY_LETTER
    if said is None or list(said) == [ENFORCEMENT]:
        return ENFORCEMENT
    return NAMED if said else NOBODY
