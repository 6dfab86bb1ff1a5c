"""The wishes that letters were made with stay with their decision, and are open no more."""

from __future__ import annotations

from service.attendance.wishes import NO_WISHES
from service.memory.remembered import Remembered
from service.memory.wishing.noting_wishes import note_gone, note_wish
from service.memory.wishing.read_wishes import KINDS, wishes_of, write_wishes
from service.storage.database import Connection
from service.storage.pupils_kept import raise_version
from service.storage.wishes.wishes_kept import drop_wish, keep_wish, use_wish


def keep_brought(connection: Connection, school: int, about: Remembered) -> None:
    """Keep the wishes that come with letters that are not issued yet: they wait with them."""
    pupil, kept = about.stored.id, wishes_of(about.stored)
    new = [
        wish
        for wish in write_wishes(about.pupil.wishes, about.stored)
        if getattr(kept, wish.kind) != getattr(about.pupil.wishes, wish.kind)
    ]
    for wish in new:
        keep_wish(connection, school, pupil, wish)
        note_wish(connection, school, pupil, wish)
    if new:
        raise_version(connection, school, pupil)


def use_wishes(connection: Connection, school: int, about: Remembered, decision: int) -> None:
    """Note with a decision what was wished for, whether it was kept before or comes with the letters."""
    pupil, kept = about.stored.id, wishes_of(about.stored)
    if not about.stored.wishes and about.pupil.wishes == NO_WISHES:
        return
    wanted = {wish.kind: wish for wish in write_wishes(about.pupil.wishes, about.stored)}
    for kind in KINDS:
        wish = wanted.get(kind)
        if wish is None:
            if drop_wish(connection, school, pupil, kind):
                note_gone(connection, school, pupil, kind)
            continue
        if getattr(kept, kind) != getattr(about.pupil.wishes, kind):
            keep_wish(connection, school, pupil, wish)
            note_wish(connection, school, pupil, wish)
        use_wish(connection, school, pupil, kind, decision, wish.words)
