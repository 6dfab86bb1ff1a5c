"""Who works: the name under which a process claims chunks, and which of those names belong to nobody any more."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress

from service.errors import AttendanceLettersError
from service.memory.memory import Memory
from service.storage.batched.work_search import find_claimable, free_owners, list_owners


def new_owner() -> str:
    """A name for this process: the machine, the process, and a word that is never used again."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def free_the_dead(memory: Memory, mine: str) -> int:
    """Let others have the chunks of processes of this machine that have ended; how many chunks.

    Those of other machines are free when their lease is over.
    """
    with suppress(AttendanceLettersError):
        with memory.database.read() as connection:
            gone = list(_find_gone(list_owners(connection), mine))
        if gone:
            with memory.database.write() as connection:
                return free_owners(connection, gone)
    return 0


def has_work(memory: Memory) -> bool:
    """Whether something can be claimed, also what the dead of this machine had."""
    free_the_dead(memory, "")
    with memory.database.read() as connection:
        return find_claimable(connection) is not None


def _find_gone(owners: Iterable[str], mine: str) -> Iterator[str]:
    here = socket.gethostname()
    for owner in owners:
        host, _, rest = owner.partition(":")
        process = rest.partition(":")[0]
        if host == here and owner != mine and process.isdecimal() and not _lives(int(process)):
            yield owner


def _lives(process: int) -> bool:
    """Whether there is such a process; one with our own number was before us."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
