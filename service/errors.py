"""Every error that the service raises on purpose.

AttendanceLettersError             has a kebab-case code, a title and a detail in the person's words
├── RecordError                    one record cannot be used
├── CohortError                    no part of an export can be used
├── RulesError                     a rules file cannot be understood
├── TemplateError                  a letter or form template cannot be used
├── FillError                      this letter or form cannot be filled with these facts
├── ConversionError                a document could not be turned into a PDF
├── SettingsError                  a setting is wrong
├── ProcessEndedError              a process that shared the work was stopped
└── RequestError                   a request cannot be answered; the web gives each code its status

Each carries `problems`, so that a person sees every fault at once. No text here may hold a child's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

MOST_PROBLEMS = 200
"""Problems said at once; nobody corrects more before trying again, and each costs time and memory."""


LONGEST_DETAIL = 1_000
"""Characters of a sentence about a problem; it may show what somebody wrote, and that may be a whole file."""
LONGEST_PLACE = 200
UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, direction overrides and lone surrogates: no document can hold them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable code, a sentence that says what to do, and where it stands.

    `pointer` is a JSON pointer ("/pupils/3/upn"); `file`, `row` (the spreadsheet's own number, from 1) and
    `column` (the heading as the person wrote it) say the same of a file.
    """

    code: str
    detail: str
    pointer: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""

    def __post_init__(self) -> None:
        if len(self.detail) > LONGEST_DETAIL:
            object.__setattr__(self, "detail", shorten(self.detail, LONGEST_DETAIL))
        for name in ("detail", "pointer", "file", "column"):
            text = getattr(self, name)
            if not text.isprintable():
                object.__setattr__(self, name, show(text))

    def where(self) -> str:
        """The place in the words of the person who sent it: "pupils.csv, row 7, Date of birth"."""
        column = shorten(self.column, LONGEST_PLACE)
        parts = [self.file, f"row {self.row}" if self.row is not None else "", column]
        return ", ".join(part for part in parts if part) or self.pointer

    def __str__(self) -> str:
        place = self.where()
        return f"{place}: {self.detail}" if place else self.detail


def show(text: str) -> str:
    """Text as it can be printed, with a mark in the place of each character that cannot."""
    return UNUSABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def shorten(text: str, most: int) -> str:
    """The beginning and the end of a text that is longer than `most` characters."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[3 - most // 2 :]}"


class AttendanceLettersError(Exception):
    """Anything this service refuses, with every reason for refusing it."""

    code = "problem"
    title = "Something needs correcting"

    def __init__(self, problems: Problem | Iterable[Problem], title: str | None = None) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.title = title or self.title
        super().__init__(f"{self.title}: " + " ".join(str(problem) for problem in self.problems))

    @property
    def detail(self) -> str:
        """One sentence for the whole: the only problem, or how many there are."""
        if len(self.problems) == 1:
            return self.problems[0].detail
        return f"{len(self.problems)} things need correcting."


class RecordError(AttendanceLettersError):
    """Raised when a pupil's record cannot be used."""

    code = "record-problem"
    title = "Some of this record needs correcting"


class CohortError(AttendanceLettersError):
    """Raised when nothing in an export can be used."""

    code = "cohort-problem"
    title = "This export cannot be used"


class RulesError(AttendanceLettersError):
    """Raised when a rules file cannot be understood."""

    code = "rules-problem"
    title = "This rules file needs correcting"


class TemplateError(AttendanceLettersError):
    """Raised when a template cannot be used, whoever it is filled for."""

    code = "template-problem"
    title = "This template needs correcting"


class FillError(AttendanceLettersError):
    """Raised when a template cannot be filled with the facts there are."""

    code = "fill-problem"
    title = "This document cannot be filled"


class ConversionError(AttendanceLettersError):
    """Raised when a document could not be turned into a PDF."""

    code = "conversion-problem"
    title = "This document could not be turned into a PDF"


class SettingsError(AttendanceLettersError):
    """Raised when a setting is wrong."""

    code = "settings-problem"
    title = "A setting needs correcting"


class ProcessEndedError(AttendanceLettersError):
    """A process that shared the work was stopped."""


class RequestError(AttendanceLettersError):
    """Raised when a request cannot be answered as it was put; `wait` are the seconds after which it may be."""

    code = "request-problem"
    title = "This request cannot be answered"

    def __init__(self, code: str, title: str, problems: Problem | Iterable[Problem], wait: int = 0) -> None:
        super().__init__(problems, title)
        self.code = code
        self.wait = wait


def first_problems(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The first problems, and that there are more; what lies behind them is not even looked for."""
    waiting = iter(problems)
    yield from islice(waiting, MOST_PROBLEMS)
    if next(waiting, None):
        yield Problem("more-problems", f"More needs correcting: correct these first {MOST_PROBLEMS}, then try again.")
