"""Somebody among the rows of a batch has had the letter already: that row is refused, the others are issued."""

from __future__ import annotations

from sqlalchemy import text

from service.memory.memory import open_school
from service.memory.reversing import take_back
from tests.batches.stored.working_batches import decided, letters_of, now, release, take_many, work
from tests.memory.living import issue, memory_of


def test_who_had_the_letter_already_is_refused_and_all_others_have_theirs(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 4)
        (kept,) = issue(memory, "2").kept
        take_back(memory, open_school(memory), kept.letter.reference, "a mistake")
        number = decided(memory)
        release(memory, number)
        with memory.database.write() as connection:  # it counts again, and nothing else tells of it
            assert connection.execute(text("UPDATE addressee SET is_freed = 0 WHERE is_freed = 1")).rowcount == 1
        work(memory)
        assert now(memory, number).rows == {"issued": 3, "failed": 1}
        assert [len(letters_of(memory, name)) for name in "1234"] == [1, 1, 1, 1]
        with memory.database.read() as connection:
            (why,) = connection.execute(text("SELECT why FROM batch_row WHERE state = 'failed'")).scalars()
        assert "was issued on this occasion already" in why
