"""Why a request gets no letter: none is due, or the pupil is undecided, with each word that would answer it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.attendance.words import FACTS
from service.errors import Problem, RequestError
from service.issue import Issue, IssuedLetter
from service.pupil import Pupil

IN_WORDS = "Add {}, or the marks to count it from."
IN_MARKS = "There are no marks for the days that the policy looks at: {}. Add those marks."
ONLY_MARKS = "Add the mark of each session: a summary cannot answer what this policy asks."
IN_REASONS = "Accept application/json to see what is missing, among the reasons of the decision."


def at_pupil(problems: Sequence[Problem]) -> list[Problem]:
    """Problems under their pointers in the request."""
    return [replace(problem, pointer=f"/pupil{problem.pointer}") for problem in problems]


def say_why_none(pupil: Pupil, issue: Issue) -> RequestError:
    """Why there is no file."""
    if issue.decision.letter:
        sentence = "A letter about this pupil was issued today already. Name the letter to issue another one."
        return RequestError("issued-today", "One letter a day", Problem("issued-today", sentence))
    if issue.decision.outcome == "undecided":
        return RequestError("not-decided", "It cannot be decided yet", what_is_missing(pupil, issue))
    sentence = "No letter is due for this pupil. Accept application/json to see the decision and its reasons."
    return RequestError("no-letter-due", "No letter is due", Problem("no-letter-due", sentence))


def refuse_no_file(pupil: Pupil, issue: Issue, letters: Sequence[IssuedLetter]) -> None:
    """Raise RequestError where there is no file to answer with."""
    if not issue.letters and not issue.problems:
        raise say_why_none(pupil, issue)
    if any(problem.code == "waits-for-approval" for problem in issue.problems):
        raise RequestError("waits-for-approval", "A signatory has to approve it first", at_pupil(issue.problems))
    if not letters:
        raise RequestError("letter-not-made", "The letter cannot be made yet", at_pupil(issue.problems))
    if not any(letter.content for letter in letters):
        sentence = "This letter is a short message without a document. Accept application/json to get its text."
        raise RequestError("only-text", "There is only text", Problem("only-text", sentence))


def what_is_missing(pupil: Pupil, issue: Issue) -> list[Problem]:
    """A problem for each word without which nothing was decided; at least one."""
    return list(_missing_words(pupil, issue)) or [Problem("missing-word", IN_REASONS, "/pupil")]


def _missing_words(pupil: Pupil, issue: Issue) -> Iterator[Problem]:
    for word in issue.decision.missing:
        figure = word.replace("_", " ")
        if word in FACTS:
            yield Problem("missing-word", f"{FACTS[word].question} Answer true or false.", f"/pupil/{word}")
        elif word == "marks":
            yield Problem("missing-word", ONLY_MARKS, "/pupil/marks")
        elif pupil.record.register:  # a summary beside marks is not read
            yield Problem("missing-word", IN_MARKS.format(figure), "/pupil/marks")
        else:
            yield Problem("missing-word", IN_WORDS.format(figure), f"/pupil/{word}")
