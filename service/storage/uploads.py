"""Which exports were taken in, and what they changed, as numbers; an export's own words are not kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, insert

from service.storage.audit_chain import note
from service.storage.schema import UtcNow, upload


def note_upload(connection: Connection, school: int, on: date, name: str, counts: Mapping[str, int]) -> None:
    """Note an export that was taken in, by the hash of its files."""
    words = {"school": school, "given_on": on, "hash": name, "counts": json.dumps(counts), "noted_at": UtcNow()}
    number = connection.execute(insert(upload).values(**words).returning(upload.c.id)).scalar_one()
    note(connection, school, "export taken in", f"upload {number}", name)
