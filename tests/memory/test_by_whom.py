"""The audit says by whom each thing was done, and shows where that was changed; on both databases."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing

import pytest
from sqlalchemy import insert, select, update

from service.memory.keeping.auditing import list_entries, verify_all
from service.storage.audit_chain import FIRST, LINK, note, verify
from service.storage.database import open_plain
from service.storage.migrate import bring_up_to_date
from service.storage.schema import audit, metadata
from service.storage.schema import school as school_table
from service.storage.schools import add_school
from tests.memory.living import ill, issue, memory_of, school, take
from tests.storage.databases import postgres, url

__all__ = ["postgres", "url"]


def test_each_entry_says_by_whom(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory.acting_for("command"), ill())
        issue(memory.acting_for("key 71"))
        with memory.database.write(school(memory).id) as connection:
            note(connection, school(memory).id, "looked after itself", "school 1")
        found = list_entries(memory, school(memory), 0, 50)
        said = {link.what: found.by[link.who] for link in found.links}
        assert said["letter issued"] == "Key 71"
        assert said["looked after itself"] == "The service itself"
        assert set(said.values()) == {"Key 71", "The service itself", "A command"}
        assert [item.problems for item in verify_all(memory)] == [()]


def test_an_entry_from_before_says_that_it_was_not_noted(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        with memory.database.write() as connection:
            connection.execute(update(audit).where(audit.c.number == 1).values(who=""))
        found = list_entries(memory, school(memory), 0, 50)
        assert found.by[found.links[-1].who] == "Not noted then"


@pytest.mark.parametrize("forged", ["person 2", ""])
def test_an_entry_under_somebody_elses_name_is_found(forged, url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory.acting_for("person 1"), ill())
        with memory.database.write() as connection:
            connection.execute(update(audit).where(audit.c.number == 1).values(who=forged))
        assert verify_all(memory)[0].problems == ("Entry 1 of the audit was changed.",)


def test_entries_from_before_stay_whole(tmp_path) -> None:
    with closing(open_plain(tmp_path / "memory.sqlite3")) as database:
        bring_up_to_date(database.engine, "v15")
        link = dict(zip(LINK, (1, 1, "2026-09-07T09:00:00Z", "school added", "school 1", "", FIRST), strict=True))
        link["hash"] = hashlib.sha256(json.dumps(list(link.values())).encode()).hexdigest()
        with database.write() as connection:
            add_school(connection, "old", None)
            table = metadata.tables["audit"]
            connection.execute(insert(table).values(**link))
            connection.execute(update(school_table).values(audit_count=1, audit_hash=link["hash"]))
        bring_up_to_date(database.engine)
        with database.acting_for("person 4").write(1) as connection:
            note(connection, 1, "school changed", "school 1")
            assert verify(connection, 1) == []
            assert list(connection.execute(select(audit.c.who).order_by(audit.c.number)).scalars()) == ["", "person 4"]
