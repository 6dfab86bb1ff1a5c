"""A cohort's letters written by all cores: each process reads, decides and fills its share of the pupils.

The processes are forked once the export has been opened, so that they share the marks in memory; each skips the
pupils of the others. What they wrote comes back in the cohort's order.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Generator, Iterator
from multiprocessing.connection import Connection
from typing import Any

from service.batches.meeting_slots import Slots
from service.batches.own_files import OwnFiles
from service.batches.run import CohortRun, run_row
from service.batches.signals import STOPPING, undisturbed
from service.batches.writing import Written, write_pupil
from service.cohort.join import Cohort
from service.cohort.share import TOGETHER, Share
from service.errors import AttendanceLettersError, Problem

END, FAULT, SYSTEM_FAULT, ROWS = "end", "fault", "system fault", "rows"


def can_share() -> bool:
    """Whether this machine can share the work: it forks, and has more than one core."""
    return "fork" in multiprocessing.get_all_start_methods() and (os.cpu_count() or 1) > 1


def write_shared(run: CohortRun, cohort: Cohort, own: OwnFiles) -> Generator[Written, None, None]:
    """What was written for each pupil, in the order of the export.

    Raises AttendanceLettersError with what a process could not do. No process is left, however this ends.
    """
    parts = os.cpu_count() or 1
    context = multiprocessing.get_context("fork")
    lines: list[Connection] = []
    processes: list[Any] = []
    try:
        for part in range(parts):
            ours, theirs = context.Pipe(duplex=False)
            work = (theirs, Share(part, parts), run, cohort, own, [*lines, ours])
            process = context.Process(target=_write_share, args=work)
            with undisturbed():
                process.start()
            theirs.close()
            lines.append(ours)
            processes.append(process)
        yield from _collect(lines)
    finally:
        with undisturbed():
            _end(lines, processes)


def _end(lines: list[Connection], processes: list[Any]) -> None:
    for line in lines:
        line.close()
    for process in processes:
        process.terminate()
        process.join()


def _collect(lines: list[Connection]) -> Iterator[Written]:
    turn = 0
    while True:
        kind, content = _receive(lines[turn % len(lines)])
        if kind == END:
            return
        yield from content
        turn += 1


def _receive(line: Connection) -> tuple[str, Any]:
    try:
        kind, content = line.recv()
    except EOFError:
        sentence = (
            "Try again: a process that writes letters was stopped, perhaps for lack of memory. No letters were kept."
        )
        raise AttendanceLettersError(Problem("process-ended", sentence), "The letters were not made") from None
    if kind == FAULT:
        title, problems = content
        raise AttendanceLettersError(problems, title)
    if kind == SYSTEM_FAULT:
        raise OSError(*content)
    return kind, content


def _write_share(
    line: Connection, share: Share, run: CohortRun, cohort: Cohort, own: OwnFiles, others: list[Connection]
) -> None:
    """Write the letters of one share, and send what was written, some pupils at a time.

    `others` are the receiving ends that came along with the fork: while one of them stays open here, nobody would
    notice that the command itself has ended.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the command has its own way to end
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    for other in others:
        other.close()
    gc.freeze()  # what came along with the fork stays; looking through it again and again would copy it all
    try:
        batch: list[Written] = []
        turn = share.part
        for place, row in cohort.read(share):
            if place // TOGETHER != turn:
                line.send((ROWS, batch))
                batch, turn = [], place // TOGETHER
            batch.append(write_pupil(own, run_row(run, cohort, row, Slots())))
        if batch:
            line.send((ROWS, batch))
        line.send((END, ()))
    except AttendanceLettersError as error:
        line.send((FAULT, (error.title, error.problems)))
    except BrokenPipeError:
        return  # nobody wants the letters any more
    except OSError as error:
        line.send((SYSTEM_FAULT, (error.errno, error.strerror, error.filename)))
    finally:
        line.close()
