"""An upgrade that is killed leaves the database as it was, and the next start brings it up; on both databases."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

from sqlalchemy import event, func, inspect, select

from service.storage.migrate import VERSIONS, bring_up_to_date
from service.storage.schema import HEAD, metadata
from tests.storage.test_migrate import fill, open_empty

STEP = 7
"""Statements between two kills; an upgrade from the first version has about ninety."""


def upgrade_and_die(url: str, folder: Path, at: int) -> None:
    """Bring the database up, and die as if the power went before that statement."""
    database, statements = open_empty(url, folder), 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", count)
    bring_up_to_date(database.engine)
    database.close()


def killed_at(url: str, folder: Path, statement: int) -> bool:
    """Whether an upgrade of its own process was killed at a statement, before it ended."""
    process = multiprocessing.get_context("fork").Process(target=upgrade_and_die, args=(url, folder, statement))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def test_an_upgrade_that_is_killed_leaves_everything_as_it_was(empty_url, tmp_path) -> None:
    database = open_empty(empty_url, tmp_path)
    bring_up_to_date(database.engine, VERSIONS[0])
    filled = fill(database)
    tables = set(inspect(database.engine).get_table_names())
    database.close()
    kills = 0
    while killed_at(empty_url, tmp_path, STEP * (kills + 1)):
        kills += 1
        assert set(inspect(database.engine).get_table_names()) == tables
        database.close()
    assert kills > 5
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
        counts = {
            name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar()
            for name in filled
        }
    assert counts == filled
    database.close()


def test_the_last_step_is_done_whole_or_not_at_all(empty_url, tmp_path) -> None:
    database = open_empty(empty_url, tmp_path)
    bring_up_to_date(database.engine, VERSIONS[-2])
    fill(database)
    database.close()
    statement = 1
    while killed_at(empty_url, tmp_path, statement):
        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == VERSIONS[-2]
        database.close()
        statement += 1
    assert statement > 3
