"""The database is brought up from every earlier version with rows in it, and ends as the tables say."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, func, insert, select, text

from service.errors import SettingsError
from service.storage.database import Database, open_database, open_plain
from service.storage.migrate import FOLDER, VERSIONS, bring_up_to_date
from service.storage.packing import squeeze
from service.storage.schema import HEAD, metadata


def open_empty(url: str, tmp_path: Path) -> Database:
    """A database without tables."""
    if url:
        return Database(create_engine(url.replace("postgresql://", "postgresql+psycopg://")))
    return open_plain(tmp_path / "memory.sqlite3")


def fill(database: Database) -> dict[str, int]:
    """A row in every table that the database has, in the order in which they can be written; how many each holds."""
    known = MetaData()
    known.reflect(database.engine)
    with database.write() as connection:
        for table in known.sorted_tables:
            if table.name != "alembic_version":
                connection.execute(insert(table).values({column.name: value_for(column) for column in table.columns}))
    return {table.name: 1 for table in known.sorted_tables if table.name != "alembic_version"}


def value_for(column) -> object:
    kind = column.type.python_type.__name__
    if column.name == "id" or column.foreign_keys:
        return 1
    return {"int": 7, "bytes": b"marks", "str": "AM"}.get(kind) or text("CURRENT_DATE")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_earlier_version_comes_up_with_its_rows(version, empty_url, tmp_path) -> None:
    database = open_empty(empty_url, tmp_path)
    bring_up_to_date(database.engine, version)
    filled = fill(database)
    bring_up_to_date(database.engine)
    with database.read() as connection:
        counts = {name: len(connection.execute(select(metadata.tables[name])).all()) for name in filled}
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert counts == filled
    database.close()


def test_notices_that_were_printed_earlier_keep_their_days(empty_url, tmp_path) -> None:
    database = open_empty(empty_url, tmp_path)
    bring_up_to_date(database.engine, "v9")
    fill(database)
    words = {"improvement_from": "25 November 2026", "improvement_to": "15 December 2026"}
    for name, printed in (("notice_to_improve", words), ("letter_1", {}), ("notice_to_improve", {"reference": "A"})):
        add_letter(database, name, printed)
    bring_up_to_date(database.engine)
    with database.read() as connection:
        found = connection.execute(text("SELECT period_start, period_end FROM event ORDER BY id")).all()
    days = [tuple(day and f"{day}" for day in row) for row in found]
    assert days == [(None, None), ("2026-11-25", "2026-12-15"), (None, None), (None, None)]
    database.close()


def add_letter(database: Database, name: str, words: dict[str, str]) -> None:
    """Another letter with its event, as it was kept."""
    known = MetaData()
    known.reflect(database.engine)
    event, letter = known.tables["event"], known.tables["letter"]
    with database.write() as connection:
        number = 1 + connection.execute(select(func.max(event.c.id))).scalar_one()
        values = {column.name: value_for(column) for column in event.columns}
        connection.execute(insert(event).values(values | {"id": number}))
        values = {column.name: value_for(column) for column in letter.columns} | {"id": number, "event": number}
        connection.execute(insert(letter).values(values | {"letter": name, "words": squeeze(json.dumps(words))}))


def test_the_versions_are_those_of_the_folder_and_the_last_is_the_tables() -> None:
    files = {path.stem for path in (FOLDER / "versions").glob("*.py")} - {"__init__"}
    assert files == set(VERSIONS)
    assert VERSIONS[-1] == HEAD


def test_programs_that_start_together_bring_it_up_once(empty_url, tmp_path) -> None:
    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(lambda _: open_database(empty_url, tmp_path), range(8)))
    with opened[0].read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    for database in opened:
        database.close()


def test_a_database_of_a_newer_program_is_not_touched(url, tmp_path) -> None:
    database = open_database(url, tmp_path)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(SettingsError) as refused:
        bring_up_to_date(database.engine)
    assert "newer version" in refused.value.detail
    database.close()
