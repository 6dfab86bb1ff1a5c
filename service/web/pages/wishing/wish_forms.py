"""The forms of one decision that say what somebody wants of its letter: a personal sentence, other recipients."""

from __future__ import annotations

from flask import Response, request

from service.attendance.wishes import PersonalSentence
from service.errors import Problem, RequestError
from service.issue import letters_of_policy
from service.memory.due_today import Due
from service.memory.people.roles import WRITERS
from service.memory.wishing.keeping_wishes import choose_recipients, keep_recipients, keep_sentence, take_back_wish
from service.memory.wishing.read_wishes import RECIPIENTS, SENTENCE
from service.web.pages.one_decision import due_of, letter_of, show_decision
from service.web.shared.decision_list import read_filter
from service.web.shared.site import Here, go, here, site
from service.web.shared.visitor import allowed

_CHANGED = "This has changed since you looked. Look at the people again, then keep who gets the letter."


@site.post("/decisions/<int:number>/sentence")
@allowed(WRITERS)
def sentence_now(number: int) -> Response:
    """Put a personal sentence into the letter."""
    place = here()
    due = due_of(place, number)
    try:
        sentence = PersonalSentence(request.form.get("personal_sentence", ""), _letter(due), place.by, place.day)
        keep_sentence(place.memory, place.school, due.remembered, sentence)
    except RequestError as error:
        return show_decision(number, 422, *error.problems)
    return _back(number, "sentence")


@site.post("/decisions/<int:number>/sentence/take-out")
@allowed(WRITERS)
def sentence_out_now(number: int) -> Response:
    """Take the personal sentence out again."""
    return _take_back(here(), number, SENTENCE, "sentence-out")


@site.post("/decisions/<int:number>/recipients")
@allowed(WRITERS)
def recipients_now(number: int) -> Response:
    """Keep who gets the letter, and why."""
    place, given = here(), request.form
    due = due_of(place, number)
    if given.get("seen") != str(due.remembered.stored.version):
        return show_decision(number, 409, Problem("changed", _CHANGED))
    ticked = {int(text) for text in given.getlist("recipient") if text.isdecimal() and len(text) < 6}
    try:
        choice = choose_recipients(due.remembered.pupil, ticked, given.get("recipients_why", ""), _letter(due))
        keep_recipients(place.memory, place.school, due.remembered, choice.signed(place.by, place.day))
    except RequestError as error:
        return show_decision(number, 422, *error.problems)
    return _back(number, "recipients-usual" if choice.changes_nothing else "recipients")


@site.post("/decisions/<int:number>/recipients/usual")
@allowed(WRITERS)
def recipients_usual_now(number: int) -> Response:
    """Go back to whoever usually gets the letter."""
    return _take_back(here(), number, RECIPIENTS, "recipients-usual")


def _letter(due: Due) -> str:
    """The letter that the page shows. Raises RequestError when it shows none, or none of the policy's."""
    letter, pupil = letter_of(due), due.remembered.pupil
    if not letter:
        problem = Problem("no-letter", "No letter is due. Choose one first.")
        raise RequestError("no-letter", "There is no letter", problem)
    letters_of_policy(pupil.active_policy(), pupil.policy.name, letter)
    return letter


def _take_back(place: Here, number: int, kind: str, done: str) -> Response:
    due_of(place, number)
    take_back_wish(place.memory, place.school, number, kind)
    return _back(number, done)


def _back(number: int, done: str) -> Response:
    """The same page again: the same letter, in the same list."""
    letter = {"letter": request.args["letter"]} if request.args.get("letter") else {}
    return go("one_decision", done, number=number, **letter, **read_filter().words)
