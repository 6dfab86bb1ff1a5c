"""What is kept and for how long, changed within its limits; and the list of what was changed, which can be checked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, request

from service.attendance.school import KEEP_YEARS
from service.errors import Problem
from service.memory.keeping.auditing import Verified, list_entries, verify_one
from service.memory.keeping.purging import first_kept, years_kept
from service.memory.looking.own_tables import keep_years
from service.memory.people.roles import ADMINISTRATORS, EVERYBODY
from service.web.shared.decision_list import SIZE, page_number
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed

_WHAT = {
    "letters": (
        "Letters, and the decisions they came from",
        "Schools commonly keep them for the current year and two more. Ask your records manager.",
    ),
    "history": (
        "The history: calls, meetings, visits, evidence, answers",
        "Penalty notices count for three years.",
    ),
    "registers": ("Registers, and what was corrected in them", "The law asks for six years."),
}


@site.get("/settings/keeping")
@allowed(EVERYBODY)
def keeping() -> Response:
    """What is kept, how long and why."""
    return _show()


@site.post("/settings/keeping")
@allowed(ADMINISTRATORS)
def keeping_now() -> Response:
    """Keep things for other numbers of years."""
    place, given, problems = here(), dict[str, int](), list[Problem]()
    for word, (least, most) in KEEP_YEARS.items():
        text = request.form.get(word, "").strip()
        if text.isascii() and text.isdecimal() and len(text) < 4 and least <= int(text) <= most:
            given[word] = int(text)
        else:
            sentence = f"{_WHAT[word][0].split(',')[0].split(':')[0]}: enter a whole number from {least} to {most}."
            problems.append(Problem("wrong-years", sentence, column=word))
    if problems:
        return _show(422, *problems)
    keep_years(place.memory, place.school, given)
    return go("keeping", "keeping")


@site.get("/settings/audit")
@allowed(EVERYBODY)
def audit() -> Response:
    """What was changed, the latest first."""
    return _audit()


@site.post("/settings/audit")
@allowed(EVERYBODY)
def verify_audit_now() -> Response:
    """Check that nothing in the list was changed or taken out."""
    return _audit(verify_one(here().memory, here().school))


def _show(status: int = 200, *problems: Problem) -> Response:
    place = here()
    years = years_kept(place.memory.desk.settings, place.school.school)._asdict()
    typed = request.form if problems else years
    rows = [_describe(word, years[word], typed.get(word, "")) for word in KEEP_YEARS]
    return show("keeping", status, problems, rows=rows)


def _describe(word: str, years: int, typed: object) -> dict[str, Any]:
    """A kind of thing that is kept."""
    what, why = _WHAT[word]
    least, most = KEEP_YEARS[word]
    gone = first_kept(here().day, years) - timedelta(days=1)
    return {"word": word, "what": what, "why": why, "typed": typed, "least": least, "most": most, "gone": gone}


def _audit(verified: Verified | None = None) -> Response:
    place, page = here(), page_number()
    entries = list_entries(place.memory, place.school, (page - 1) * SIZE, SIZE)
    return show("audit", entries=entries, page=page, size=SIZE, verified=verified)
