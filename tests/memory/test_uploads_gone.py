"""What was uploaded and never taken in: it ends with a pupil's erasure, after a day, and with a restored backup."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from service.errors import RequestError
from service.memory.keeping.backing_up import back_up
from service.memory.keeping.erasing import erase_pupil
from service.memory.keeping.purging import purge
from service.memory.keeping.restoring import restore
from service.memory.looking.uploaded import A_DAY, folder_of, keep_uploaded
from service.memory.memory import Memory, open_school
from service.memory.remembered import number_of
from tests.invented import ON
from tests.memory.living import memory_of
from tests.memory.test_keeping import live, traces_in

EXPORT = ("export.csv", b"UPN,Forename,Surname\n4913-QX,Quirina,Zyzzler\n")


def upload(memory: Memory) -> Path:
    """An export that names the pupil, uploaded and not taken in."""
    school = open_school(memory).id
    return folder_of(memory, school, keep_uploaded(memory, school, [EXPORT]))


def test_erasing_a_pupil_throws_away_an_upload_that_names_the_pupil(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        upload(memory)
        assert "Quirina in export.csv" in traces_in(tmp_path / "data")
        here = open_school(memory)
        erase_pupil(memory, here, number_of(memory, here, "4913-QX"))
        assert traces_in(tmp_path / "data") == []


def test_an_upload_is_good_for_a_day_and_goes_with_the_purge(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        old, new = upload(memory), upload(memory)
        then = time.time() - A_DAY - 60
        os.utime(old, (then, then))
        with pytest.raises(RequestError, match="not here any more"):
            folder_of(memory, open_school(memory).id, old.name)
        purge(memory, open_school(memory), ON + timedelta(days=1))
        assert (old.exists(), new.exists()) == (False, True)


def test_a_restored_backup_leaves_no_upload_of_before(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        back_up(memory, tmp_path / "backup.zip")
        waiting = upload(memory)
        restore(memory, tmp_path / "backup.zip", may_replace=True)
        assert not waiting.exists()
