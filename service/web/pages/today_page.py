"""Today: one line for each thing that waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from flask import Response, current_app, url_for

from service.attendance.words import FACTS
from service.memory.approval.approving import find_approvals
from service.memory.due_today import Due
from service.memory.people.roles import EVERYBODY, SIGNATORIES
from service.storage.batched.batch_values import DECIDED, WORKING
from service.storage.batched.batches_kept import list_batches
from service.storage.issued import UNSENT, LetterSearch, count_letters
from service.storage.people.people_kept import find_person
from service.storage.uploads import list_uploads
from service.web.shared.decision_list import PENALTY, has_open_meeting, returns_of
from service.web.shared.kinds import kind_of, say_due
from service.web.shared.lacking import cannot_be_asked
from service.web.shared.setting_up import steps_left
from service.web.shared.site import Here, here, show, site
from service.web.shared.visitor import allowed

RECENT = timedelta(days=14)
OPEN_BATCHES = (DECIDED, *WORKING)


class Waiting(NamedTuple):
    """A thing that waits: how many, what, what to do about it, and where."""

    number: int
    what: str
    why: str
    where: str
    one: str = "pupil"
    many: str = "pupils"


@site.get("/")
@allowed(EVERYBODY)
def today() -> Response:
    """What must be done today."""
    place = here()
    left = steps_left(place)
    due = [] if left and not place.school.school.policy else list(place.at_hand.due.values())
    with place.memory.database.read() as connection:
        uploads = list_uploads(connection, place.school.id)
        open_batches = Counter(item.state for item in list_batches(connection, place.school.id, OPEN_BATCHES))
    found = (*_find_batches(open_batches), *_find_approvals(place), *_find_waiting(place, due))
    waiting = [item for item in found if item.number]
    return show(
        "today",
        waiting=waiting,
        pupils=len(due),
        left=() if due else left,
        upload=uploads[0] if uploads else None,
        has_password=_can_sign_in_again(place),
    )


def _can_sign_in_again(place: Here) -> bool:
    """Whether somebody who signed in by a link has another way: a password, or an account of a provider."""
    with place.memory.database.read() as connection:
        found = find_person(connection, place.who.person.email)
    return bool(current_app.extensions["provider"] or (found and found[1]))


def _find_batches(states: Counter[str]) -> Iterator[Waiting]:
    working, where = sum(states[state] for state in WORKING), url_for("site.batches")
    yield Waiting(states[DECIDED], "to look at and issue", "Batches that wait for somebody.", where, "batch", "batches")
    yield Waiting(working, "at work", "You see how far each is.", where, "batch", "batches")


def _find_approvals(place: Here) -> Iterator[Waiting]:
    waiting, where = find_approvals(place.memory, place.school).waiting, url_for("site.approvals")
    own = sum(1 for one in waiting if place.who.role in SIGNATORIES and one.asker != place.who.person.id)
    why = "Look at each, then approve it, or say why not."
    yield Waiting(own, "to approve", why, where, "letter", "letters")
    why = "They are issued when a signatory approves them."
    yield Waiting(len(waiting) - own, "with a signatory", why, where, "letter", "letters")


def _find_waiting(place: Here, due: list[Due]) -> Iterator[Waiting]:
    kinds = Counter(kind_of(item).name for item in due)
    letters = Counter(say_due(item) for item in due if kind_of(item).name == "letter")
    actions = Counter(say_due(item) for item in due if kind_of(item).name == "action")
    asked = sum(1 for item in due if item.decision and any(word in FACTS for word in item.decision.missing))
    meetings = sum(1 for item in due if has_open_meeting(place, item))
    returns = sum(1 for item in due if returns_of(item) - {PENALTY})
    penalties = sum(1 for item in due if PENALTY in returns_of(item))
    reviews = sum(1 for item in due if item.decision and item.decision.review_on == place.day)
    yield _of_kind("fault", kinds["fault"], "could not be decided", "Something went wrong on our side.")
    yield _of_kind("held", kinds["held"], "held back", "A letter is due, but something must be cleared up.")
    yield Waiting(asked, "with questions to answer", "An answer settles what is due.", url_for("site.questions"))
    lacking = sum(map(cannot_be_asked, due))
    yield _of_kind("undecided", lacking, "whose figures do not settle what is due", "See what to export as well.")
    yield _of_kind("letter", kinds["letter"], "due a letter", say_counts(letters))
    yield _of_kind("action", kinds["action"], "with something else to do", say_counts(actions))
    where = url_for("site.pupils", show="meetings")
    yield Waiting(meetings, "with a meeting without an outcome", "Record whether the parent came.", where)
    yield _of_kind("return", returns, "for a return to the council", "The law asks the school to report them.")
    why = "The national threshold is reached. Support comes first."
    yield _of_kind("penalty", penalties, "to consider a penalty notice for", why)
    yield _of_kind("review", reviews, "to review today", "Their last letter is reviewed today.")
    recent = LetterSearch(state=UNSENT, since=place.day - RECENT)
    with place.memory.database.read() as connection:
        unsent = count_letters(connection, place.school.id, recent)
    why = "Issued in the last two weeks. Write down when they were printed and sent."
    yield Waiting(unsent, "not sent yet", why, url_for("site.letters", state=UNSENT), "letter", "letters")


def _of_kind(kind: str, number: int, what: str, why: str) -> Waiting:
    return Waiting(number, what, why, url_for("site.decisions", kind=kind))


def say_counts(counted: Counter[str]) -> str:
    """How many there are of each."""
    return "; ".join(f"{what}: {number}" for what, number in counted.most_common())
