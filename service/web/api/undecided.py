"""What an undecided pupil's decision waits for, each under the word that would answer it."""

from __future__ import annotations

from collections.abc import Iterator

from service.attendance.words import FACTS
from service.errors import Problem
from service.issue import Issue
from service.pupil import Pupil

IN_WORDS = "Add {}, or the marks to count it from."
IN_MARKS = "There are no marks for the days that the policy looks at: {}. Add those marks."
ONLY_MARKS = "Add the mark of each session: a summary cannot answer what this policy asks."
IN_REASONS = "Accept application/json to see what is missing, among the reasons of the decision."


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
