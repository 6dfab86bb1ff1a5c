"""Issues the released rows of a chunk: files first, then every letter and the chunk's progress in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from service.batches.stored.deciding import make_row, open_rows
from service.batches.stored.following import follow
from service.batches.stored.shown import show
from service.errors import AttendanceLettersError, RequestError
from service.faults import note_pupil_fault
from service.issue import Issue
from service.memory.fingerprints import fingerprint_of
from service.memory.issuing import Issued, LacksApprovalError, PupilChanged, ask_signatory, content_of, note_letters
from service.memory.memory import Memory
from service.memory.remembered import remember_some
from service.memory.today import Today
from service.storage.batched.batch_values import CHANGED, FAILED, ISSUED, READY, BatchRow, Chunk
from service.storage.batched.claims import finish_chunk
from service.storage.batched.rows_kept import keep_rows
from service.storage.database import Connection
from service.storage.failpoints import reach
from service.storage.file_store import put_together

HAS_CHANGED = "This has changed since you looked. Look at it again with `batch retry`."


class _Refused(Exception):  # noqa: N818  # no error: the others go on without this row
    """A row that cannot be issued, and why; the transaction begins again without it."""

    def __init__(self, number: int, state: str, why: str) -> None:
        super().__init__(state)
        self.number, self.state, self.why = number, state, why


class _ForSignatory(Exception):  # noqa: N818  # no error: the others go on without this row
    """A row whose letters a signatory has to approve first."""

    def __init__(self, number: int) -> None:
        super().__init__("for a signatory")
        self.number = number


class RowsToIssue:
    """The rows of a chunk on their way: made, and refused with a state and why."""

    def __init__(self, memory: Memory, today: Today, mine: Chunk, by: str) -> None:
        self.memory, self.today, self.mine, self.by = memory, today, mine, by
        self.made: list[tuple[BatchRow, Issued]] = []
        self.refused: dict[int, tuple[str, str]] = {}
        self.for_signatory: list[tuple[BatchRow, Issued]] = []
        self.fingerprint = fingerprint_of(memory.desk, today.policy)

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
            except _ForSignatory as found:
                self.for_signatory += [(row, made) for row, made in self.made if row.number == found.number]
                self.made = [(row, made) for row, made in self.made if row.number != found.number]
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
            issued = [
                {"number": row.number, "state": ISSUED, "decision": self._note_row(connection, row, made, names)}
                for (row, made), names in zip(self.made, files, strict=True)
            ]
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

    def _note_row(self, connection: Connection, row: BatchRow, made: Issued, files: list[str]) -> int:
        try:
            return note_letters(connection, self.memory, self.today.school, made, files, self.by).decision
        except LacksApprovalError:
            raise _ForSignatory(row.number) from None
        except RequestError as error:
            raise _Refused(row.number, FAILED, _say(error)) from None

    def _refusals(self) -> list[dict[str, Any]]:
        return [{"number": number, "state": state, "why": why} for number, (state, why) in self.refused.items()]


def issue_chunk(memory: Memory, today: Today, mine: Chunk, by: str) -> bool:
    """Issue the released rows of a chunk; False when somebody else has the work."""
    return RowsToIssue(memory, today, mine, by).issue()


def _say(said: AttendanceLettersError | Issue) -> str:
    return " ".join(problem.detail for problem in said.problems)
