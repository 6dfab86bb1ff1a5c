"""Today: one line for each thing that waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flask import Response, url_for

from service.attendance.words import FACTS, MEETING_EVENTS
from service.memory.due_today import Due
from service.memory.people.roles import EVERYBODY
from service.storage.uploads import list_uploads
from service.web.pages.kinds import kind_of
from service.web.pages.site import Here, here, show, site
from service.web.pages.visitor import allowed


class Waiting(NamedTuple):
    """A thing that waits: how many, what, what to do about it, and where."""

    number: int
    what: str
    why: str
    where: str


@site.get("/")
@allowed(EVERYBODY)
def today() -> Response:
    """What must be done today."""
    place = here()
    due = list(place.at_hand.due.values())
    with place.memory.database.read() as connection:
        uploads = list_uploads(connection, place.school.id)
    waiting = [item for item in _find_waiting(place, due) if item.number]
    return show("today", waiting=waiting, pupils=len(due), upload=uploads[0] if uploads else None)


def _find_waiting(place: Here, due: list[Due]) -> Iterator[Waiting]:
    kinds = Counter(kind_of(item).name for item in due)
    letters = Counter(item.decision.due for item in due if item.decision and kind_of(item).name == "letter")
    by_letter = ", ".join(f"{number} {label}" for label, number in letters.most_common())
    decisions = lambda kind: url_for("site.decisions", kind=kind)  # noqa: E731
    yield Waiting(kinds["fault"], "could not be decided", "Something went wrong on our side.", decisions("fault"))
    yield Waiting(kinds["held"], "held back", "A letter is due, but something must be cleared up.", decisions("held"))
    yield Waiting(_asked(due), "with questions to answer", "An answer settles what is due.", url_for("site.questions"))
    yield Waiting(kinds["letter"], "due a letter", by_letter, decisions("letter"))
    yield Waiting(kinds["action"], "with something else to do", _actions(due), decisions("action"))
    meetings = sum(1 for item in due if has_open_meeting(place, item))
    why = "Record whether the parent came."
    yield Waiting(meetings, "with a meeting that has no outcome yet", why, url_for("site.pupils", show="meetings"))
    yield Waiting(
        _returns(due), "for a return to the council", "The law asks the school to report them.", decisions("return")
    )
    reviews = sum(1 for item in due if item.decision and item.decision.review_on == place.day)
    yield Waiting(reviews, "to review today", "The review day of their last letter is today.", decisions("review"))


def _asked(due: Iterable[Due]) -> int:
    return sum(1 for item in due if item.decision and any(word in FACTS for word in item.decision.missing))


def _actions(due: Iterable[Due]) -> str:
    found = Counter(item.decision.due for item in due if item.decision and kind_of(item).name == "action")
    return ", ".join(f"{number} {what}" for what, number in found.most_common())


def _returns(due: Iterable[Due]) -> int:
    return sum(1 for item in due if item.decision and item.decision.returns)


def has_open_meeting(place: Here, item: Due) -> bool:
    """Whether a meeting is over of which nobody has said what came of it."""
    history = item.remembered.pupil.record.history
    return any(event.event in MEETING_EVENTS and not event.outcome and event.on < place.day for event in history)
