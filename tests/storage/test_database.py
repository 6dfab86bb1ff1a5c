"""Transactions as the rest of the service relies on them, on both databases."""

from __future__ import annotations

import os
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text, update

from service.errors import RequestError, SettingsError
from service.storage import database as opening
from service.storage.database import open_database
from service.storage.schema import school
from service.storage.schools import add_school, change_school, find_school
from tests.storage.databases import empty_tables


def test_the_clock_is_the_databases_own_and_in_utc(database) -> None:
    first, second = database.now(), database.now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first)
    assert first <= second


def test_a_write_that_fails_leaves_nothing(database) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_fail(database)
    with database.read() as connection:
        assert find_school(connection, "weir-lane") is None


def add_and_fail(database) -> None:
    with database.write() as connection:
        add_school(connection, "weir-lane", None)
        raise ZeroDivisionError


def test_a_read_sees_one_moment(database) -> None:
    with database.write() as connection:
        made = add_school(connection, "weir-lane", {"school_name": "Weir Lane School"})
    with database.read() as reading:
        before = find_school(reading, "weir-lane")
        with database.write() as connection:
            change_school(connection, made.id, {"school_name": "Weir Lane Academy"})
        assert find_school(reading, "weir-lane") == before
    with database.read() as connection:
        assert find_school(connection, "weir-lane").settings == {"school_name": "Weir Lane Academy"}


def test_writes_of_one_school_wait_for_each_other(database) -> None:
    """Sixteen writers read a number, add one and write it: none is lost, and none is told that it is locked."""
    with database.write() as connection:
        made = add_school(connection, "weir-lane", None)
    ready = threading.Barrier(16)

    def count_up(_: int) -> None:
        ready.wait()
        for _ in range(5):
            with database.write(made.id) as connection:
                number = connection.execute(select(school.c.audit_count).where(school.c.id == made.id)).scalar_one()
                connection.execute(update(school).where(school.c.id == made.id).values(audit_count=number + 1))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(count_up, range(16)))
    with database.read() as connection:
        assert connection.execute(select(school.c.audit_count)).scalar_one() == 80


def test_a_writer_who_says_nothing_for_long_holds_nobody_up(postgres, tmp_path, monkeypatch) -> None:
    """As when its machine is cut off from the network: nobody closes its connection."""
    monkeypatch.setattr(opening, "GONE_SECONDS", 1)
    database = open_database(empty_tables(postgres), tmp_path)
    with database.write() as connection:
        number = add_school(connection, "weir-lane", None).id

    def name(connection, told) -> None:
        change_school(connection, number, {"school_name": told})

    def say_nothing_while_others_write() -> None:
        with database.write(number) as silent:
            name(silent, "Nobody's School")
            with database.write(number) as connection:
                name(connection, "Weir Lane Academy")
            name(silent, "Nobody's School")

    with pytest.raises(RequestError, match="nothing was changed"):
        say_nothing_while_others_write()
    with database.read() as connection:
        assert find_school(connection, "weir-lane").settings == {"school_name": "Weir Lane Academy"}
    database.close()


def test_sqlite_keeps_what_was_written_and_nothing_that_was_deleted(tmp_path) -> None:
    database = open_database("", tmp_path)
    with database.read() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        assert [connection.execute(text(f"PRAGMA {word}")).scalar() for word in asked] == ["wal", 2, 1, 1]
    database.close()
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "memory.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["mysql://somebody@host/name", "no address at all", "sqlite:///other.file"])
def test_another_kind_of_database_is_refused(url, tmp_path) -> None:
    with pytest.raises(SettingsError) as refused:
        open_database(url, tmp_path)
    assert "postgresql://user@host/name" in refused.value.detail


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(tmp_path) -> None:
    with pytest.raises(SettingsError) as refused:
        open_database(f"postgresql://tester@/name?host={tmp_path}", tmp_path)
    assert "cannot be reached" in refused.value.detail
