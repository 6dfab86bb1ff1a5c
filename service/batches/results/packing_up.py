"""A batch's letters, index and messages in one ZIP, streamed: memory stays flat, and the bytes are always the same."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from service.batches.csv_files import csv_lines
from service.batches.index import INDEX_COLUMNS
from service.batches.messages import MESSAGE_COLUMNS, MESSAGES
from service.batches.own_folder import INDEX
from service.batches.results.outcomes import content_of_result, index_of, letters_of, messages_of, rows_of
from service.memory.memory import Memory, OpenSchool
from service.storage.batched.batch_values import BatchRow

_EPOCH = (1980, 1, 1, 0, 0, 0)
_BOM = "\ufeff"

Lines = Callable[[BatchRow], list[dict[str, Any]]]


def write_zip(memory: Memory, school: OpenSchool, batch: int, out: IO[bytes]) -> int:
    """Write the ZIP; how many letters it holds. Raises RequestError when one is not kept any more."""
    count, has_messages = 0, False
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for row in rows_of(memory, school, batch):
            has_messages = has_messages or bool(messages_of(row))
            for letter in letters_of(row):
                if letter.name:
                    content = content_of_result(memory, school, letter)
                    archive.writestr(zipfile.ZipInfo(letter.name, _EPOCH), content)
                    count += 1
        _write_csv(archive, INDEX, index_csv(memory, school, batch))
        if has_messages:
            _write_csv(archive, MESSAGES, messages_csv(memory, school, batch))
    return count


def index_csv(memory: Memory, school: OpenSchool, batch: int) -> Iterator[bytes]:
    """The index, which accounts for every row, in pieces."""
    return _csv(memory, school, batch, INDEX_COLUMNS, partial(index_of, memory, school))


def messages_csv(memory: Memory, school: OpenSchool, batch: int) -> Iterator[bytes]:
    """The messages for the school's app, in pieces."""
    return _csv(memory, school, batch, MESSAGE_COLUMNS, messages_of)


def _csv(memory: Memory, school: OpenSchool, batch: int, columns: dict[str, str], lines: Lines) -> Iterator[bytes]:
    yield (_BOM + csv_lines(columns, [columns])).encode()
    for row in rows_of(memory, school, batch):
        if found := lines(row):
            yield csv_lines(columns, found).encode()


def _write_csv(archive: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)
