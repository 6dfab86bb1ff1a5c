"""What the audit says of wishes: that there was one, sealed with its words, its reason and who had it."""

from __future__ import annotations

import hashlib
import json

from service.memory.wishing.read_wishes import SENTENCE
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.stored import StoredWish


def note_wish(connection: Connection, school: int, pupil: int, wish: StoredWish) -> None:
    """Note a wish that is kept; the audit itself holds no word of it, only the hash of all of them."""
    what = "personal sentence written" if wish.kind == SENTENCE else "recipients chosen"
    told = json.dumps([wish.kind, wish.letter, wish.words, wish.why, wish.by, wish.day.isoformat()])
    note(connection, school, what, f"pupil {pupil}", hashlib.sha256(told.encode()).hexdigest())


def note_gone(connection: Connection, school: int, pupil: int, kind: str) -> None:
    """Note that a wish was taken back."""
    what = "personal sentence taken out" if kind == SENTENCE else "recipients as usual again"
    note(connection, school, what, f"pupil {pupil}")
