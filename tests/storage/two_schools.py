"""Two schools with the same words in every table, and everything that one could do to the other's rows by mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from service.attendance.record import Event
from service.storage import audit_chain, happened, issued, pupil_rows, pupils_kept, registers_kept, retention, uploads
from service.storage import whole_pupils as whole
from service.storage.access import api_keys, kept_answers
from service.storage.access.api_keys import StoredKey
from service.storage.approval import approvals_kept
from service.storage.approval.approvals_kept import NewApproval
from service.storage.batched import batches_kept, claims, rows_kept
from service.storage.batched.batch_values import Chunk
from service.storage.database import Connection, Database
from service.storage.dispatch import dispatches
from service.storage.dispatch.dispatches import Dispatch
from service.storage.dump import TABLES
from service.storage.hooks import deliveries, hooks_kept
from service.storage.hooks.deliveries import Delivery
from service.storage.issued import LetterSearch, LetterToKeep, NewDecision, NewLetter
from service.storage.kept_marks import Correction
from service.storage.packing import pack
from service.storage.people import people_kept, roles_kept, sign_ins
from service.storage.schema import chunk, contact, metadata
from service.storage.schools import add_school
from service.storage.stored import StoredWish
from service.storage.wishes import wishes_kept
from tests.invented import ON, make_marks, make_record

LATER = date(2030, 1, 1)
RECORD = make_record(marks=make_marks([("2026-10-05 AM", "N")]))
SHARED = "f" * 64
WISH = StoredWish("sentence", "letter_1", "Thank you.", "", "JM", ON)


@dataclass(frozen=True)
class Numbers:
    """The numbers of one school's rows, and the hash of a file that only it has."""

    school: int
    pupil: int
    gone: int
    event: int
    decision: int
    letter: int
    own_file: str
    token: str
    key: int
    asked: int
    running: int
    person: int
    batch: int
    chunk: Chunk
    hook: int
    delivery: int
    approval: int


def fill(connection: Connection, key: str) -> Numbers:
    """A school with a pupil who has a row in every table, and one who is gone."""
    school, own = add_school(connection, key, None).id, key[0] * 64
    pupil = pupils_kept.add_pupil(connection, school, RECORD, ON)
    pupils_kept.keep_contacts(connection, school, pupil, RECORD.contacts)
    registers_kept.keep_register(connection, school, pupil, RECORD.register, ON)
    registers_kept.note_corrections(connection, school, pupil, [Correction(ON, "AM", "N", "I")])
    event = happened.add_event(connection, school, pupil, Event(ON, "letter_1"), "issued")
    happened.keep_answer(connection, school, pupil, "parent_engaged", "yes", ON)
    happened.add_hold(connection, school, pupil, None, "an old order")
    happened.lift_holds(connection, school, pupil)
    happened.add_hold(connection, school, pupil, None, "a court order")
    issued.keep_decisions(connection, school, [(pupil, NewDecision(ON, "bradford", "", "none", "{}", "[]"))])
    issued.keep_files(connection, school, dict.fromkeys((SHARED, own), (4, "text/plain")))
    made = NewDecision(ON, "bradford", "", "letter", "{}", "[]")
    (decision,) = issued.keep_decisions(connection, school, [(pupil, made)])
    letter = keep_letter(connection, school, pupil, decision, event, own)
    dispatches.note_dispatch(connection, school, pupil, Dispatch(letter, "printed", "", ON, "JM"))
    wishes_kept.keep_wish(connection, school, pupil, WISH)
    wishes_kept.use_wish(connection, school, pupil, "sentence", decision, "Thank you.")
    wishes_kept.keep_wish(connection, school, pupil, WISH)
    happened.add_event(connection, school, pupil, Event(ON, "parent_contact"), "recorded")
    gone = pupils_kept.add_pupil(connection, school, make_record(pupil_reference="4712"), ON)
    pupils_kept.set_gone(connection, school, [gone], ON)
    uploads.note_upload(connection, school, ON, "", {})
    key_of = api_keys.add_key(connection, StoredKey(0, school, f"al_live_{key}", own, "live", "read", "ours"))
    pupil_rows.note_erasure(connection, school, f"{key} erased")
    token = pupil_rows.token_of(connection, school, pupil)
    asked = kept_answers.begin_answer(connection, school, "a" * 64, "b" * 64)
    kept_answers.keep_answer_of(connection, school, asked, "{}", pupil)
    running = kept_answers.begin_answer(connection, school, key[0] * 64, "b" * 64)
    person = people_kept.add_person(connection, f"{key}@school.example", "Ms A Example", "AE")
    roles_kept.keep_role(connection, school, person, "officer")
    sign_ins.begin_session(connection, person, school, key)
    batch, mine = start_batch(connection, school, pupil, key)
    hook = hooks_kept.add_hook(connection, school, f"https://{key}.example/", "letter.reversed")
    deliveries.add_deliveries(connection, school, [hook, hook], "letter.reversed", "{}")
    first, last = deliveries.list_deliveries(connection, school, hook, 0, 9)[::-1]
    deliveries.end_delivery(connection, school, last.id, "taken", "status 204")
    approvals_kept.add_approval(connection, school, pupil, NewApproval(ON, "letter_1", "Letter 1", False, "", "AE"))
    approvals_kept.settle_approval(
        connection, school, approvals_kept.list_waiting(connection, school)[0].id, "refused", ""
    )
    approvals_kept.add_approval(connection, school, pupil, NewApproval(ON, "letter_2", "Letter 2", False, "", "AE"))
    (waiting,) = approvals_kept.list_waiting(connection, school)
    return Numbers(
        school,
        pupil,
        gone,
        event,
        decision,
        letter,
        own,
        token,
        key_of,
        asked,
        running,
        person,
        batch,
        mine,
        hook,
        first.id,
        waiting.id,
    )


