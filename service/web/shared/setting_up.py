"""What is left to do until a new school has its first decisions."""

from __future__ import annotations

from typing import NamedTuple

from service.storage.uploads import list_uploads
from service.web.shared.site import Here


class Step(NamedTuple):
    """A step: its page, what to do there and why, and whether it is done."""

    page: str
    what: str
    why: str
    is_done: bool


def steps_left(place: Here) -> tuple[Step, ...]:
    """The steps of setting the school up, in their order; none once an export has been taken in."""
    with place.memory.database.read() as connection:
        if list_uploads(connection, place.school.id):
            return ()
    school = place.school.school
    has_words = bool(school.policy and school.word("school_address_line_1") and school.word("sender_name"))
    return (
        Step(
            "settings",
            "Choose the policy, and enter the school's address and who signs",
            "The policy's rules decide who is due what; the rest is on every letter.",
            has_words,
        ),
        Step(
            "calendar",
            "Enter the calendar",
            "Days on which the school is closed do not count.",
            bool(place.school.calendar.entries),
        ),
        Step("upload", "Upload a first export", "You see what we understood before anything is kept.", False),
    )
