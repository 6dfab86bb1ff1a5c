"""Sessions, links and failures end, and then their rows go with the purge: guesses do not fill the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from service.errors import RequestError
from service.memory.keeping.purging import purge
from service.memory.memory import Memory, open_school
from service.memory.people.roles import OFFICER
from service.memory.people.signing_in import (
    IDLE,
    INVITATION_MINUTES,
    LONGEST,
    WAIT,
    find_signed_in,
    make_link,
    sign_in_by_link,
)
from service.memory.people.signing_in import sign_in_by_password as try_password
from service.memory.people.staff import invite
from service.storage.schema import UtcLater
from service.storage.tables.people_tables import attempt, invitation, sign_in
from tests.invented import ON
from tests.memory.living import ill, memory_of, take

BEGAN = {
    sign_in: ("begun_at", LONGEST),
    invitation: ("made_at", timedelta(minutes=INVITATION_MINUTES)),
    attempt: ("failed_at", WAIT),
}


def counts(memory: Memory) -> list[int]:
    """How many sessions, links and failures there are."""
    with memory.database.read() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in BEGAN]


def test_what_is_over_goes_with_the_purge_and_nothing_before(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        school = open_school(memory)
        number = invite(memory, school.id, "officer@school.example", "Ms A Example", OFFICER)
        sign_in_by_link(memory, make_link(memory, number))
        make_link(memory, number)
        with pytest.raises(RequestError):
            try_password(memory, "nobody@school.example", "a guess at it")
        purge(memory, school, ON)
        assert counts(memory) == [1, 1, 1]
        with memory.database.write() as connection:
            for table, (word, time) in BEGAN.items():
                connection.execute(update(table).values(**{word: UtcLater(-int(time.total_seconds()) - 60)}))
        purge(memory, school, ON)
        assert counts(memory) == [0, 0, 0]


@pytest.mark.parametrize(("word", "time"), [("seen_at", IDLE), ("begun_at", LONGEST)])
def test_a_session_ends_when_nobody_uses_it_and_after_half_a_day(word, time, tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        number = invite(memory, open_school(memory).id, "officer@school.example", "Ms A Example", OFFICER)
        token = sign_in_by_link(memory, make_link(memory, number))
        for seconds, is_in in ((-60, True), (60, False)):
            with memory.database.write() as connection:
                ago = UtcLater(-int(time.total_seconds()) - seconds)
                connection.execute(update(sign_in).values(**{word: ago}))
            assert (find_signed_in(memory, token) is not None) is is_in


def test_a_link_that_is_too_old_signs_nobody_in(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        number = invite(memory, open_school(memory).id, "officer@school.example", "Ms A Example", OFFICER)
        link = make_link(memory, number, 15)
        with memory.database.write() as connection:
            connection.execute(update(invitation).values(made_at=UtcLater(-16 * 60)))
        with pytest.raises(RequestError, match="too old"):
            sign_in_by_link(memory, link)