def start_batch(connection: Connection, school: int, pupil: int, key: str) -> tuple[int, Chunk]:
    """A batch with an export, a row that is due, and three chunks, of which two are claimed."""
    batch = batches_kept.add_batch(connection, school, "decided", day=ON, policy="bradford", export=key[0] * 63 + "e")
    audit_chain.note(connection, school, "batch started", f"batch {batch}")
    rows_kept.add_rows(connection, school, batch, [pupil])
    rows_kept.keep_rows(connection, school, batch, [{"number": 1, "state": "due", "hash": key}])
    claims.add_chunks(connection, school, batch, "decide", [1, 2], 1)
    first = connection.execute(select(chunk.c.id).where(chunk.c.batch == batch).order_by(chunk.c.id)).scalars().first()
    mine = claims.claim(connection, school, first or 0, key)
    claims.add_chunks(connection, school, batch, "issue", [1], 1)
    claims.claim(connection, school, (first or 0) + 2, key, -1)
    assert mine
    return batch, mine


def keep_letter(connection: Connection, school: int, pupil: int, decision: int, event: int, file: str) -> int:
    new = NewLetter(ON, "letter_1", "Letter 1", "school year 2026", "1", "AL-1", "", "{}", file, ("1",))
    some = [LetterToKeep(pupil, decision, event, new)]
    numbers = issued.keep_letters(connection, school, some)
    assert issued.keep_addressees(connection, school, numbers, some)
    return numbers[0]


def rows_of(connection: Connection, school: int) -> dict[str, list[str]]:
    """Every row of a school, as text."""
    found: dict[str, list[str]] = {}
    for name in TABLES:
        table = metadata.tables[name]
        rows = connection.execute(select(table).order_by(table.c.id)).all()
        owner = list(table.c.keys()).index("school" if "school" in table.c else "id")
        found[name] = [str(row) for row in rows if row[owner] == school]
    return found


