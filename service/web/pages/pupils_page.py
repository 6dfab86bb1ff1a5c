"""Pupils: searched by name, UPN or group. A name is sent in the form, so that it stands in no address."""

from __future__ import annotations

from flask import Response, request

from service.memory.due_today import Due
from service.memory.people.roles import EVERYBODY
from service.web.pages.decisions_page import describe
from service.web.shared.decision_list import (
    SIZE,
    by_name,
    choose,
    choose_by_name,
    groups_of,
    one_page,
    page_number,
    pairs,
    read_filter,
    years_of,
)
from service.web.shared.site import here, show, site
from service.web.shared.visitor import allowed


@site.get("/pupils")
@allowed(EVERYBODY)
def pupils() -> Response:
    """Everybody, or those of a year or group."""
    return _show(by_name(choose(here(), read_filter())))


@site.post("/pupils")
@allowed(EVERYBODY)
def search_pupils() -> Response:
    """Those who are looked for."""
    text = request.form.get("text", "")[:100]
    return _show(choose_by_name(here(), text), text)


def _show(found: list[Due], text: str = "") -> Response:
    everybody = here().at_hand.due.values()
    shown = found[:SIZE] if text else one_page(found)
    return show(
        "pupils",
        rows=[describe(due) for due in shown],
        total=len(found),
        everybody=len(everybody),
        text=text,
        wanted=read_filter(),
        page=page_number(),
        size=SIZE,
        years=list(pairs(years_of(everybody), "All years")),
        groups=list(pairs(groups_of(everybody), "All groups")),
    )
