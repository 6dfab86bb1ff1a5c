"""A backup in place of what is remembered; whoever was erased since stays erased."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from service.errors import Problem, RequestError
from service.memory.keeping.backing_up import Backup, open_backup
from service.memory.keeping.erasing import erase_rows, read_erased
from service.memory.keeping.sweeping import AN_HOUR, sweep
from service.memory.looking.uploaded import forget_all_uploaded
from service.memory.memory import Memory
from service.storage.batched.batch_values import CANCELLED, UPLOADED
from service.storage.batched.batches_kept import list_batches, move_batch
from service.storage.batched.claims import drop_chunks
from service.storage.database import Database
from service.storage.dump import open_dumped, replace_rows
from service.storage.issued import list_files
from service.storage.pupil_rows import find_token, forget_files
from service.storage.schools import list_schools

_RESTORED = "A backup was restored before this export was read. Start the batch again with it."


@dataclass(frozen=True, slots=True)
class Restored:
    """How many files were restored, and how many pupils of the backup were erased again."""

    files: int
    erased: int


def restore(memory: Memory, path: Path, may_replace: bool = False) -> Restored:
    """Look through a backup, then put it in place of everything that is remembered.

    Raises RequestError when the backup is damaged, or when something is remembered that may not be replaced.
    """
    with memory.database.read() as connection:
        known = list_schools(connection)
    if known and not may_replace:
        sentence = "Something is remembered here already. With --replace the backup takes its place."
        raise RequestError("not-empty", "Nothing was restored", Problem("not-empty", sentence))
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        sentence = "There is no backup in this file."
        raise RequestError(
            "no-backup", "Nothing was restored", Problem("no-backup", sentence, file=path.name)
        ) from None
    with archive:
        return _restore(memory, open_backup(archive), {school.id for school in known})


def _restore(memory: Memory, backup: Backup, known: set[int]) -> Restored:
    erased = read_erased(memory, known)
    memory.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=memory.data, prefix="restoring-") as folder:
        source = open_dumped(Path(folder) / "backup.sqlite3", backup.version, backup.lines).acting_for(
            memory.database.who
        )
        try:
            _end_unread(source)
            count = _erase_again(source, erased)
            files = _restore_files(memory, backup, source)
            with source.read() as reading, memory.database.write() as writing:
                replace_rows(reading, writing)
        finally:
            source.close()
    _restore_logos(memory, backup)
    forget_all_uploaded(memory)  # a number may be another school's now, and a pupil in them erased
    memory.database.clean()
    sweep(memory, AN_HOUR)
    return Restored(files, count)


def _end_unread(source: Database) -> None:
    """End the batches that have not read their exports: a pupil who was erased since may be in one."""
    with source.write() as connection:
        for school in list_schools(connection):
            for batch in list_batches(connection, school.id, [UPLOADED]):
                words = {"export": "", "ended_why": _RESTORED}
                move_batch(connection, school.id, batch.id, CANCELLED, [UPLOADED], "ended_at", **words)
                drop_chunks(connection, school.id, batch.id)
                forget_files(connection, school.id, [batch.export])


def _erase_again(source: Database, erased: set[str]) -> int:
    """Erase the pupils that were erased since the backup was made; how many of them it held."""
    count = 0
    with source.write() as connection:
        for school in list_schools(connection):
            for token in sorted(erased):
                count += find_token(connection, school.id, token) is not None
                erase_rows(connection, school.id, token)
    return count


def _restore_files(memory: Memory, backup: Backup, source: Database) -> int:
    count = 0
    with source.read() as connection:
        for school in list_schools(connection):
            for name in list_files(connection, school.id):
                memory.files.put(school.id, backup.file(school.id, name))
                count += 1
    return count


def _restore_logos(memory: Memory, backup: Backup) -> None:
    for name in backup.archive.namelist():
        parts = name.split("/")
        if len(parts) == 3 and parts[0] == "logos" and ".." not in parts:
            path = memory.data / "logos" / parts[1] / parts[2]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(backup.archive.read(name))
