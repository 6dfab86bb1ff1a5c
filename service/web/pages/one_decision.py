"""One decision: the reasons, the picture, the letter as it will be, and what somebody may change about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Response, make_response, request

from service.attendance.wishes import USUAL
from service.attendance.words import FACTS, FORMS, MEETING
from service.errors import AttendanceLettersError, Problem, RequestError
from service.issue import Issue, issue_letters
from service.letters.personal import LONGEST_SENTENCE
from service.letters.recipients import has_care, is_entitled, why_not_written_to
from service.memory.approval.approving import meeting_of
from service.memory.approval.needing import Needs, find_needs
from service.memory.due_today import Due
from service.memory.issuing import CHANGED, had_letter, issue_for, with_meeting
from service.memory.people.roles import EVERYBODY, WRITERS
from service.memory.reading_notes import Answer, Notes, read_answer
from service.memory.recording import write_down
from service.memory.remembered import unknown_pupil
from service.one_file import as_one_document, as_one_pdf
from service.storage.approval.approvals_kept import WAITS, Approval, last_of_pupil
from service.web.shared.decision_list import choose, read_filter
from service.web.shared.issue_run import ISSUED_TODAY
from service.web.shared.kinds import kind_of, say_due, say_returns
from service.web.shared.site import Here, go, here, show, site
from service.web.shared.visitor import allowed
from service.web.shared.week_picture import draw


@site.get("/decisions/<int:number>")
@allowed(EVERYBODY)
def one_decision(number: int) -> Response:
    """Whether it is right, and why."""
    return show_decision(number)


@site.post("/decisions/<int:number>/meeting")
@allowed(WRITERS)
def meeting_now(number: int) -> Response:
    """Keep the meeting that the letter invites to, and answers that it waits for."""
    place = here()
    due_of(place, number)
    answers, problems = list[Answer](), list[Problem]()
    for word in (*MEETING, *FACTS):
        try:
            if value := request.form.get(word, "").strip():
                answers.append(read_answer(word, value, place.day))
        except RequestError as error:
            problems += (replace(item, column=word) for item in error.problems)
    if problems:
        return show_decision(number, 422, *problems)
    write_down(place.memory, place.school, number, Notes(answers=tuple(answers)))
    has_meeting = any(answer.word in MEETING for answer in answers)
    return go("one_decision", "meeting" if has_meeting else "answered", number=number)


@site.post("/decisions/<int:number>/issue")
@allowed(WRITERS)
def issue_one_now(number: int) -> Response:
    """Issue the letter that is due, or another one that somebody named."""
    place = here()
    due = due_of(place, number)
    version = due.remembered.stored.version
    if request.form.get("seen") != str(version):
        return show_decision(number, 409, Problem("changed", CHANGED))
    named, who = request.form.get("letter", ""), place.who.person.id
    try:
        done = issue_for(place.memory, place.at_hand.today, number, named, place.by, asker=who, seen=version)
    except AttendanceLettersError as error:
        return show_decision(number, 422, *error.problems)
    if done.is_asked:
        return go("one_decision", "asked", number=number)
    if done.waits:
        return show_decision(number, 422, Problem("issued-today", ISSUED_TODAY))
    if not done.kept:
        return show_decision(number, 422, *done.issue.problems)
    return go("one_pupil", "issued", number=number)


@site.get("/decisions/<int:number>/letter.<kind>")
@allowed(EVERYBODY)
def letter_preview(number: int, kind: str) -> Response:
    """The letter as it will be, as a Word document or a PDF."""
    place = here()
    due = due_of(place, number)
    issue = _preview(place, due, request.args.get("letter", ""), _look_up_approval(place, number)[1])
    letters = [letter for letter in issue.letters if letter.word]
    if not letters or kind not in ("docx", "pdf"):
        raise RequestError("no-letter", "There is no such letter", Problem("no-letter", "No letter can be made yet."))
    document = as_one_pdf(letters, place.memory.desk.press) if kind == "pdf" else as_one_document(letters)
    answer = make_response(document.content)
    answer.headers["Content-Type"] = document.media_type
    answer.headers["Content-Disposition"] = f'inline; filename="preview.{kind}"'
    return answer


def show_decision(number: int, status: int = 200, *problems: Problem) -> Response:
    """The page of one decision."""
    place, wanted = here(), read_filter()
    due = due_of(place, number)
    chosen = request.args.get("letter", "")
    needs, approval = _look_up_approval(place, number)
    issue = _preview(place, due, chosen, approval)
    pupil, stored = due.remembered.pupil, due.remembered.stored
    before, after = _neighbours(place, number)
    return show(
        "one_decision",
        status,
        problems,
        due=due,
        number=number,
        record=pupil.record,
        decision=due.decision,
        kind=kind_of(due),
        said=say_due(due),
        returns=say_returns(due),
        forms=FORMS,
        issue=issue,
        texts=[(letter, letter.blocks) for letter in issue.letters],
        stopped=issue.problems,
        issued_today=ISSUED_TODAY if issue.letters and not chosen and had_letter(due.remembered) else "",
        chosen=chosen,
        wishes=pupil.wishes,
        has_place=_has_place(place, due),
        people=list(_people(due)),
        longest=LONGEST_SENTENCE,
        typed=request.form if request.method == "POST" else {},
        letter=letter_of(due),
        others=_other_letters(place, due),
        picture=draw(stored.record.register, place.school.calendar, pupil.record.history, place.day, place.labels),
        labels=place.labels,
        meeting_words=MEETING,
        facts=FACTS,
        before=before,
        after=after,
        wanted=wanted,
        approval=approval,
        needs_approval=needs.has(letter_of(due)),
    )


def _look_up_approval(place: Here, number: int) -> tuple[Needs, Approval | None]:
    """Which letters a signatory approves, and the letter about the pupil that one was asked to approve last."""
    with place.memory.database.read() as connection:
        needs = find_needs(connection, place.school, place.policy)
        return needs, last_of_pupil(connection, place.school.id, number)


def due_of(place: Here, number: int) -> Due:
    """A pupil's decision of the day. Raises RequestError where the school has no such pupil."""
    found = place.at_hand.due.get(number)
    if found is None:
        raise unknown_pupil()
    return found


