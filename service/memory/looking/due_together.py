"""What is due at a school of very many pupils: all cores decide, each about some hundred pupils at a time.

This process reads, and the database is asked by nobody else, so that everybody is seen at one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from multiprocessing.connection import Connection
from typing import TypeVar

from service.forked import can_share, count_cores, forked, give, receive_done, send_done
from service.memory.due_today import Due, decide_remembered
from service.memory.memory import Memory
from service.memory.remembered import read_all, remember_rows
from service.memory.today import Today
from service.storage.whole_pupils import PupilRows

ENOUGH = 4
"""Portions of pupils that are worth processes of their own."""

Told = TypeVar("Told")
Tell = Callable[[Iterable[Due]], Told]
"""What is to be told of some pupils; it comes from another process, so it had better be small."""


def tell_due(memory: Memory, today: Today, tell: Tell[Told]) -> Generator[Told, None, None]:
    """What is told of all pupils, some hundred at a time, in the order in which they became known.

    Raises AttendanceLettersError when a process that decides was stopped.
    """
    with closing(read_all(memory, today)) as portions:
        first = list(islice(portions, ENOUGH))
        everybody = chain(first, portions)
        if len(first) < ENOUGH or not can_share():
            yield from (tell(_decide(today, rows)) for rows in everybody)
        else:
            yield from _tell_shared(today, everybody, tell)


def _tell_shared(today: Today, portions: Iterable[PupilRows], tell: Tell[Told]) -> Iterator[Told]:
    def decide_portions(_part: int, line: Connection) -> None:
        while True:
            send_done(line, tell(_decide(today, line.recv())))

    with forked(count_cores(), decide_portions) as lines:
        yield from _hand_out(lines, portions)


def _decide(today: Today, rows: PupilRows) -> Iterator[Due]:
    return map(decide_remembered, remember_rows(today, rows))


def _hand_out(lines: list[Connection], portions: Iterable[PupilRows]) -> Iterator[Told]:
    """What is told of each portion, in order; a process is given the next one when it has handed over the last."""
    given = 0
    for rows in portions:
        line = lines[given % len(lines)]
        if given < len(lines):
            give(line, rows)
        else:
            done = receive_done(line)
            give(line, rows)
            yield done
        given += 1
    for turn in range(max(0, given - len(lines)), given):
        yield receive_done(lines[turn % len(lines)])
