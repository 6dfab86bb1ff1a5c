"""What came of a run of letters, counted while it goes on and told at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from service.batches.writing import Written
from service.cohort.pupil_row import PupilRow

MOST_REASONS = 5


@dataclass
class RunTotals:
    """How many letters, messages and forms there are, what is missing and why, and the rows that were no use."""

    letters: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    forms: int = 0
    usable: int = 0
    unusable: list[PupilRow] = field(default_factory=list)
    pupils_without: int = 0
    """Pupils who are due a letter and got none."""
    undecided: int = 0
    """Pupils about whom a question is open."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why letters or forms are missing, and about how many pupils; no sentence names anybody."""

    def take(self, written: Written) -> None:
        """Count what was written for one pupil."""
        self.letters.update(written.labels)
        self.documents += written.documents
        self.forms += written.forms
        self.pupils_without += written.is_held_back
        self.undecided += written.is_undecided
        self.reasons.update(written.reasons)
        if written.unusable is None:
            self.usable += 1
        else:
            self.unusable.append(written.unusable)

    @property
    def made_nothing(self) -> bool:
        """Whether letters are due and not one of them could be made."""
        return bool(self.pupils_without) and not self.letters

    def say(self, folder: Path) -> Iterator[str]:
        """The totals in a few lines."""
        for label, number in self.letters.most_common():
            yield f"{number:>7}  {label}"
        messages = self.letters.total() - self.documents
        beside = f" and {_count(messages, 'message')} (messages.csv)" if messages else ""
        yield f"{_count(self.documents, 'letter')}{beside} in {folder}; index.csv accounts for every pupil."
        if self.forms:
            yield f"{_count(self.forms, 'form')} beside them."
        if self.pupils_without:
            pupils = "1 pupil is" if self.pupils_without == 1 else f"{self.pupils_without} pupils are"
            yield f"{pupils} due a letter that could not be made yet."
        if self.undecided:
            pupils = "1 pupil is" if self.undecided == 1 else f"{self.undecided} pupils are"
            yield f"{pupils} not decided until there is an answer; decide --questions FILE.csv lists what is asked."
        yield from self._say_reasons()

    def _say_reasons(self) -> Iterator[str]:
        if not self.reasons:
            return
        yield "Not written, and why (index.csv says for whom):"
        for reason, number in self.reasons.most_common(MOST_REASONS):
            yield f"{number:>7}  {reason}"
        if len(self.reasons) > MOST_REASONS:
            yield f"         … and {len(self.reasons) - MOST_REASONS} more reasons in index.csv."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
