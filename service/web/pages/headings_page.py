"""Headings: what a school calls its columns; said where an export was not understood, listed and removed here."""

from __future__ import annotations

from flask import Response, request

from service.cohort.columns.column_words import say_column_word
from service.errors import SettingsError
from service.memory.looking.own_tables import forget_heading, headings_of, keep_headings
from service.memory.looking.uploaded import folder_of
from service.memory.people.roles import EVERYBODY, WRITERS
from service.web.pages.upload_page import show_understood
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed

_MOST = 200


@site.get("/settings/headings")
@allowed(EVERYBODY)
def headings() -> Response:
    """The headings that the school has kept."""
    kept = [(one.heading, say_column_word(one.word)) for one in headings_of(here().school.school)]
    return show("headings", kept=kept)


@site.post("/settings/headings/forget")
@allowed(WRITERS)
def forget_heading_now() -> Response:
    """Read a heading as if nobody had said what it is."""
    place = here()
    forget_heading(place.memory, place.school, request.form.get("heading", ""))
    return go("headings", "heading-forgotten")


@site.post("/upload/<token>/headings")
@allowed(WRITERS)
def headings_now(token: str) -> Response:
    """Keep what a person said that columns are, and look at the files again."""
    place, given = here(), request.form
    folder_of(place.memory, place.school.id, token)
    pairs = zip(given.getlist("heading")[:_MOST], given.getlist("word")[:_MOST], strict=False)
    try:
        keep_headings(place.memory, place.school, {heading: word for heading, word in pairs if word})
    except SettingsError as error:
        return show_understood(token, 422, *error.problems)
    words = {word: value for word in ("on", "nothing_sent") if (value := request.args.get(word, ""))}
    return go("understood", "headings", token=token, **words)