def letter_of(due: Due) -> str:
    """The letter that the page shows: the one that somebody wants to look at, else the one that is due."""
    return request.args.get("letter", "") or (due.decision.letter if due.decision else "")


def _has_place(place: Here, due: Due) -> bool:
    """Whether the letter that the page shows takes a personal sentence."""
    pupil, letter = due.remembered.pupil, letter_of(due)
    try:
        opened = place.memory.desk.open_letter(letter, pupil.policy.name, pupil.letterhead)
    except AttendanceLettersError:
        return False
    return "personal_sentence" in opened.template.wants


def _people(due: Due) -> Iterator[dict[str, Any]]:
    """Every contact: whether they are ticked to get the letter, or why nobody may choose them."""
    pupil = due.remembered.pupil
    choice = pupil.wishes.recipients or USUAL
    ticked = request.form.getlist("recipient") if "recipients_why" in request.form else None
    for number, contact in enumerate(pupil.record.contacts, 1):
        problem = why_not_written_to(number, contact, pupil.letterhead)
        is_usual = is_entitled(contact)
        gets_it = not problem and (number in choice.added or (is_usual and number not in choice.left_out))
        is_ticked = gets_it if ticked is None else str(number) in ticked
        known = {"number": number, "name": contact.name or f"Contact {number}", "relationship": contact.relationship}
        yield {**known, "is_ticked": is_ticked, "has_care": has_care(contact), "problem": problem}


def _preview(place: Here, due: Due, letter: str, approval: Approval | None) -> Issue:
    """What would be issued, with the meeting of the letter that waits for a signatory; nothing is kept."""
    waits = approval if approval and approval.state == WAITS else None
    about = with_meeting(due.remembered, letter, meeting_of(waits) if waits else None)
    return issue_letters(place.memory.desk, about.pupil, letter)


def _neighbours(place: Here, number: int) -> tuple[int | None, int | None]:
    """The pupils before and after this one in the list that somebody came from."""
    order = [due.remembered.stored.id for due in choose(place, read_filter())]
    if number not in order:
        return None, None
    at = order.index(number)
    return (order[at - 1] if at else None), (order[at + 1] if at + 1 < len(order) else None)


def _other_letters(place: Here, due: Due) -> list[tuple[str, str]]:
    """The policy's other letters, which somebody may send instead."""
    active = due.remembered.pupil.active_policy()
    found = {item.rule.letter: item.rule.label for item in active.rules if item.rule.letter}
    own = due.decision.letter if due.decision else ""
    return sorted(((word, label) for word, label in found.items() if word != own), key=lambda pair: pair[1])
