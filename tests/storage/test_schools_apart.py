"""Two schools never see or change each other's rows; with any one query's condition taken out this is noticed."""

from __future__ import annotations

import ast
import importlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import true

from service.storage.database import open_database, open_plain
from service.storage.schema import metadata, of_school
from tests.storage.two_schools import CHANGES, fill, keep_apart, rows_of

ROOM = Path(__file__).parents[2] / "service" / "storage"


class Place(NamedTuple):
    """A query's condition: the module and line where it stands."""

    module: str
    line: int


def modules() -> list[Path]:
    """Every module of the storage that asks the database; the steps between its shapes apart."""
    return sorted(path for path in ROOM.rglob("*.py") if "migrations" not in path.parts)


def find_places() -> Iterator[Place]:
    """Every place at which a query takes the school."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "of_school":
                yield Place(".".join(path.relative_to(ROOM).with_suffix("").parts), node.lineno)


PLACES = list(find_places())


def test_two_schools_never_see_or_change_each_others_rows(database) -> None:
    keep_apart(database)


def test_the_changes_are_real_ones(database) -> None:
    """Each would change the other's rows if it were told the other school."""
    with database.write() as connection:
        fill(connection, "first")
        other = fill(connection, "second")
    idle = []
    for name, change in CHANGES.items():
        with database.engine.connect() as connection:
            before = rows_of(connection, other.school)
            change(connection, other, other)
            idle += [name] if rows_of(connection, other.school) == before else []
            connection.rollback()
    assert idle == ["the same file"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """A database with its tables and nothing in them."""
    folder = tmp_path_factory.mktemp("empty")
    open_database("", folder).close()
    return folder / "memory.sqlite3"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.module}-{place.line}")
def test_without_its_condition_a_query_is_noticed(place, empty, tmp_path, monkeypatch) -> None:
    module = importlib.import_module(f"service.storage.{place.module}")
    taken_out = []

    def leave_out(table: Any, school: int) -> Any:
        if sys._getframe(1).f_lineno == place.line:
            taken_out.append(place)
            return true()
        return of_school(table, school)

    monkeypatch.setattr(module, "of_school", leave_out)
    database = open_plain(Path(shutil.copy(empty, tmp_path / "memory.sqlite3")))
    with closing(database), pytest.raises((Exception, pytest.fail.Exception)):  # whatever notices
        keep_apart(database)
    assert taken_out


def test_every_query_of_the_storage_takes_the_school() -> None:
    """Each statement about a table of the schools stands in a function that says which school's."""
    exempt = {
        "key_search",
        "work_search",
        "due_search",
        "measures",  # counts and times of all schools together
        "people_kept",
        "accounts_kept",
        "sign_ins",
        "dump",
        "numbered_rows",  # numbers of new rows
        "schools",
        "database",
        "migrate",
        "schema",
    }
    bare = []
    for path in modules():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if path.stem in exempt or not isinstance(function, ast.FunctionDef):
                continue
            calls = [
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            ]
            asks = sum(name in ("select", "update", "delete") for name in calls)
            if asks and "of_school" not in calls:
                bare.append(f"{path.stem}.{function.name}")
    assert bare == ["audit_chain.note_all"]  # the chain's head stands in the school's own row
    assert len(PLACES) > 40
    assert set(metadata.tables) > {"pupil", "letter"}
