"""The wishes that letters were made with stay with their decision, and are open no more."""

from __future__ import annotations

from service.attendance.wishes import NO_WISHES
from service.memory.remembered import Remembered
from service.memory.wishing.noting_wishes import note_gone, note_wish
from service.memory.wishing.read_wishes import KINDS, wishes_of, write_wishes
from service.storage.database import Connection
from service.storage.pupils_kept import raise_version
from service.storage.stored import StoredWish
from service.storage.wishes.wishes_kept import drop_wish, keep_wish, use_wish


def use_wishes(connection: Connection, school: int, about: Remembered, decision: int) -> None:
    """Note with a decision what was wished for, whether it was kept before or comes with the letters."""
    for wish in _keep_open(connection, school, about, ""):
        use_wish(connection, school, about.stored.id, wish.kind, decision, wish.words)


def keep_for_later(connection: Connection, school: int, about: Remembered, letter: str) -> None:
    """Keep what comes with letters that wait for a signatory, for the letter that is asked for."""
    if wishes_of(about.stored) != about.pupil.wishes:
        _keep_open(connection, school, about, letter)
        raise_version(connection, school, about.stored.id)


def _keep_open(connection: Connection, school: int, about: Remembered, letter: str) -> list[StoredWish]:
    """The wishes for a pupil's letters, each of them kept; what is wished for no more is dropped."""
    pupil, kept = about.stored.id, wishes_of(about.stored)
    if not about.stored.wishes and about.pupil.wishes == NO_WISHES:
        return []
    wanted = {wish.kind: wish for wish in write_wishes(about.pupil.wishes, about.stored)}
    for kind in KINDS:
        if kind not in wanted:
            if drop_wish(connection, school, pupil, kind):
                note_gone(connection, school, pupil, kind)
        elif getattr(kept, kind) != getattr(about.pupil.wishes, kind):
            wanted[kind] = wanted[kind]._replace(letter=wanted[kind].letter or letter)
            keep_wish(connection, school, pupil, wanted[kind])
            note_wish(connection, school, pupil, wanted[kind])
    return list(wanted.values())
