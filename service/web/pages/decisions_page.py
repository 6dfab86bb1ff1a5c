"""Decisions: counts, the list, and the list as CSV."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response

from service.batches.csv_files import csv_lines
from service.decisions.decision import Decision
from service.letters.recipients import find_recipients
from service.memory.due_today import Due
from service.memory.people.roles import EVERYBODY
from service.web.shared.decision_list import (
    SIZE,
    choose,
    count_kinds,
    groups_of,
    one_page,
    page_number,
    pairs,
    read_filter,
    what_is_due,
    years_of,
)
from service.web.shared.kinds import kind_of, say_due, say_returns
from service.web.shared.lacking import say_lacking
from service.web.shared.site import here, show, site
from service.web.shared.visitor import allowed

_COLUMNS = {
    "last_name": "Last name",
    "first_name": "First name",
    "group": "Group",
    "attendance": "Attendance",
    "due": "What is due",
    "returns": "What the law asks",
    "why": "Why",
    "to": "To whom",
    "cautions": "Cautions",
    "held": "What holds the letter back",
}


@site.get("/decisions")
@allowed(EVERYBODY)
def decisions() -> Response:
    """Who is due what, and why."""
    place, wanted = here(), read_filter()
    everybody = list(place.at_hand.due.values())
    found = choose(place, wanted)
    return show(
        "decisions",
        rows=[describe(due) for due in one_page(found)],
        total=len(found),
        everybody=len(everybody),
        counts=count_kinds(everybody),
        wanted=wanted,
        page=page_number(),
        size=SIZE,
        years=list(pairs(years_of(everybody), "All years")),
        groups=list(pairs(groups_of(everybody), "All groups")),
        dues=list(pairs(what_is_due(everybody), "Everything")),
    )


@site.get("/decisions.csv")
@allowed(EVERYBODY)
def decisions_csv() -> Response:
    """The list as CSV, all pages of it."""
    lines = csv_lines(_COLUMNS, (_csv_row(describe(due)) for due in choose(here(), read_filter())))
    answer = make_response("\ufeff" + ",".join(_COLUMNS.values()) + "\r\n" + lines)
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="decisions.csv"'
    return answer


def describe(due: Due) -> dict[str, Any]:
    """What a row of the list says of a pupil."""
    pupil, decision = due.remembered.pupil, due.decision
    choice, is_letter = pupil.wishes.recipients, bool(decision and decision.letter)
    recipients = find_recipients(pupil.record, pupil.letterhead, choice).written_to if is_letter else ()
    reason = _find_main_reason(decision) if decision else ""
    return {
        "number": due.remembered.stored.id,
        "record": pupil.record,
        "decision": decision,
        "kind": kind_of(due),
        "due": say_due(due),
        "returns": say_returns(due),
        "attendance": decision.figures.get("attendance_percentage") if decision else None,
        "reason": reason or (due.fault.detail if due.fault else say_lacking(decision)),
        "recipients": [recipient.name for recipient in recipients],
        "version": due.remembered.stored.version,
    }


def _find_main_reason(decision: Decision) -> str:
    """The reason that tells most: a figure that reached its limit, else the first that holds."""
    held = [reason for reason in decision.main_reasons if reason.held]
    figures = (reason for reason in held if isinstance(reason.limit, int | float) and reason.comparison != "is")
    found = next(figures, held[0] if held else None)
    return found.text if found else ""


def _csv_row(row: dict[str, Any]) -> dict[str, str]:
    record, decision = row["record"], row["decision"]
    return {
        "last_name": record.last_name,
        "first_name": record.first_name,
        "group": record.registration_group,
        "attendance": "" if row["attendance"] is None else f"{row['attendance']:.2f}",
        "due": row["due"],
        "returns": "; ".join(row["returns"].values()),
        "why": " ".join(reason.text for reason in decision.main_reasons) if decision else row["reason"],
        "to": "; ".join(row["recipients"]),
        "cautions": " ".join(decision.cautions) if decision else "",
        "held": " ".join(hold.detail for hold in record.holds),
    }
