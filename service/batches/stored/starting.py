"""A batch's beginning: from an export, which is kept until it is understood, or from what is remembered already."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from service.batches.stored.batch_asked import BatchAsked, UploadAsked, read_upload, write_slots
from service.batches.stored.following import CHUNK_ROWS, follow
from service.batches.stored.shown import show_fault
from service.cohort.join import read_cohort
from service.errors import CohortError, Problem
from service.memory.fingerprints import fingerprint_of
from service.memory.hooks.telling import tell_batch_finished
from service.memory.letter_names import known_events, past_of
from service.memory.memory import Memory, OpenSchool
from service.memory.once_for_all import write_assumptions
from service.memory.taking_in import TakenIn, take_in
from service.storage.audit_chain import note
from service.storage.batched.batch_values import (
    CANCELLED,
    DECIDE,
    UNDERSTAND,
    UNDERSTOOD,
    UNUSABLE,
    UPLOADED,
    Chunk,
    StoredBatch,
)
from service.storage.batched.batches_kept import add_batch, move_batch
from service.storage.batched.claims import add_chunks, finish_chunk
from service.storage.batched.rows_kept import add_rows, add_unusable
from service.storage.database import Connection
from service.storage.failpoints import reach
from service.storage.issued import keep_files
from service.storage.pupil_rows import forget_files
from service.storage.pupils_kept import list_known

BATCH_STARTED = "batch started"
"""What the audit calls it; it stays there when the batch is gone."""
ZIP = "application/zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def start_batch(
    memory: Memory,
    school: OpenSchool,
    asked: BatchAsked,
    upload: UploadAsked | None = None,
    keep: Callable[[Connection, int], None] = lambda _connection, _number: None,
) -> int:
    """A new batch of an export that is kept, or of everybody who is remembered; its number.

    `keep` writes down more in the same transaction.
    """
    words = {
        "day": asked.on,
        "policy": asked.policy.name,
        "fingerprint": fingerprint_of(memory.desk, asked.policy),
        "assumptions": write_assumptions(asked.assumptions),
        "slots": write_slots(asked.slots),
        "by": asked.by,
    }
    with memory.database.write(school.id) as connection:
        if upload:
            size = len(memory.files.get(school.id, upload.file) or b"")
            keep_files(connection, school.id, {upload.file: (size, ZIP)})
            number = add_batch(connection, school.id, UPLOADED, export=upload.file, told=upload.told(), **words)
            add_chunks(connection, school.id, number, UNDERSTAND, [0], 1)
        else:
            number = add_batch(connection, school.id, UNDERSTOOD, **words)
            pupils = [pupil.id for pupil in list_known(connection, school.id) if pupil.gone_on is None]
            _add_pupils(connection, school.id, number, pupils)
        note(connection, school.id, BATCH_STARTED, f"batch {number}")
        keep(connection, number)
        reach("batch-ready")
    reach("batch-kept")
    return number


def _add_pupils(connection: Connection, school: int, batch: int, pupils: list[int]) -> None:
    """A row for each pupil, and the chunks in which they are decided; nothing to decide is decided."""
    count = add_rows(connection, school, batch, pupils)
    add_chunks(connection, school, batch, DECIDE, range(1, count + 1), CHUNK_ROWS)
    if not count:
        follow(connection, school, batch)


def keep_export(
    memory: Memory, school: OpenSchool, path: Path, shape: str = "", nothing_sent: bool = False
) -> UploadAsked:
    """An export as it came, kept until it is understood. Raises CohortError when there is none."""
    if not path.exists():
        raise CohortError(Problem("no-such-file", "There is no such file or folder.", file=path.name))
    files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for item in files:
            name = str(Path(path.name) / item.relative_to(path)) if path.is_dir() else path.name
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), item.read_bytes(), zipfile.ZIP_DEFLATED)
    kept = memory.files.put(school.id, content.getvalue())
    reach("export-kept")
    return UploadAsked(kept, shape, nothing_sent)


def understand(memory: Memory, school: OpenSchool, batch: StoredBatch, mine: Chunk) -> bool:
    """Take a batch's export into memory, and make a row for each pupil; False when somebody else has the work.

    An export that cannot be used at all ends the batch, with the reason.
    """
    upload = read_upload(batch)
    content = memory.files.get(school.id, upload.file) if upload else None
    if upload is None or content is None:
        return give_up(memory, batch, mine, "The export of this batch is not kept any more. Start a new batch.")
    try:
        taken = _take(memory, school, batch, upload, content)
    except CohortError as error:
        return give_up(memory, batch, mine, " ".join(str(problem) for problem in error.problems))
    reach("export-understood")
    with memory.database.write(school.id) as connection:
        if not finish_chunk(connection, mine):
            return False
        move_batch(connection, school.id, batch.id, UNDERSTOOD, [UPLOADED], export="")
        _add_unusable(connection, batch, taken)
        _add_pupils(connection, school.id, batch.id, taken.ids)
        unused = forget_files(connection, school.id, [upload.file])
        reach("rows-ready")
    reach("rows-kept")
    for name in unused:
        memory.files.delete(school.id, name)
    return True


def _take(memory: Memory, school: OpenSchool, batch: StoredBatch, upload: UploadAsked, content: bytes) -> TakenIn:
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
        (path,) = Path(folder).iterdir()
        past = past_of(memory.desk, school.school, upload.nothing_sent)
        cohort = read_cohort(
            path,
            on=batch.day,
            events=known_events(memory.desk),
            shape=upload.shape,
            past=past,
            marks_cover=None,
            headings=school.school.headings,
        )
        return take_in(memory, school, cohort, batch.day, upload.file)


def _add_unusable(connection: Connection, batch: StoredBatch, taken: TakenIn) -> None:
    first = len(taken.ids) + 1
    shown = [
        show_fault(number, row.file, row.number, " ".join(str(problem) for problem in row.problems))
        for number, row in enumerate(taken.refused, first)
    ]
    add_unusable(connection, batch.school, batch.id, first, shown, UNUSABLE)


def give_up(memory: Memory, batch: StoredBatch, mine: Chunk, why: str) -> bool:
    """End a batch whose export cannot be understood; False when somebody else has the work."""
    upload = read_upload(batch)
    with memory.database.write(batch.school) as connection:
        if not finish_chunk(connection, mine):
            return False
        words = {"export": "", "ended_why": why}
        if move_batch(connection, batch.school, batch.id, CANCELLED, [UPLOADED], "ended_at", **words):
            tell_batch_finished(connection, batch.school, batch.id, CANCELLED)
        unused = forget_files(connection, batch.school, [upload.file] if upload else [])
    for name in unused:
        memory.files.delete(batch.school, name)
    return True
