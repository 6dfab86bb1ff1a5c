"""Letters: the log; the same bytes again; one to print, or a ZIP; taken back with a reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flask import Response, make_response, request

from service.attendance.reading.value_kinds import read_day
from service.batches.from_memory.sent_files import bind_sent, list_sent, pack_sent, read_sent
from service.errors import ConversionError, Problem, RequestError
from service.memory.dispatch.sending import note_printed, note_sent, undo_sending
from service.memory.looking.letter_log import look_up_letters
from service.memory.people.roles import EVERYBODY, WRITERS
from service.memory.reversing import read_again, take_back
from service.one_file import KeptLetter, as_one_pdf
from service.storage.issued import REVERSED, LetterSearch
from service.web.pages.issue_page import find_run
from service.web.shared.decision_list import SIZE, page_number
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed
from service.word.document import DOCX, PDF


@site.get("/letters")
@allowed(EVERYBODY)
def letters() -> Response:
    """What was issued, to whom, when, and whether it counts."""
    return _show()


@site.post("/letters/files")
@allowed(EVERYBODY)
def letter_files() -> Response:
    """The letters that were chosen: as one file to print, as a ZIP, or as a list."""
    place = here()
    try:
        sent = read_sent(place.memory, place.school, _chosen())
        if request.form.get("as") == "print":
            bound = bind_sent(place.memory, sent, "one" if request.form.get("sides") == "one" else "both")
            return _download(bound, PDF, "letters.pdf")
    except (RequestError, ConversionError) as error:
        return _show(422, *error.problems)
    if request.form.get("as") == "list":
        return _download(list_sent([one.logged for one in sent]), "text/csv; charset=utf-8", "index.csv")
    return _download(pack_sent(sent), "application/zip", "letters.zip")


@site.post("/letters/sending")
@allowed(WRITERS)
def sending_now() -> Response:
    """Write down that the letters that were chosen were printed or sent, or that they were not."""
    place, given = here(), request.form
    chosen = _chosen()
    try:
        if given.get("became") == "sent":
            day = read_day(given.get("sent_on", ""), british=True)
            how = given.get("how", "")
            count = note_sent(place.memory, place.school, chosen, how, day, place.day, place.by)
        elif given.get("became") == "printed":
            count = note_printed(place.memory, place.school, chosen, place.day, place.by)
        else:
            count = undo_sending(place.memory, place.school, chosen, place.by)
    except RequestError as error:
        return _show(422, *error.problems, ticked=chosen)
    done = {"sent": "sent", "printed": "printed"}.get(given.get("became", ""), "unsent")
    return go("letters", done, n=count)


@site.get("/letters/<reference>.<kind>")
@allowed(EVERYBODY)
def letter_again(reference: str, kind: str) -> Response:
    """A letter again: the same bytes as a Word document, or as a PDF of them."""
    place = here()
    letter, content = read_again(place.memory, place.school, reference)
    if not content.startswith(b"PK"):
        return _download(content, "text/plain; charset=utf-8", f"{letter.reference}.txt")
    if kind == "pdf":
        made = as_one_pdf([KeptLetter(letter.reference, letter.label, content)], place.memory.desk.press)
        return _download(made.content, PDF, made.name, "inline")
    return _download(content, DOCX, f"{letter.reference}.docx")


@site.get("/letters/<reference>/take-back")
@allowed(WRITERS)
def take_back_letter(reference: str) -> Response:
    """Ask for the reason, once."""
    return _ask(reference)


@site.post("/letters/<reference>/take-back")
@allowed(WRITERS)
def take_back_now(reference: str) -> Response:
    """Take a letter back; it stays in the log with the reason."""
    place = here()
    why = request.form.get("why", "")
    if not why.strip():
        problem = Problem("no-reason", "Say why: the reason stays in the history.", column="why")
        return _ask(reference, 422, problem)
    take_back(place.memory, place.school, reference, why, place.by)
    return go("letters", "taken-back", reference=reference)


def _ask(reference: str, status: int = 200, *problems: Problem) -> Response:
    place = here()
    page = look_up_letters(place.memory, place.school, LetterSearch(reference=reference))
    found = [logged for logged in page.letters if logged.letter.state != REVERSED]
    if not found:
        sentence = f"There is no letter {reference} that counts."
        raise RequestError("unknown-letter", "There is no such letter", Problem("unknown-letter", sentence))
    return show("take_back", status, problems, found=found, reference=reference)


def _show(status: int = 200, *problems: Problem, ticked: Collection[int] = ()) -> Response:
    place, asked = here(), request.args
    wanted = LetterSearch(
        letter=asked.get("letter", "")[:60],
        state=asked.get("state", "")[:10],
        reference=asked.get("reference", "")[:30],
        since=read_day(asked.get("on", ""), british=True),
        until=read_day(asked.get("on", ""), british=True),
    )
    page = look_up_letters(place.memory, place.school, wanted, (page_number() - 1) * SIZE, SIZE)
    rules = [item.rule for item in place.policy.in_force(place.day).rules]
    known = {rule.letter: rule.label for rule in rules if rule.letter}
    words = {word: value for word in ("letter", "state", "reference", "on") if (value := asked.get(word, ""))}
    choices = [("", "All letters"), *sorted(known.items(), key=lambda pair: pair[1])]
    problems = tuple(replace(item, column="letters") if item.code == "no-letters" else item for item in problems)
    shown = {"found": page, "page": page_number(), "size": SIZE, "words": words, "choices": choices, "ticked": ticked}
    return show("letters", status, problems, **shown)


def _chosen() -> list[int]:
    """The letters that were ticked, or those of a run."""
    token = request.form.get("run", "")
    return find_run(token).letters if token else _numbers(request.form.getlist("letter"))


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19]


def _download(content: bytes, media_type: str, name: str, how: str = "attachment") -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return answer
