"""Files and rows in step again after a program was killed: a file without a row goes, a row without a file is told."""

from __future__ import annotations

from dataclasses import dataclass

from service.memory.memory import Memory
from service.storage.batched.claims import is_issuing
from service.storage.issued import list_files
from service.storage.schools import list_schools

AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files that nobody knew of were removed, how many unfinished ones, and the hashes of missing files."""

    removed: int
    unfinished: int
    missing: tuple[str, ...]


def sweep(memory: Memory, older_than: int = AN_HOUR) -> Swept:
    """Remove files that no row knows of, and unfinished ones older than some seconds.

    While a batch issues letters of a school its files stay: their rows are about to be written.
    """
    removed, missing = 0, list[str]()
    with memory.database.read() as connection:
        schools = list_schools(connection)
    for school in schools:
        with memory.database.write(school.id) as connection:  # nobody notes a file of the school meanwhile
            kept = set(memory.files.hashes(school.id))
            is_busy = is_issuing(connection, school.id)  # after the files: who keeps one has claimed before
            noted = list_files(connection, school.id)
            for name in () if is_busy else kept - noted.keys():
                memory.files.delete(school.id, name)
                removed += 1
            missing += sorted(noted.keys() - kept)
    return Swept(removed, memory.files.clear_unfinished(older_than), tuple(missing))
