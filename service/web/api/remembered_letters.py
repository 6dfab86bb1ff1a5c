"""Letters that are issued with a key: remembered, and answered from what is remembered."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, make_response

from service.desk import Desk
from service.errors import ConversionError, Problem, RequestError
from service.issue import Issue, IssuedLetter
from service.memory.access.doing_once import Turn
from service.memory.access.given_pupils import take_one
from service.memory.issuing import Issued, issue_for
from service.memory.remembered import remember
from service.one_file import KeptLetter, refuse_undrawable
from service.storage.database import Connection
from service.web.api.letter_answers import (
    JSON,
    accepts_json,
    answer_file,
    choose,
    letter_as_json,
    make_file,
    refuse_no_converter,
    refuse_word_only,
)
from service.web.api.no_letter import at_pupil, refuse_no_file
from service.web.api.wishes_asked import wishes_for
from service.web.once import Told, answer_once
from service.web.problems import problem_as_json
from service.web.remembering import here, today_of
from service.web.requests import Asked
from service.word.document import PDF, Document


def issue_and_tell(desk: Desk, asked: Asked, wanted: str) -> Response:
    """Issue the letters that are due, or the one that is named, and answer as is wanted."""
    return answer_once(lambda turn: _issue(desk, asked, wanted, turn), lambda told: _tell(desk, told, wanted))


def _issue(desk: Desk, asked: Asked, wanted: str, turn: Turn | None) -> Told:
    memory, _ = here()
    today = today_of(asked)
    if wanted == PDF:
        refuse_no_converter(desk)
    number = take_one(memory, today, asked.pupils[0])
    about = remember(memory, today, number).pupil if asked.wishes.recipients else asked.pupil(asked.pupils[0])
    wishes = wishes_for(asked, about)
    told: dict[str, Any] = {}

    def keep(connection: Connection, issued: Issued) -> None:
        told.update(_what_to_tell(desk, issued, asked, wanted, number))
        if turn:
            turn.keep(connection, told, number)

    issued = issue_for(memory, today, number, asked.letter, asked.by, also=keep, wishes=wishes)
    if not issued.kept:
        told = _what_to_tell(desk, issued, asked, wanted, number)
        if turn:
            turn.keep_alone(told, number)
    return told


def _what_to_tell(desk: Desk, issued: Issued, asked: Asked, wanted: str, number: int) -> dict[str, Any]:
    """The answer as it is kept. Raises RequestError where nothing could be answered, so that nothing is issued."""
    issue = issued.issue
    letters = choose(issue, asked)
    if wanted != JSON and not _is_told_as_json(issue, letters):
        refuse_no_file(issued.remembered.pupil, issue, letters)
        if wanted == PDF:
            with_pages = [letter for letter in letters if letter.content]
            refuse_word_only(desk, with_pages)
            refuse_undrawable(with_pages, desk.press)
    files = {kept.letter.reference: kept.file for kept in issued.kept}
    return {
        "decision": issue.decision.as_json(),
        "letters": [{**letter_as_json(letter), **_links(letter.reference)} for letter in issue.letters],
        "problems": [problem_as_json(problem) for problem in at_pupil(issue.problems)],
        "files": [[letter.reference, letter.label, files[letter.reference]] for letter in letters if letter.content],
        "as_json": wanted == JSON or _is_told_as_json(issue, letters),
        "pupil": number,
    }


def _is_told_as_json(issue: Issue, letters: Sequence[IssuedLetter]) -> bool:
    """Whether there is nothing to put into a file, and JSON may come instead."""
    has_file = any(letter.content for letter in letters) or (issue.problems and not letters)
    return not has_file and accepts_json()


def _links(reference: str) -> dict[str, dict[str, str]]:
    own = f"/v1/letters/{reference}"
    return {"links": {"self": own, "file": f"{own}/file", "reversal": f"{own}/reversal"}}


def _tell(desk: Desk, told: Told, wanted: str) -> Response:
    if told["as_json"]:
        shown = {word: told[word] for word in ("decision", "letters", "problems")}
        return make_response(jsonify(shown), 201 if told["letters"] else 200)
    document = _kept_pdf(told) or _make(desk, told, wanted)
    problems = [Problem(item["code"], item["detail"], item["pointer"]) for item in told["problems"]]
    answer = answer_file(document, [reference for reference, _, _ in told["files"]], problems)
    answer.headers["Location"] = f"/v1/letters/{told['files'][0][0]}"
    return answer


def _make(desk: Desk, told: Told, wanted: str) -> Document:
    memory, school = here()
    letters: list[KeptLetter] = []
    for reference, label, name in told["files"]:
        content = memory.files.get(school.id, name)
        if content is None:
            sentence = f"The file of {reference} is not kept any more."
            raise RequestError("missing-file", "The letter is gone", Problem("missing-file", sentence))
        letters.append(KeptLetter(reference, label, content))
    try:
        return make_file(desk, letters, wanted)
    except ConversionError as error:
        names = ", ".join(letter.reference for letter in letters)
        sentence = f"{names} was issued, but not turned into a PDF. Get it at /v1/letters/{letters[0].reference}/file."
        problems = [Problem("issued-without-pdf", sentence), *error.problems]
        raise RequestError("issued-without-pdf", "The PDF was not made", problems) from error


def _kept_pdf(told: Told) -> Document | None:
    if "pdf" not in told:
        return None
    return Document(f"{told['files'][0][0]}.pdf", PDF, b64decode(told["pdf"]))
