"""Issues the released rows of a chunk: files first, then every letter and the chunk's progress in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Any

from service.batches.stored.deciding import make_row, open_rows
from service.batches.stored.following import follow
from service.batches.stored.shown import show
from service.errors import AttendanceLettersError, RequestError
from service.faults import note_pupil_fault
from service.issue import Issue
from service.memory.fingerprints import fingerprint_of
from service.memory.issuing import (
    ISSUED_ALREADY,
    Issued,
    LacksApprovalError,
    PupilChanged,
    ask_signatory,
    content_of,
    note_letters,
)
from service.memory.memory import Memory
from service.memory.remembered import remember_some
from service.memory.today import Today
from service.storage.batched.batch_values import CHANGED, FAILED, ISSUED, READY, BatchRow, Chunk
from service.storage.batched.claims import finish_chunk
from service.storage.batched.rows_kept import keep_rows
from service.storage.database import Connection
from service.storage.failpoints import reach
from service.storage.file_store import put_together

HAS_CHANGED = "This has changed since you looked. Let the batch try again, and look at what it shows then."


class _Refused(Exception):  # noqa: N818  # no error: the others go on without this row
    """A row that cannot be issued, and why; the transaction begins again without it."""

    def __init__(self, number: int, state: str, why: str) -> None:
        super().__init__(state)
        self.number, self.state, self.why = number, state, why


class _OneByOne(Exception):  # noqa: N818  # no error: the transaction begins again, and finds out who it is
    """Somebody among the rows has had the letter already."""


class RowsToIssue:
    """The rows of a chunk on their way: made, and refused with a state and why."""

    def __init__(self, memory: Memory, today: Today, mine: Chunk, by: str) -> None:
        self.memory, self.today, self.mine, self.by = memory, today, mine, by
        self.made: list[tuple[BatchRow, Issued]] = []
        self.refused: dict[int, tuple[str, str]] = {}
        self.for_signatory: list[tuple[BatchRow, Issued]] = []
        self.fingerprint = fingerprint_of(memory.desk, today.policy)
        self.one_by_one = False

    def issue(self) -> bool:
        """Issue them; False when somebody else has the work."""
        self._make(open_rows(self.memory, self.mine, READY))
        while True:
            files = self._keep_files()
            reach("chunk-files-kept")
            try:
                return self._note(files)
            except _Refused as refused:
                self.refused[refused.number] = (refused.state, refused.why)
                self.made = [(row, made) for row, made in self.made if row.number != refused.number]
            except _OneByOne:
                self.one_by_one = True
            except LacksApprovalError as lacking:
                self._leave_to_signatory(lacking.numbers)
            except PupilChanged as changed:
                self._make_again(changed.number)

    def _make(self, rows: Sequence[BatchRow]) -> None:
        known = remember_some(self.memory, self.today, [row.pupil for row in rows if row.pupil])
        reach("chunk-read")
        for row in rows:
            about = known.get(row.pupil or 0)
            if about is None:
                self.refused[row.number] = (CHANGED, HAS_CHANGED)
                continue
            try:
                made = make_row(self.memory, row, about)
                is_same = show(made, row.number, self.fingerprint).hash == row.hash
            except (OSError, MemoryError):  # of the run, and not of this pupil
                raise
            except AttendanceLettersError as error:
                self.refused[row.number] = (FAILED, _say(error))
            except Exception as error:  # one pupil's fault is no reason to write to nobody
                self.refused[row.number] = (FAILED, note_pupil_fault(error).detail)
            else:
                self._take(row, made, is_same)

    def _take(self, row: BatchRow, made: Issued, is_same: bool) -> None:
        if is_same:
            self.made.append((row, made))
        else:
            self.refused[row.number] = (CHANGED, HAS_CHANGED)

    def _leave_to_signatory(self, pupils: Collection[int]) -> None:
        self.for_signatory += [(row, made) for row, made in self.made if row.pupil in pupils]
        self.made = [(row, made) for row, made in self.made if row.pupil not in pupils]

    def _make_again(self, pupil: int) -> None:
        """Somebody changed a pupil while the letters were made: look whether they still are what was shown."""
        rows = [row for row, _ in self.made if row.pupil == pupil]
        self.made = [(row, made) for row, made in self.made if row.pupil != pupil]
        self._make(rows)

    def _keep_files(self) -> list[list[str]]:
        contents = [[content_of(letter) for letter in made.issue.letters] for _, made in self.made]
        names = iter(put_together(self.memory.files, self.mine.school, list(chain.from_iterable(contents))))
        return [[next(names) for _ in some] for some in contents]

    def _note(self, files: list[list[str]]) -> bool:
        school = self.mine.school
        with self.memory.database.write(school) as connection:
            reach("chunk-begun")
            if not finish_chunk(connection, self.mine):
                return False
            reach("chunk-fenced")
            issued = self._note_rows(connection, files)
            for row, made in self.for_signatory:
                asked = ask_signatory(connection, self.today.school, made, row.asked, self.by)
                self.refused[row.number] = (FAILED, _say(asked.issue))
            keep_rows(connection, school, self.mine.batch, issued)
            keep_rows(connection, school, self.mine.batch, self._refusals())
            reach("chunk-noted")
            follow(connection, school, self.mine.batch)
            reach("batch-followed")
        reach("chunk-kept")
        return True

    def _note_rows(self, connection: Connection, files: list[list[str]]) -> list[dict[str, Any]]:
        """Note the letters, those of all rows together; what becomes of each row."""
        parts = [[one] for one in zip(self.made, files, strict=True)]
        if not self.one_by_one:
            parts = [list(chain.from_iterable(parts))] if parts else []
        return [words for part in parts for words in self._note_some(connection, part)]

    def _note_some(
        self, connection: Connection, some: list[tuple[tuple[BatchRow, Issued], list[str]]]
    ) -> Iterator[dict[str, Any]]:
        made = [(made, names) for (_, made), names in some]
        try:
            noted = note_letters(connection, self.memory, self.today.school, made, self.by, is_claimed=True)
        except RequestError as error:
            if error.code != ISSUED_ALREADY:
                raise
            if len(some) > 1:
                raise _OneByOne from None
            raise _Refused(some[0][0][0].number, FAILED, _say(error)) from None
        for ((row, _), _), issued in zip(some, noted, strict=True):
            yield {"number": row.number, "state": ISSUED, "decision": issued.decision}

    def _refusals(self) -> list[dict[str, Any]]:
        return [{"number": number, "state": state, "why": why} for number, (state, why) in self.refused.items()]


def issue_chunk(memory: Memory, today: Today, mine: Chunk, by: str) -> bool:
    """Issue the released rows of a chunk; False when somebody else has the work."""
    return RowsToIssue(memory, today, mine, by).issue()


def _say(said: AttendanceLettersError | Issue) -> str:
    return " ".join(problem.detail for problem in said.problems)
