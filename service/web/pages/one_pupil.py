"""One pupil: picture, figures, timeline, contacts; what people did is written down; forms; what is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Response, make_response, request

from service.attendance.reading.value_kinds import read_day
from service.attendance.words import FACTS, FORMS, OTHER_EVENTS, OUTCOMES
from service.decisions.wording import PHRASES
from service.errors import AttendanceLettersError, Problem
from service.fill import fill_form
from service.letters.recipients import find_recipients
from service.memory.keeping.erasing import erase_pupil
from service.memory.keeping.pupil_file import write_pupil_file
from service.memory.people.roles import ADMINISTRATORS, EVERYBODY, WRITERS
from service.memory.reading_notes import Notes, read_answer, read_event, read_hold
from service.memory.recording import write_down
from service.memory.reversing import take_back
from service.memory.told_history import tell_history_of
from service.web.pages.one_decision import due_of
from service.web.shared.kinds import kind_of, say_due
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed
from service.web.shared.week_picture import draw

_FIRST = (
    "attendance_percentage",
    "sessions_possible",
    "sessions_attended",
    "sessions_authorised",
    "sessions_unauthorised",
    "sessions_unexplained",
    "sessions_late",
    "sessions_late_after_close",
)
"""The figures that somebody looks for first."""


@site.get("/pupils/<int:number>")
@allowed(EVERYBODY)
def one_pupil(number: int) -> Response:
    """Everything about one pupil."""
    return show_pupil(number)


@site.post("/pupils/<int:number>/event")
@allowed(WRITERS)
def event_now(number: int) -> Response:
    """Write down what was done."""
    place, given = here(), request.form
    due_of(place, number)
    words = {word: given.get(word, "").strip() for word in ("on", "event", "outcome", "recipient", "method", "note")}
    if day := read_day(words["on"], british=True):
        words["on"] = day.isoformat()
    if words["event"] not in OTHER_EVENTS or words["event"] not in place.policy.events:
        return show_pupil(number, 422, Problem("no-event", "Choose what was done.", column="event"))
    try:
        happened = read_event({**words, "by": place.by}, place.policy.events)
    except AttendanceLettersError as error:
        return show_pupil(number, 422, *error.problems)
    write_down(place.memory, place.school, number, Notes(event=happened))
    return go("one_pupil", "recorded", number=number)


@site.post("/pupils/<int:number>/answer")
@allowed(WRITERS)
def pupil_answer_now(number: int) -> Response:
    """Write down an answer about this pupil."""
    place = here()
    due_of(place, number)
    try:
        word, answer = request.form.get("word", ""), request.form.get("answer", "")
        told = read_answer(word, answer, place.day)
    except AttendanceLettersError as error:
        problems = [Problem(item.code, item.detail, column="word") for item in error.problems]
        return show_pupil(number, 422, *problems)
    write_down(place.memory, place.school, number, Notes(answers=(told,)))
    return go("one_pupil", "recorded", number=number)


@site.post("/pupils/<int:number>/hold")
@allowed(WRITERS)
def hold_now(number: int) -> Response:
    """Write no letter before a day, or until the hold is lifted."""
    place = here()
    due_of(place, number)
    text, why = request.form.get("until", "").strip(), request.form.get("why", "")
    until = read_day(text, british=True)
    problems = []
    if text and until is None:
        problems.append(Problem("not-a-day", "Enter the day as 20/11/2026, or leave it empty.", column="until"))
    if not why.strip():
        problems.append(Problem("no-reason", "Say why no letter may be written.", column="why"))
    if problems:
        return show_pupil(number, 422, *problems)
    write_down(place.memory, place.school, number, Notes(hold=read_hold(until, why)))
    return go("one_pupil", "held", number=number)


@site.post("/pupils/<int:number>/lift")
@allowed(WRITERS)
def lift_now(number: int) -> Response:
    """Allow letters again."""
    place = here()
    due_of(place, number)
    write_down(place.memory, place.school, number, Notes(lift=True))
    return go("one_pupil", "lifted", number=number)


@site.post("/pupils/<int:number>/events/<int:event>/take-back")
@allowed(WRITERS)
def event_back_now(number: int, event: int) -> Response:
    """Take back what was written down by mistake."""
    place, why = here(), request.form.get("why", "")
    due_of(place, number)
    told = tell_history_of(place.memory, place.school, number)
    if event not in {item.id for item in told.events} or not why.strip():
        return show_pupil(number, 422, Problem("no-reason", "Say why it is taken back.", column=f"why-{event}"))
    take_back(place.memory, place.school, str(event), why, place.by)
    return go("one_pupil", "recorded", number=number)


@site.get("/pupils/<int:number>/forms/<form>.pdf")
@allowed(EVERYBODY)
def form_filled(number: int, form: str) -> Response:
    """A form filled with what is known."""
    place = here()
    document = fill_form(place.memory.desk, due_of(place, number).remembered.pupil, form)
    answer = make_response(document.content)
    answer.headers["Content-Type"] = document.media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    return answer


@site.post("/pupils/<int:number>/everything")
@allowed(ADMINISTRATORS)
def everything_about(number: int) -> Response:
    """Everything that is kept about a pupil, as a ZIP."""
    place = here()
    due_of(place, number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pupil.zip"
        write_pupil_file(place.memory, place.at_hand.today, number, path)
        answer = make_response(path.read_bytes())
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = 'attachment; filename="pupil.zip"'
    return answer


@site.post("/pupils/<int:number>/erase")
@allowed(ADMINISTRATORS)
def erase_now(number: int) -> Response:
    """Erase everything about a pupil, once somebody has typed that it is meant."""
    place = here()
    due_of(place, number)
    if request.form.get("sure", "").strip().lower() != "erase":
        sentence = "Type erase to erase everything about this pupil. It cannot be undone."
        return show_pupil(number, 422, Problem("not-sure", sentence, column="sure"))
    erase_pupil(place.memory, place.school, number)
    return go("pupils", "erased")


def show_pupil(number: int, status: int = 200, *problems: Problem) -> Response:
    """The page of one pupil."""
    place = here()
    due = due_of(place, number)
    pupil, stored = due.remembered.pupil, due.remembered.stored
    told = tell_history_of(place.memory, place.school, number)
    recipients = find_recipients(pupil.record, pupil.letterhead)
    typed = request.form if request.method == "POST" else {}
    return show(
        "one_pupil",
        status,
        problems,
        number=number,
        record=pupil.record,
        decision=due.decision,
        kind=kind_of(due),
        said=say_due(due),
        told=told,
        letters_of={item.id: [one for one in told.letters if one.event == item.id] for item in told.events},
        written_to={contact for one in recipients.written_to for contact in one.numbers},
        not_written=recipients.problems,
        holds=stored.holds,
        picture=draw(stored.record.register, place.school.calendar, pupil.record.history, place.day, place.labels),
        labels=place.labels,
        figures=_figures(due.decision.figures if due.decision else {}),
        events=[("", "Choose"), *((word, text) for word, text in OTHER_EVENTS.items() if word in place.policy.events)],
        outcomes=[("", "Not known yet"), *OUTCOMES.items()],
        questions=[("", "Choose"), *((word, fact.question) for word, fact in FACTS.items())],
        facts=[FACTS[word].yes if answer else FACTS[word].no for word, answer in pupil.record.facts.items()],
        forms=FORMS,
        typed=typed,
    )


def _figures(figures: dict[str, int | float]) -> list[tuple[str, str]]:
    """The figures that were looked at, as a person reads them."""
    named = []
    for word in sorted(figures, key=lambda word: _FIRST.index(word) if word in _FIRST else len(_FIRST)):
        value, phrase = figures[word], PHRASES.get(word)
        if phrase:
            named.append((phrase[1][:1].upper() + phrase[1][1:], f"{value:g}"))
        elif word == "attendance_percentage":
            named.append(("Attendance", f"{value:.1f} %"))
    return named
