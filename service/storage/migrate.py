"""Brings a database up to this program's tables, whichever version of them it has."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from service.errors import Problem, SettingsError
from service.storage.schema import HEAD

FOLDER = Path(__file__).parent / "migrations"
VERSIONS = ("v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16")
"""Every version there was, in order."""
_LOCK = 7_305_001


def bring_up_to_date(engine: Engine, target: str = HEAD) -> None:
    """Run the steps that a database lacks, once however many programs start at the same time.

    Raises SettingsError when the database is newer than this program.
    """
    with engine.begin() as connection:
        if _version_of(connection) == target:
            return
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        version = _version_of(connection)
        if version and version not in VERSIONS:
            sentence = (
                "This database was made by a newer version of the program. Use that version, or restore a backup."
            )
            raise SettingsError(Problem("newer-database", sentence, column="DATABASE"))
        if version != target:
            _upgrade(connection, target)


def _version_of(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _upgrade(connection: Connection, target: str) -> None:
    from alembic import command  # a fifth of a second, and seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