def sees_only_its_own(connection: Connection, here: Numbers, other: Numbers) -> None:
    """Whatever a school asks for, it is told of its own rows alone, whichever numbers it asks with."""
    school, pupil = here.school, other.pupil
    assert [item.id for item in pupils_kept.list_known(connection, school)] == [here.pupil, here.gone]
    assert pupils_kept.find_pupil(connection, school, "4711") == here.pupil
    assert registers_kept.read_registers(connection, school, pupil) == ([], None)
    assert len(list(registers_kept.read_everybodys(connection, school, ON))) == 1
    assert registers_kept.list_corrections(connection, school, pupil) == []
    assert happened.list_events(connection, school, pupil) == []
    assert happened.find_event(connection, school, other.event) is None
    assert issued.read_decision(connection, school, other.decision) is None
    assert issued.list_letters(connection, school, pupil) == []
    assert [item.id for item in issued.find_letters(connection, school, "AL-1")] == [here.letter]
    assert [item.id for item in issued.search_letters(connection, school, LetterSearch())] == [here.letter]
    assert issued.count_letters(connection, school, LetterSearch()) == 1
    with pytest.raises(NoResultFound):
        issued.read_words(connection, school, other.letter)
    assert pupils_kept.read_own_words(connection, school, other.pupil) is None
    assert list(dispatches.last_steps(connection, school, [here.letter, other.letter])) == [here.letter]
    assert list(pupils_kept.list_versions(connection, school)) == [here.pupil]
    assert len(uploads.list_uploads(connection, school)) == 1
    assert [one.person.id for one in roles_kept.list_people(connection, school)] == [here.person]
    assert roles_kept.role_of(connection, school, other.person) == ""
    assert issued.letters_of_event(connection, school, other.event) == []
    assert issued.list_written(connection, school, [pupil], date.min) == []
    assert [item.id for item in issued.list_of_day(connection, school, ON)] == [here.letter]
    assert set(issued.list_files(connection, school)) == {SHARED, here.own_file}
    assert not issued.is_file_used(connection, school, other.own_file)
    assert whole.read_pupil(connection, school, pupil, ON) is None
    rows = whole.read_pupil_rows(connection, school, ON)
    assert [item.id for some in rows for item in whole.build_pupils(some)] == [here.pupil]
    assert audit_chain.count_links(connection, school) == 2
    assert len(audit_chain.list_links(connection, school)) == 2
    assert audit_chain.verify(connection, school) == []
    assert {name: rows for name, rows in pupil_rows.rows_about(connection, school, pupil).items() if rows} == {}
    assert pupil_rows.token_of(connection, school, pupil) == ""
    assert pupil_rows.find_token(connection, school, other.token) is None
    assert len(pupil_rows.list_erasures(connection, school)) == 1
    assert retention.find_forgotten(connection, school, LATER) == [here.gone]
    assert [item.id for item in api_keys.list_keys(connection, school)] == [here.key]
    found = kept_answers.find_answer(connection, school, "a" * 64)
    assert found
    assert found.id == here.asked
    assert [item.id for item in pupils_kept.list_named(connection, school, "", "4711")] == [here.pupil]
    assert [item[0].id for item in issued.list_after(connection, school, 0, 9)] == [here.letter]
    assert [item.id for item in hooks_kept.list_hooks(connection, school)] == [here.hook]
    assert hooks_kept.find_hook(connection, school, other.hook) is None
    assert deliveries.list_deliveries(connection, school, other.hook, 0, 9) == []
    assert [item.id for item in approvals_kept.list_waiting(connection, school)] == [here.approval]
    assert len(approvals_kept.list_settled(connection, school, 9)) == 1
    assert approvals_kept.find_approval(connection, school, other.approval) is None
    assert approvals_kept.find_waiting(connection, school, pupil) is None
    assert approvals_kept.last_of_pupil(connection, school, pupil) is None
    assert list(wishes_kept.list_used(connection, school, [here.decision, other.decision])) == [here.decision]
    assert reads_parts(connection, here)
    sees_only_its_own_batches(connection, here, other)


