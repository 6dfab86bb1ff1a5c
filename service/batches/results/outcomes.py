"""The lines of a batch's index and messages, and its letters, from what was shown and what became of each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.batches.messages import MESSAGES, WHO
from service.batches.stored.shown import read_shown
from service.errors import Problem, RequestError
from service.memory.memory import Memory, OpenSchool
from service.storage.batched.batch_values import (
    CHANGED,
    DUE,
    FAILED,
    ISSUED,
    LEFT_OUT,
    READY,
    WAITING,
    BatchRow,
)
from service.storage.batched.rows_kept import stream_rows
from service.storage.pupils_kept import read_own_words

_ONLY_WHEN_ISSUED = ("letter", "written_on", "recipient", "file", "reference", "must_be_posted", "enclosures")
_WHY_NOT = {DUE: "Nobody has issued it yet.", READY: "Not issued yet.", WAITING: "Not decided yet."}


@dataclass(frozen=True, slots=True)
class ResultLetter:
    """An issued letter among the results: its line of the index, its file's hash, and the postcode it goes to."""

    row: BatchRow
    line: dict[str, Any]
    hash: str
    postcode: str

    @property
    def name(self) -> str:
        """The name of its file, "" for a message."""
        return "" if self.line["file"] == MESSAGES else str(self.line["file"])


def rows_of(memory: Memory, school: OpenSchool, batch: int) -> Iterator[BatchRow]:
    """Every row of a batch, at one moment."""
    with memory.database.read() as connection:
        yield from stream_rows(connection, school.id, batch)


def index_of(memory: Memory, school: OpenSchool, row: BatchRow) -> list[dict[str, Any]]:
    """The lines of the index for a row: as shown where it was issued, else one line that says why not."""
    shown = read_shown(row.shown)
    if row.state == ISSUED:
        return list(shown["lines"])
    first: dict[str, Any] = shown["lines"][0] if shown["lines"] else _named(memory, school, row)
    line = {word: value for word, value in first.items() if word not in _ONLY_WHEN_ISSUED}
    why = " ".join(filter(None, (str(line.get("problems", "")), _why_not(row))))
    return [{**line, "problems": why}]


def _named(memory: Memory, school: OpenSchool, row: BatchRow) -> dict[str, Any]:
    """The pupil of a row of which nothing was shown, as far as anybody is remembered."""
    with memory.database.read() as connection:
        record = read_own_words(connection, school.id, row.pupil) if row.pupil else None
    words = {word: getattr(record, word) for word in WHO if word != "row"} if record else {}
    return {"row": row.number, **words}


def _why_not(row: BatchRow) -> str:
    if row.state == LEFT_OUT:
        return f"Left out{f' by {row.by}' if row.by else ''}: {row.why}"
    if row.state in (FAILED, CHANGED):
        return row.why
    return _WHY_NOT.get(row.state, "")


def messages_of(row: BatchRow) -> list[dict[str, Any]]:
    """The messages of a row that was issued."""
    return list(read_shown(row.shown)["messages"]) if row.state == ISSUED else []


def letters_of(row: BatchRow) -> Iterator[ResultLetter]:
    """The letters of a row that was issued."""
    if row.state != ISSUED:
        return
    shown = read_shown(row.shown)
    for line, letter in zip(shown["lines"], shown["letters"], strict=True):
        yield ResultLetter(row, line, letter["file"], letter["postcode"])


def content_of_result(memory: Memory, school: OpenSchool, letter: ResultLetter) -> bytes:
    """The bytes of a letter as it was issued. Raises RequestError when they are not kept any more."""
    content = memory.files.get(school.id, letter.hash)
    if content is None:
        sentence = "A letter of this batch is missing from the place where files are kept. Restore a backup."
        raise RequestError("missing-file", "The results are not whole", Problem("missing-file", sentence))
    return content
