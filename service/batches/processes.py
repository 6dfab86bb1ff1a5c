"""A cohort's letters written by all cores: each process reads, decides and fills its share of the pupils.

The processes are forked once the export has been opened, so that they share the marks in memory; each skips the
pupils of the others. What they wrote comes back in the cohort's order.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from multiprocessing.connection import Connection

from service.batches.meeting_slots import Slots
from service.batches.own_files import OwnFiles
from service.batches.run import CohortRun, run_row
from service.batches.writing import Written, write_pupil
from service.cohort.join import Cohort
from service.cohort.share import TOGETHER, Share
from service.errors import AttendanceLettersError, Problem, ProcessEndedError
from service.forked import count_cores, forked, receive_done, send_done

_END = ()
"""What a process hands over after everything."""


def write_shared(run: CohortRun, cohort: Cohort, own: OwnFiles) -> Generator[Written, None, None]:
    """What was written for each pupil, in the order of the export.

    Raises AttendanceLettersError with what a process could not do. No process is left, however this ends.
    """
    parts = count_cores()

    def write_share(part: int, line: Connection) -> None:
        """Write the letters of one share, and hand over what was written, some pupils at a time."""
        batch: list[Written] = []
        turn = part
        for place, row in cohort.read(Share(part, parts)):
            if place // TOGETHER != turn:
                send_done(line, batch)
                batch, turn = [], place // TOGETHER
            batch.append(write_pupil(own, run_row(run, cohort, row, Slots())))
        if batch:
            send_done(line, batch)
        send_done(line, _END)

    with forked(parts, write_share) as lines:
        yield from _collect(lines)


def _collect(lines: list[Connection]) -> Iterator[Written]:
    turn = 0
    while True:
        written = _receive(lines[turn % len(lines)])
        if written == _END:
            return
        yield from written
        turn += 1


def _receive(line: Connection) -> list[Written] | tuple[()]:
    try:
        written: list[Written] | tuple[()] = receive_done(line)
    except ProcessEndedError:
        sentence = (
            "Try again: a process that writes letters was stopped, perhaps for lack of memory. No letters were kept."
        )
        raise AttendanceLettersError(Problem("process-ended", sentence), "The letters were not made") from None
    return written