def sees_only_its_own_batches(connection: Connection, here: Numbers, other: Numbers) -> None:
    """The same for batches, their chunks and rows."""
    school, batch = here.school, other.batch
    assert [item.id for item in batches_kept.list_batches(connection, school)] == [here.batch]
    assert [item.id for item in batches_kept.page_batches(connection, school, 1 << 62, 9)] == [here.batch]
    assert batches_kept.read_batch(connection, school, batch) is None
    assert not audit_chain.has_link(connection, school, "batch started", f"batch {batch}")
    assert rows_kept.page_rows(connection, school, batch, "", 0, 9) == []
    assert claims.steps_left(connection, school, batch) == set()
    assert rows_kept.read_rows(connection, school, batch) == []
    assert list(rows_kept.stream_rows(connection, school, batch)) == []
    assert rows_kept.count_rows(connection, school, batch) == {}
    assert rows_kept.count_letters(connection, school, batch) == {}
    assert rows_kept.find_row(connection, school, batch, other.pupil) is None
    assert rows_kept.seen_of(connection, school, batch) == rows_kept.seen_of(connection, school, 0)
    assert not issued.is_file_used(connection, school, f"{other.own_file[0] * 63}e")
    assert [item.id for item in whole.read_some(connection, school, [here.pupil, other.pupil], ON)] == [here.pupil]


def reads_parts(connection: Connection, here: Numbers) -> bool:
    """A pupil whose rows lie among another school's numbers is read with the own rows alone."""
    found = whole.read_pupil(connection, here.school, here.pupil, ON)
    assert found is not None
    parts = (found.persons, found.events, found.answers, found.holds, found.wishes)
    return [len(part or ()) for part in parts] == [1, 2, 1, 1, 1] and found.record.register == RECORD.register


def mixed_rows(connection: Connection, here: Numbers, other: Numbers) -> None:
    """Rows of the other school that name this school's pupil, as a mistake elsewhere could leave them."""
    pupil = here.pupil
    words = {
        "school": other.school,
        "pupil": pupil,
        "number": 1,
        "name": "ms jo ash",
        "words": pack(RECORD.contacts[0]),
    }
    connection.execute(insert(contact).values(**words))
    registers_kept.keep_register(connection, other.school, pupil, make_record(marks=make_marks([])).register, ON)
    event = happened.add_event(connection, other.school, pupil, Event(ON, "letter_2"), "issued")
    happened.keep_answer(connection, other.school, pupil, "reason_given", "yes", ON)
    happened.add_hold(connection, other.school, pupil, None, "another order")
    wishes_kept.keep_wish(connection, other.school, pupil, WISH)
    made = NewDecision(ON, "bradford", "", "letter", "{}", "[]")
    (decision,) = issued.keep_decisions(connection, other.school, [(pupil, made)])
    keep_letter(connection, other.school, pupil, decision, event, SHARED)
    registers_kept.note_corrections(connection, other.school, pupil, [Correction(ON, "AM", "N", "I")])


def mixed_changes(connection: Connection, here: Numbers, other: Numbers) -> None:
    """With such rows there, what a school does to its own leaves the other's as they are."""
    mixed_rows(connection, here, other)
    new = NewLetter(ON, "letter_3", "Letter 3", "school year 2026", "1", "AL-3", "", "{}", SHARED, ("1",))
    some = [LetterToKeep(here.pupil, 0, 0, new)]
    assert issued.keep_addressees(connection, other.school, [here.letter], some)
    before = rows_of(connection, other.school)
    issued.reverse_letters(connection, here.school, here.event)
    pupils_kept.keep_contacts(connection, here.school, here.pupil, (*RECORD.contacts, *RECORD.contacts))
    assert len(rows_of(connection, here.school)["contact"]) == 2
    assert rows_of(connection, other.school) == before
    with pytest.raises(IntegrityError):  # the other's row still needs this letter, and is not taken away for it
        retention.delete_letters(connection, here.school, LATER)


def mixed_wishes(connection: Connection, here: Numbers, other: Numbers) -> None:
    """A wish that names the other school's decision is not taken for one whose letters are gone."""
    wishes_kept.keep_wish(connection, here.school, here.gone, WISH)
    wishes_kept.use_wish(connection, here.school, here.gone, "sentence", other.decision, "Thank you.")
    wishes_kept.delete_old(connection, here.school, LATER)
    assert len(rows_of(connection, here.school)["wish"]) == 1


def mixed_batches(connection: Connection, here: Numbers, other: Numbers) -> None:
    """With a row of the other school in this one's batch, the batch is not taken away for it."""
    rows_kept.add_rows(connection, other.school, here.batch, [other.pupil])
    with pytest.raises(IntegrityError):
        batches_kept.delete_batches(connection, here.school, LATER)


