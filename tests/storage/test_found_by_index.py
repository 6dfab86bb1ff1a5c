"""What is asked for often is found by an index, however many pupils and letters there are; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text

from service.storage import happened, issued, pupils_kept, registers_kept
from service.storage.wishes import wishes_kept
from tests.invented import ON

ASKED = {
    "a pupil by name": lambda connection: pupils_kept.find_pupil(connection, 1, "4711"),
    "a pupil's events": lambda connection: happened.list_events(connection, 1, 1),
    "a pupil's letters": lambda connection: issued.list_letters(connection, 1, 1),
    "a letter by its reference": lambda connection: issued.find_letters(connection, 1, "AL-1"),
    "the letters of a day": lambda connection: issued.list_of_day(connection, 1, ON),
    "a pupil's corrections": lambda connection: registers_kept.list_corrections(connection, 1, 1),
    "the wishes of decisions": lambda connection: wishes_kept.list_used(connection, 1, [1, 2]),
    "a pupil's registers": lambda connection: registers_kept.read_registers(connection, 1, 1),
}


@pytest.mark.parametrize("name", ASKED)
def test_no_table_is_read_from_end_to_end(name, database) -> None:
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *words: asked.append(words[2:4]))
    with database.read() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # tables are empty: reading them would be cheap
        asked.clear()
        ASKED[name](connection)
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plans = [connection.exec_driver_sql(explain + query, words).all() for query, words in list(asked)]
    assert plans
    shown = str(plans)
    assert "SCAN" not in shown, shown
    assert "Seq Scan" not in shown, shown
