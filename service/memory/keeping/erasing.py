"""Erasing a pupil: no trace stays in any file of the data folder, and no older backup brings the pupil back."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from service.errors import Problem, RequestError
from service.memory.looking.uploaded import forget_all_uploaded
from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import note
from service.storage.batched.batch_values import UPLOADED
from service.storage.batched.batches_kept import list_batches
from service.storage.database import Connection
from service.storage.pupil_rows import delete_about, find_token, list_erasures, note_erasure, token_of

LOG = "erased.txt"
"""A token a line, outside the database: it is read when an older backup is restored. It tells nothing about anybody."""


def erase_pupil(memory: Memory, school: OpenSchool, pupil: int) -> None:
    """Erase everything about a pupil: rows, files, and what deleted rows leave behind in the database's files.

    What was uploaded and waits to be taken in is thrown away: the pupil may be in it.
    Raises RequestError while an export waits to be read, which may bring the pupil back.
    """
    with memory.database.read() as connection:
        if waiting := list_batches(connection, school.id, [UPLOADED]):
            raise _export_waits(waiting[0].id)
        token = token_of(connection, school.id, pupil)
    _log(memory.data / LOG, [token])
    forget_all_uploaded(memory, school.id)
    with memory.database.write(school.id) as connection:
        files = erase_rows(connection, school.id, token)
    for name in files:
        memory.files.delete(school.id, name)
    memory.database.clean()


def _export_waits(batch: int) -> RequestError:
    sentence = f"Batch {batch} has not read its export yet, and the pupil may be in it. Wait or cancel the batch first."
    return RequestError("export-waits", "The pupil was not erased", Problem("export-waits", sentence))


def erase_rows(connection: Connection, school: int, token: str) -> list[str]:
    """Erase the rows about the pupil with a token, if there is one; the hashes of the files to delete."""
    pupil = find_token(connection, school, token)
    files = [] if pupil is None else delete_about(connection, school, pupil)
    if pupil is not None:
        note(connection, school, "pupil erased", f"pupil {pupil}")
    note_erasure(connection, school, token)
    return files


def read_erased(memory: Memory, schools: Iterable[int]) -> set[str]:
    """The tokens of all pupils that were ever erased here, by the database and by the log beside it."""
    path = memory.data / LOG
    logged = set(path.read_text(encoding="ascii").split()) if path.exists() else set()
    with memory.database.read() as connection:
        return logged.union(*(list_erasures(connection, school) for school in schools))


def _log(path: Path, tokens: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{token}\n" for token in tokens)
        file.flush()
        os.fsync(file.fileno())