def mixed_sending(connection: Connection, here: Numbers, other: Numbers) -> None:
    """With the other school's word about a letter of this one, the letter is not taken away for it."""
    dispatches.note_dispatch(connection, other.school, other.pupil, sent(here.letter))
    with pytest.raises(IntegrityError):
        retention.delete_letters(connection, here.school, LATER)


def sent(letter: int) -> Dispatch:
    """That a letter was posted."""
    return Dispatch(letter, "sent", "post", ON, "JM")


Change = Callable[[Connection, Numbers, Numbers], Any]
CHANGES: dict[str, Change] = {
    "words": lambda c, a, b: pupils_kept.change_pupil(c, a.school, b.pupil, make_record(first_name="Else"), ON),
    "history": lambda c, a, b: pupils_kept.know_history(c, a.school, b.pupil),
    "gone": lambda c, a, b: pupils_kept.set_gone(c, a.school, [b.pupil], ON),
    "version": lambda c, a, b: pupils_kept.raise_version(c, a.school, b.pupil),
    "versions": lambda c, a, b: pupils_kept.raise_versions(c, a.school, {b.pupil: 0}),
    "contacts": lambda c, a, b: pupils_kept.keep_contacts(c, a.school, b.pupil, ()),
    "contact": lambda c, a, b: pupils_kept._change_contact(c, a.school, _person(c, b), 9, "{}"),
    "pupil": lambda c, a, b: pupils_kept.delete_pupil(c, a.school, b.gone),
    "register": lambda c, a, b: registers_kept.keep_register(c, a.school, b.pupil, None, ON),
    "event": lambda c, a, b: happened.complete_event(c, a.school, b.event, Event(ON, "letter_1", note="else")),
    "reversal": lambda c, a, b: happened.reverse_event(c, a.school, b.event, "", "else"),
    "answer": lambda c, a, b: happened.keep_answer(c, a.school, b.pupil, "parent_engaged", "no", ON),
    "holds": lambda c, a, b: happened.lift_holds(c, a.school, b.pupil),
    "a wish": lambda c, a, b: wishes_kept.drop_wish(c, a.school, b.pupil, "sentence"),
    "a wish that is used": lambda c, a, b: wishes_kept.use_wish(c, a.school, b.pupil, "sentence", b.decision, "else"),
    "old wishes": lambda c, a, b: wishes_kept.delete_old(c, a.school, LATER),
    "letters": lambda c, a, b: issued.reverse_letters(c, a.school, b.event),
    "a letter sent": lambda c, a, b: dispatches.note_dispatch(c, a.school, b.pupil, sent(b.letter)),
    "a letter not sent": lambda c, a, b: dispatches.undo_last(c, a.school, b.letter),
    "a letter that waits": lambda c, a, b: approvals_kept.settle_approval(c, a.school, b.approval, "approved", "AE"),
    "old approvals": lambda c, a, b: approvals_kept.delete_approvals(c, a.school, LATER),
    "everything about a pupil": lambda c, a, b: pupil_rows.delete_about(c, a.school, b.pupil),
    "a pupil who is gone": lambda c, a, b: pupil_rows.delete_about(c, a.school, b.gone),
    "files": lambda c, a, b: pupil_rows.forget_files(c, a.school, [b.own_file, SHARED]),
    "old letters": lambda c, a, b: retention.delete_letters(c, a.school, LATER),
    "old events": lambda c, a, b: retention.delete_events(c, a.school, LATER),
    "old registers": lambda c, a, b: retention.delete_registers(c, a.school, LATER.year),
    "old uploads": lambda c, a, b: retention.delete_uploads(c, a.school, LATER),
    "a key": lambda c, a, b: api_keys.revoke_key(c, a.school, b.key),
    "a key's use": lambda c, a, b: api_keys.note_use(c, a.school, b.key),
    "an answer": lambda c, a, b: kept_answers.keep_answer_of(c, a.school, b.asked, '{"else": 1}', None),
    "a request": lambda c, a, b: kept_answers.forget_answer(c, a.school, b.running),
    "old answers": lambda c, a, b: kept_answers.delete_answers(c, a.school, "3000"),
    "a webhook's secret": lambda c, a, b: hooks_kept.turn_secret(c, a.school, b.hook),
    "a webhook": lambda c, a, b: hooks_kept.remove_hook(c, a.school, b.hook),
    "a delivery's claim": lambda c, a, b: deliveries.claim_delivery(c, _of(b.delivery, a, b), 60),
    "a delivery's end": lambda c, a, b: deliveries.end_delivery(c, a.school, b.delivery, "taken", ""),
    "a delivery put off": lambda c, a, b: deliveries.put_off(c, a.school, b.delivery, "else", 60),
    "a delivery sent again": lambda c, a, b: deliveries.send_again(c, a.school, b.hook, b.delivery),
    "old deliveries": lambda c, a, b: deliveries.delete_deliveries(c, a.school, "3000"),
    "a role": lambda c, a, b: roles_kept.keep_role(c, a.school, b.person, ""),
    "a batch's state": lambda c, a, b: batches_kept.move_batch(c, a.school, b.batch, "released", ["decided"]),
    "a batch's words": lambda c, a, b: batches_kept.change_batch(c, a.school, b.batch, slots="[1]"),
    "old batches": lambda c, a, b: batches_kept.delete_batches(c, a.school, LATER),
    "a claim": lambda c, a, b: claims.claim(c, a.school, b.chunk.id + 1, "else"),
    "a lease": lambda c, a, b: claims.renew(c, _told(b, a), 9999),
    "a chunk that is done": lambda c, a, b: claims.finish_chunk(c, _told(b, a)),
    "a chunk given back": lambda c, a, b: claims.give_back(c, _told(b, a)),
    "a chunk split": lambda c, a, b: claims.split_chunk(c, _told(b, a)),
    "a lease that is over": lambda c, a, b: claims.is_issuing(c, a.school),
    "the work of a batch": lambda c, a, b: claims.drop_chunks(c, a.school, b.batch),
    "a batch's row": lambda c, a, b: rows_kept.keep_rows(c, a.school, b.batch, [{"number": 1, "why": "else"}]),
    "the states of rows": lambda c, a, b: rows_kept.change_states(c, a.school, b.batch, ["due"], "released"),
    "the same file": lambda c, a, b: issued.keep_files(c, a.school, {b.own_file: (4, "")}),
}
"""What one school does with the numbers of another's rows; the other's rows stay as they are."""


