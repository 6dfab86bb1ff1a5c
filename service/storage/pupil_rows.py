"""Everything that is kept about one pupil: shown, or deleted without a trace."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from service.attendance.register import Register
from service.storage.issued import is_file_used
from service.storage.packing import unsqueeze
from service.storage.pupils_kept import delete_pupil
from service.storage.schema import OF_PUPIL, UtcNow, erasure, file, letter, of_school, pupil


def rows_about(connection: Connection, school: int, number: int) -> dict[str, list[dict[str, Any]]]:
    """Every row about a pupil, by table; what is kept packed is unpacked."""
    own = select(pupil).where(of_school(pupil, school), pupil.c.id == number)
    found = {"pupil": [dict(row) for row in connection.execute(own).mappings()]}
    for table in reversed(OF_PUPIL):
        query = select(table).where(of_school(table, school), table.c.pupil == number).order_by(table.c.id)
        found[table.name] = [_readable(dict(row)) for row in connection.execute(query).mappings()]
    return found


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what is kept packed as text, and a register as its marks."""
    for word, value in row.items():
        if word == "marks":
            register = Register(row["start"], zlib.decompress(value))
            row[word] = [mark._asdict() for mark in register.marks_between(register.start, register.last)]
        elif isinstance(value, bytes):
            row[word] = json.loads(unsqueeze(value))
    return row


def delete_about(connection: Connection, school: int, number: int) -> list[str]:
    """Delete every row about a pupil; the hashes of the files that nobody needs any more."""
    query = select(letter.c.file).where(of_school(letter, school), letter.c.pupil == number)
    files = set(connection.execute(query).scalars())
    for table in OF_PUPIL:
        connection.execute(delete(table).where(of_school(table, school), table.c.pupil == number))
    delete_pupil(connection, school, number)
    return forget_files(connection, school, files)


def forget_files(connection: Connection, school: int, files: Iterable[str]) -> list[str]:
    """Forget the files that no letter needs; their hashes."""
    unused = [name for name in files if not is_file_used(connection, school, name)]
    for name in unused:
        connection.execute(delete(file).where(of_school(file, school), file.c.hash == name))
    return unused


def token_of(connection: Connection, school: int, number: int) -> str:
    """The token of a pupil, which says nothing about the pupil; "" when there is no such pupil."""
    query = select(pupil.c.token).where(of_school(pupil, school), pupil.c.id == number)
    return str(connection.execute(query).scalar() or "")


def find_token(connection: Connection, school: int, token: str) -> int | None:
    """The pupil with a token."""
    return connection.execute(select(pupil.c.id).where(of_school(pupil, school), pupil.c.token == token)).scalar()


def note_erasure(connection: Connection, school: int, token: str) -> None:
    """Note that a pupil was erased, so that restoring an older backup erases the pupil again."""
    if token not in list_erasures(connection, school):
        connection.execute(insert(erasure).values(school=school, token=token, noted_at=UtcNow()))


def list_erasures(connection: Connection, school: int) -> list[str]:
    """The tokens of the pupils that were erased."""
    return list(connection.execute(select(erasure.c.token).where(of_school(erasure, school))).scalars())
