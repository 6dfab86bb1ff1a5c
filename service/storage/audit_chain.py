"""Who did what to which row, in a chain that shows when a link was changed, added or taken out.

A link holds numbers and hashes only, never a name, so that erasing a pupil never breaks the chain. By whom is whom the
database acts for, such as "person 3"; links from before that was noted have no word for it, and are hashed without.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from service.storage.database import acts_for
from service.storage.schema import UtcNow, audit, of_school
from service.storage.schema import school as school_table

FIRST = "0" * 64
LINK = ("school", "number", "noted_at", "what", "subject", "details", "previous")


def note(connection: Connection, school: int, what: str, subject: str, details: str = "", who: str = "") -> None:
    """Add a link: what was done, to which row, and the hash of what came of it; within a write of the school.

    `who` where the database does not act for whoever does it.
    """
    note_all(connection, school, what, [(subject, details)], who)


def note_all(connection: Connection, school: int, what: str, done: Sequence[tuple[str, str]], who: str = "") -> None:
    """Add a link for each row to which the same was done, with the hash of what came of it."""
    if not done:
        return
    head = select(school_table.c.audit_count, school_table.c.audit_hash, UtcNow()).where(school_table.c.id == school)
    count, previous, now = connection.execute(head).one()
    by, links = who or acts_for(connection), list[dict[str, Any]]()
    for number, (subject, details) in enumerate(done, count + 1):
        words = (school, number, now, what, subject, details, previous or FIRST)
        link = {**dict(zip(LINK, words, strict=True)), "who": by}
        previous = link["hash"] = hash_link(link)
        links.append(link)
    connection.execute(insert(audit), links)
    row = update(school_table).where(school_table.c.id == school)
    connection.execute(row.values(audit_count=links[-1]["number"], audit_hash=previous))


def hash_link(link: dict[str, Any]) -> str:
    """The hash of a link, over everything it holds and the link before it."""
    who = link.get("who")  # a backup from before has no such column
    words = [*(link[word] for word in LINK), *([who] if who else ())]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


class AuditLink(NamedTuple):
    """A link as somebody looks at it: its number, when, what was done, to which row, and by whom."""

    number: int
    noted_at: str
    what: str
    subject: str
    who: str


def list_links(connection: Connection, school: int, begin: int = 0, most: int = 50) -> list[AuditLink]:
    """The links of a school's chain, the latest first."""
    words = (audit.c[word] for word in AuditLink._fields)
    query = select(*words).where(of_school(audit, school)).order_by(audit.c.number.desc())
    return [AuditLink(*row) for row in connection.execute(query.offset(begin).limit(most))]


def verify(connection: Connection, school: int) -> list[str]:
    """What is wrong with a school's chain, a sentence for each broken place; nothing when it is whole."""
    query = select(audit).where(of_school(audit, school)).order_by(audit.c.number)
    links = (dict(row) for row in connection.execute(query).mappings())
    head = select(school_table.c.audit_count, school_table.c.audit_hash).where(school_table.c.id == school)
    count, last = connection.execute(head).one()
    return list(find_breaks(links, count, last))


def find_breaks(links: Iterable[dict[str, Any]], count: int, last: str) -> Iterator[str]:
    """The broken places of a chain that should have so many links and end with that hash."""
    number, previous = 0, FIRST
    for link in links:
        if link["number"] != number + 1:
            yield f"Entries {number + 1} to {link['number'] - 1} of the audit are missing."
        elif link["previous"] != previous:
            yield f"Entry {link['number']} of the audit does not follow the one before it."
        if hash_link(link) != link["hash"]:
            yield f"Entry {link['number']} of the audit was changed."
        number, previous = link["number"], link["hash"]
    if (number, previous if number else "") != (count, last):
        yield f"The audit ends with entry {number}, but {count} were written."


def has_link(connection: Connection, school: int, what: str, subject: str) -> bool:
    """Whether something was ever done to a row of a school."""
    query = select(audit.c.number).where(of_school(audit, school), audit.c.what == what, audit.c.subject == subject)
    return connection.execute(query.limit(1)).first() is not None


def count_links(connection: Connection, school: int) -> int:
    """How many links a school's chain has."""
    query = select(func.count()).select_from(audit).where(of_school(audit, school))
    return int(connection.execute(query).scalar_one())
