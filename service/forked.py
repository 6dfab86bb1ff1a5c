"""Processes forked from this one to share its work: they have what is in memory already, and none is left behind."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from service.errors import AttendanceLettersError, Problem, ProcessEndedError
from service.signals import STOPPING, undisturbed

Work = Callable[[int, Connection], None]
"""What a process does: its number, and its line to the process that it was forked from."""

_DONE, _FAULT, _SYSTEM_FAULT = "done", "fault", "system fault"


def count_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_share() -> bool:
    """Whether this machine can share work: it forks, and has more than one core."""
    return "fork" in multiprocessing.get_all_start_methods() and count_cores() > 1


@contextmanager
def forked(parts: int, work: Work) -> Iterator[list[Connection]]:
    """The lines to so many processes at work. No process is left, however this ends."""
    context = multiprocessing.get_context("fork")
    lines: list[Connection] = []
    processes: list[Any] = []
    try:
        for part in range(parts):
            ours, theirs = context.Pipe()
            process = context.Process(target=_run, args=(part, theirs, work, [*lines, ours]))
            with undisturbed():
                process.start()
            theirs.close()
            lines.append(ours)
            processes.append(process)
        yield lines
    finally:
        with undisturbed():
            for line in lines:
                line.close()
            for process in processes:
                process.terminate()
                process.join()


def send_done(line: Connection, content: object) -> None:
    """Hand over a piece of work that is done."""
    line.send((_DONE, content))


def give(line: Connection, content: object) -> None:
    """Give a process something to do. Raises ProcessEndedError."""
    try:
        line.send(content)
    except (BrokenPipeError, ConnectionResetError):
        raise _ended() from None


def receive_done(line: Connection) -> Any:
    """A piece of work that a process has done. Raises what the process could not do, and ProcessEndedError."""
    try:
        kind, content = line.recv()
    except (EOFError, ConnectionResetError):
        raise _ended() from None
    if kind == _FAULT:
        title, problems = content
        raise AttendanceLettersError(problems, title)
    if kind == _SYSTEM_FAULT:
        raise OSError(*content)
    return content


def _ended() -> ProcessEndedError:
    sentence = "Try again: a process that shared the work was stopped, perhaps for lack of memory."
    return ProcessEndedError(Problem("process-ended", sentence), "This was not finished")


def _run(part: int, line: Connection, work: Work, others: list[Connection]) -> None:
    """Do the work of one part.

    `others` are the receiving ends that came along with the fork: while one of them stays open here, nobody would
    notice that the process that forked this one has ended.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the command has its own way to end
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    for other in others:
        other.close()
    gc.freeze()  # what came along with the fork stays; looking through it again and again would copy it all
    try:
        work(part, line)
    except AttendanceLettersError as error:
        _tell(line, (_FAULT, (error.title, error.problems)))
    except (BrokenPipeError, ConnectionResetError, EOFError):
        return  # nobody wants the rest any more
    except OSError as error:
        _tell(line, (_SYSTEM_FAULT, (error.errno, error.strerror, error.filename)))
    finally:
        line.close()


def _tell(line: Connection, message: object) -> None:
    try:
        line.send(message)
    except OSError:  # nobody is there any more
        return
