"""Which exports were taken in, and what they changed, as numbers; an export's own words are not kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, insert, select

from service.storage.audit_chain import note
from service.storage.schema import UtcNow, of_school, upload


def note_upload(connection: Connection, school: int, on: date, name: str, counts: Mapping[str, int]) -> None:
    """Note an export that was taken in, by the hash of its files."""
    words = {"school": school, "given_on": on, "hash": name, "counts": json.dumps(counts), "noted_at": UtcNow()}
    number = connection.execute(insert(upload).values(**words).returning(upload.c.id)).scalar_one()
    note(connection, school, "export taken in", f"upload {number}", name)


def list_uploads(connection: Connection, school: int) -> list[tuple[date, dict[str, int]]]:
    """The exports that were taken in, the latest first: the day each is of, and what it changed."""
    query = select(upload.c.given_on, upload.c.counts).where(of_school(upload, school)).order_by(upload.c.id.desc())
    return [(row.given_on, json.loads(row.counts)) for row in connection.execute(query)]
