"""Letters in storage that speaks S3: issued, printed again, swept, backed up, restored and erased as in a folder."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from service.commands.main import main
from service.memory.keeping.backing_up import back_up
from service.memory.keeping.erasing import erase_pupil
from service.memory.keeping.restoring import restore
from service.memory.keeping.sweeping import sweep
from service.memory.memory import open_school
from service.memory.remembered import number_of
from service.memory.reversing import read_again
from service.storage.failpoints import FAIL_AT
from tests.fresh import FRESH
from tests.invented import ON
from tests.memory.living import history, ill, issue, memory_of, settings_for, take


def test_a_letter_is_issued_there_and_printed_again(bucket, tmp_path) -> None:
    with memory_of(tmp_path, FILES=bucket) as memory:
        take(memory, ill())
        (kept,) = issue(memory).kept
        letter, content = read_again(memory, open_school(memory), kept.letter.reference)
        assert content == kept.letter.content
        assert list(memory.files.hashes(open_school(memory).id)) == [letter.file]
    assert not list((tmp_path / "data").rglob(letter.file))


def run_command(settings: dict[str, str], *words: str) -> None:
    """A command in a process of its own, as the environment says."""
    os.environ.update(settings)
    sys.argv = ["attendance-letters", *words]
    main()


@pytest.mark.slow
@pytest.mark.parametrize("place", ["file-named", "files-kept", "letter-noted", "issue-ready", "issue-kept"])
def test_killed_while_issuing_no_letter_is_lost_and_no_file_left(place, bucket, tmp_path) -> None:
    with memory_of(tmp_path, FILES=bucket) as memory:
        take(memory, ill())
    settings = {**os.environ, **settings_for(tmp_path, FILES=bucket), FAIL_AT: place}
    killed = FRESH.Process(target=run_command, args=(settings, "issue", "--on", f"{ON}", "--pupil", "4711"))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    with memory_of(tmp_path, FILES=bucket) as memory:
        swept = sweep(memory)
        assert swept.missing == ()
        assert {letter.file for letter in history(memory).letters} == set(memory.files.hashes(1))
        assert swept.removed == (place != "issue-kept")
        issue(memory)
        assert len(history(memory).letters) == 1


def test_a_backup_holds_the_files_and_is_restored_there(bucket, tmp_path) -> None:
    with memory_of(tmp_path, FILES=bucket) as memory:
        take(memory, ill())
        (kept,) = issue(memory).kept
        assert back_up(memory, tmp_path / "kept.zip").files == 1
        memory.files.delete(1, kept.file)
        assert sweep(memory).missing == (kept.file,)
        restore(memory, tmp_path / "kept.zip", may_replace=True)
        assert memory.files.get(1, kept.file) == kept.letter.content
        assert sweep(memory).missing == ()


def test_an_erased_pupils_letters_are_erased_there(bucket, tmp_path) -> None:
    with memory_of(tmp_path, FILES=bucket) as memory:
        take(memory, ill(), ill(pupil_reference="4712"))
        (gone,), (stays,) = issue(memory, "4711").kept, issue(memory, "4712").kept
        erase_pupil(memory, open_school(memory), number_of(memory, open_school(memory), "4711"))
        assert list(memory.files.hashes(1)) == [stays.file] != [gone.file]
