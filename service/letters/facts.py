"""Everything that one letter to one recipient is written from: the days its figures run over, and what it counts."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from service.attendance.codes import CODES
from service.attendance.record import Event, Summary
from service.attendance.register import Register
from service.attendance.school import School
from service.decisions.facts import Facts
from service.decisions.policy import PolicyOn
from service.decisions.windows.window import SCHOOL_YEAR, Span, Window, read_window
from service.letters.catalogue import LetterKind
from service.letters.recipients import Recipient


@dataclass(frozen=True)
class LetterFacts:
    """Everything that one letter to one recipient is written from."""

    facts: Facts
    policy: PolicyOn
    school: School
    kind: LetterKind
    recipient: Recipient
    variant: str = ""
    review_on: date | None = None
    sentence: str = ""
    """What somebody adds to this letter."""

    @cached_property
    def period(self) -> Window:
        """The window of the letter's figures."""
        window = read_window(self.kind.period, ())
        return window if isinstance(window, Window) else SCHOOL_YEAR

    @cached_property
    def span(self) -> Span:
        """The days of that window; a summary's own where it says so."""
        found = self.facts.told("sessions_possible", self.period).span or self.facts.spans.of(SCHOOL_YEAR)
        assert found is not None  # noqa: S101  # the school year always has days
        register = self.facts.record.register
        if register is not None:
            return _shorten(found, register)
        return found if self._is_reported else _within_report(found, self.facts.record.summary)

    @property
    def is_period_known(self) -> bool:
        """Whether the days of the figures are known; a summary may not say over which days it counted."""
        summary = self.facts.record.summary
        if self.facts.record.register is not None or summary is None:
            return self.facts.record.register is not None
        return self._is_reported or bool(summary.period_start and summary.period_end)

    @property
    def _is_reported(self) -> bool:
        """Whether a report of the window itself was given."""
        suffix, summary = self.facts.spans.suffix_of(self.period), self.facts.record.summary
        if not suffix or summary is None:
            return False
        return any(word.endswith(suffix) for word in summary.figures)

    @cached_property
    def since(self) -> Event | None:
        """The letter or contact that the words ending in _since count from."""
        names = (self.kind.since,) if self.kind.since else ("the last letter",)
        return self.facts.events.latest(names)

    def count(self, word: str) -> int | None:
        """A count over the letter's window."""
        figure = self.facts.told(word, self.period).figure
        return None if figure is None else int(figure.part)

    def count_since(self, word: str) -> int | None:
        """A count since the earlier letter."""
        if self.since is None:
            return None
        figure = self.facts.figure(word, Window("since", after=(self.since.event,))).figure
        return None if figure is None else int(figure.part)

    @cached_property
    def reference(self) -> str:
        """The letter's own reference: the same for the same letter, and it tells nothing about the child.

        Sixty bits: of a million letters of any schools no two are likely to share one.
        """
        school = (self.school.word("school_name"), self.school.word("school_postcode"))
        parts = (*school, self.facts.record.key, self.kind.letter, self.facts.on.isoformat(), self.recipient.id)
        code = b32encode(hashlib.sha256("\n".join(parts).encode()).digest()[:10]).decode()
        return f"AL-{code[:4]}-{code[4:8]}-{code[8:12]}"


def _within_report(span: Span, summary: Summary | None) -> Span:
    """The days of the span that a summary counted; a span that begins before the summary does has no more of them."""
    start = summary.period_start if summary else None
    return span._replace(first=start) if start and span.first < start <= span.last else span


_NOT_HERE = bytes((0, CODES["Z"].byte))


def _shorten(span: Span, register: Register) -> Span:
    """The span from its first day with a mark of a pupil on roll to its last."""
    start = max(span.first, register.start)
    marks = register.between(start, span.last)
    before, until = len(marks) - len(marks.lstrip(_NOT_HERE)), len(marks.rstrip(_NOT_HERE))
    if not until:
        return span
    return span._replace(first=start + timedelta(days=before // 2), last=start + timedelta(days=(until - 1) // 2))