def _of(number: int, here: Numbers, other: Numbers) -> Delivery:
    """The other's delivery, as somebody who takes it for one of this school."""
    return Delivery(number, here.school, other.hook, "letter.reversed", "{}", "waiting", 0, "", "", "", "")


def _told(other: Numbers, here: Numbers) -> Chunk:
    """The other's chunk, as somebody who takes it for one of this school."""
    return replace(other.chunk, school=here.school)


def _person(connection: Connection, other: Numbers) -> int:
    return int(connection.execute(select(contact.c.id).where(contact.c.pupil == other.pupil)).scalars().first() or 0)


def keep_apart(database: Database) -> None:
    """Everything above, each change in a transaction that is taken back."""
    with database.write() as connection:
        here, other = fill(connection, "first"), fill(connection, "second")
    for one, two in ((here, other), (other, here)):
        with database.read() as connection:
            sees_only_its_own(connection, one, two)
    with database.read() as connection:
        before = rows_of(connection, other.school)
    for change in CHANGES.values():
        with database.engine.connect() as connection:
            change(connection, here, other)
            assert rows_of(connection, other.school) == before
            assert pupil_rows.delete_about(connection, here.school, other.pupil) == []
            connection.rollback()
    with database.engine.connect() as connection:
        mixed_rows(connection, here, other)
        sees_only_its_own(connection, here, other)
        connection.rollback()
    with database.engine.connect() as connection:
        mixed_changes(connection, here, other)
        connection.rollback()
    with database.engine.connect() as connection:
        mixed_sending(connection, here, other)
        connection.rollback()
    with database.engine.connect() as connection:
        mixed_wishes(connection, here, other)
        connection.rollback()
    with database.engine.connect() as connection:
        mixed_batches(connection, here, other)
        connection.rollback()
