"""Erasing, backups, restoring, retention, the audit and a pupil's own ZIP; on both databases."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from service.attendance.closed_days import MarkDays
from service.errors import RequestError
from service.memory.keeping.auditing import verify_all
from service.memory.keeping.backing_up import back_up
from service.memory.keeping.erasing import erase_pupil
from service.memory.keeping.pupil_file import write_pupil_file
from service.memory.keeping.purging import purge
from service.memory.keeping.restoring import restore
from service.memory.keeping.sweeping import sweep
from service.memory.memory import open_school
from service.memory.reading_notes import Notes, read_answer, read_event, read_hold, read_mark
from service.memory.remembered import number_of
from service.storage.database import open_database
from service.storage.dump import TABLES, dump_table
from service.storage.migrate import bring_up_to_date
from service.storage.schema import audit
from tests.invented import CALENDAR, CONTACT, ON, make_values
from tests.memory.living import due, history, ill, issue, memory_of, note, take, today

TRACES = ("Quirina", "Zyzzler", "Xanthippe", "Unmistakable Row", "ZE7 1LB", "4913-QX", "whispered")
"""Words that stand in one pupil's record and nowhere else in the world."""
TRACED = {
    "pupil_reference": "4913-QX",
    "first_name": "Quirina",
    "last_name": "Zyzzler",
    "contacts": [{**CONTACT, "first_name": "Xanthippe", "address_line_1": "2 Unmistakable Row", "postcode": "ZE7 1LB"}],
}


def live(memory) -> None:
    """A school with two pupils, about one of whom everything was done that can be."""
    take(memory, ill(**TRACED), ill())
    issue(memory, "4913-QX")
    issue(memory, "4711")
    happened = {"on": f"{ON}", "event": "parent_contact", "note": "whispered"}
    for notes in (
        Notes(read_event(happened, frozenset({"parent_contact"}))),
        Notes(answers=(read_answer("meeting_place", "where Quirina whispered", ON),)),
        Notes(hold=read_hold(None, "Zyzzler whispered so")),
        Notes(marks=(read_mark(date(2026, 11, 9), "AM", "I", MarkDays(CALENDAR, ON)),)),
    ):
        note(memory, "4913-QX", notes)


def traces_in(folder: Path) -> list[str]:
    """The words that still stand in some file of a folder, plain or inside a ZIP."""
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                content += b"".join(map(package.read, package.namelist()))
        found += [f"{word} in {path.name}" for word in TRACES if word.encode() in content or word in path.name]
    return found


def everything(memory) -> dict[str, list[bytes]]:
    """Every row of a memory."""
    with memory.database.read() as connection:
        return {name: list(dump_table(connection, name)) for name in TABLES}


def test_erasing_leaves_no_trace_in_any_file_of_the_data_folder(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        words = {trace.rsplit(" in ", 1)[0] for trace in traces_in(tmp_path / "data")}
        assert words == set(TRACES)
        other = due(memory)["4711"]
        here = open_school(memory)
        erase_pupil(memory, here, number_of(memory, here, "4913-QX"))
        assert traces_in(tmp_path / "data") == []
        assert due(memory) == {"4711": other}
        assert len(history(memory).letters) == 1
        assert [school.problems for school in verify_all(memory)] == [()]
    assert traces_in(tmp_path / "data") == []


def test_an_erased_pupil_is_in_no_row_and_no_file(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        live(memory)
        here = open_school(memory)
        erase_pupil(memory, here, number_of(memory, here, "4913-QX"))
        rows = str(everything(memory))
        assert [word for word in TRACES if word in rows] == []
        assert traces_in(tmp_path / "data") == []
        assert sweep(memory, older_than=0).removed == 0


def test_an_older_backup_erases_again_who_was_erased_since(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        live(memory)
        back_up(memory, tmp_path / "backup.zip")
        here = open_school(memory)
        erase_pupil(memory, here, number_of(memory, here, "4913-QX"))
        done = restore(memory, tmp_path / "backup.zip", may_replace=True)
        assert (done.erased, done.files) == (1, 1)
        assert due(memory).keys() == {"4711"}
        assert traces_in(tmp_path / "data") == []
        assert [school.problems for school in verify_all(memory)] == [()]


def test_who_was_erased_stays_erased_on_a_machine_that_lost_its_database(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        back_up(memory, tmp_path / "backup.zip")
        here = open_school(memory)
        erase_pupil(memory, here, number_of(memory, here, "4913-QX"))
    for path in (tmp_path / "data").glob("memory.sqlite3*"):
        path.unlink()
    with memory_of(tmp_path) as memory:
        assert restore(memory, tmp_path / "backup.zip").erased == 1
        assert due(memory).keys() == {"4711"}


def test_a_backup_restores_every_row_and_letter_on_an_empty_machine(url, tmp_path) -> None:
    with memory_of(tmp_path / "old") as memory:
        live(memory)
        done = back_up(memory, tmp_path / "backup.zip")
        before, decisions = everything(memory), {key: item.as_json() for key, item in due(memory).items()}
        content = memory.files.get(1, history(memory).letters[0].file)
    with memory_of(tmp_path / "new", url) as memory:
        assert restore(memory, tmp_path / "backup.zip").files == done.files == 2
        assert everything(memory) == before
        assert {key: item.as_json() for key, item in due(memory).items()} == decisions
        assert memory.files.get(1, history(memory).letters[0].file) == content
        take(memory, ill(pupil_reference="4714", registration_group="9A"))  # numbers go on behind those of the backup
        assert due(memory).keys() == {"4711", "4913-QX", "4714"}
    assert not list((tmp_path / "new" / "data").glob("restoring-*"))


def test_a_backup_of_an_earlier_version_is_brought_up(tmp_path) -> None:
    """One written before there was an audit."""
    with memory_of(tmp_path / "old") as memory:
        live(memory)
        back_up(memory, tmp_path / "backup.zip")
    rewrite(tmp_path / "backup.zip", without=("audit", "erasure"), version="v2")
    with memory_of(tmp_path / "new") as memory:
        restore(memory, tmp_path / "backup.zip")
        assert due(memory).keys() == {"4711", "4913-QX"}


NEWER = ("audit_count", "audit_hash", "history_known", "assumptions", "period_start", "period_end")
"""Columns that the second version did not have."""


def rewrite(path: Path, without: tuple[str, ...], version: str) -> None:
    """The backup as an earlier version would have written it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    manifest = json.loads(parts["manifest.json"])
    for table in ("school", "pupil", "decision", "event"):
        rows = [json.loads(line) for line in parts[f"tables/{table}.jsonl"].splitlines()]
        kept = [{word: value for word, value in row.items() if word not in NEWER} for row in rows]
        parts[f"tables/{table}.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in kept)
        manifest["tables"][table]["sha256"] = hashlib.sha256(parts[f"tables/{table}.jsonl"]).hexdigest()
    manifest["version"] = version
    for name in without:
        del manifest["tables"][name], parts[f"tables/{name}.jsonl"]
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_nothing_is_replaced_unasked(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        back_up(memory, tmp_path / "backup.zip")
        with pytest.raises(RequestError, match="remembered here already"):
            restore(memory, tmp_path / "backup.zip")


@pytest.mark.parametrize("part", ["tables/pupil.jsonl", "tables/audit.jsonl", "files/", "manifest.json"])
def test_a_damaged_backup_changes_nothing(part, tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        back_up(memory, tmp_path / "backup.zip")
        before = everything(memory)
        with zipfile.ZipFile(tmp_path / "backup.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, content[:-5] if name.startswith(part) else content)
        with pytest.raises(RequestError) as refused:
            restore(memory, tmp_path / "bad.zip", may_replace=True)
        assert refused.value.title == "Nothing was restored"
        assert everything(memory) == before


def test_a_backup_with_a_forged_audit_is_refused(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        with memory.database.write() as connection:
            connection.execute(update(audit).where(audit.c.number == 2).values(subject="letter 99"))
        back_up(memory, tmp_path / "backup.zip")
    with memory_of(tmp_path / "new") as memory, pytest.raises(RequestError) as refused:
        restore(memory, tmp_path / "backup.zip")
    assert refused.value.problems[0].detail == "Entry 2 of the audit was changed."


def test_what_is_no_backup_is_said(tmp_path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"no ZIP at all")
    with memory_of(tmp_path) as memory, pytest.raises(RequestError, match="no backup in this file"):
        restore(memory, tmp_path / "letter.docx")


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (update(audit).where(audit.c.number == 2).values(what="nothing"), "Entry 2 of the audit was changed."),
        (delete(audit).where(audit.c.number == 2), "Entries 2 to 2 of the audit are missing."),
        (delete(audit).where(audit.c.number > 2), "The audit ends with entry 2, but 7 were written."),
    ],
)
def test_the_audit_shows_what_was_changed_or_taken_out(forge, said, url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        live(memory)
        assert [(school.entries, school.problems) for school in verify_all(memory)] == [(7, ())]
        with memory.database.write() as connection:
            connection.execute(forge)
        assert said in verify_all(memory)[0].problems


def test_the_audit_holds_numbers_and_hashes_only(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        links = [json.loads(line) for line in everything(memory)["audit"]]
    for link in links:
        kind, _, number = link["subject"].partition(" ")
        assert kind in ("pupil", "letter", "event", "upload", "school")
        assert number.isdecimal()
        assert len(link["details"]) in (0, 64)


def test_what_was_kept_long_enough_goes_by_its_kind(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        live(memory)
        here = open_school(memory)
        assert purge(memory, here, date(2029, 8, 31)).total == 0
        letters = purge(memory, here, date(2029, 9, 1))
        assert (letters.letters, letters.events, letters.registers, letters.pupils) == (2, 0, 0, 0)
        assert list(memory.files.hashes(here.id)) == []
        history_gone = purge(memory, here, date(2030, 9, 1))
        assert (history_gone.events, history_gone.registers) == (3, 0)
        assert purge(memory, here, date(2033, 8, 31)).registers == 0
        assert purge(memory, here, date(2033, 9, 1)).registers == 2
        assert [school.problems for school in verify_all(memory)] == [()]


def test_a_pupil_who_is_gone_goes_when_nothing_about_them_is_kept(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        here = open_school(memory)
        take(memory, ill(year_group=""))  # the other one has left
        assert purge(memory, here, date(2029, 9, 1)).pupils == 0
        done = purge(memory, here, date(2033, 9, 1))
        assert done.pupils == 1
        assert due(memory, date(2026, 12, 1)).keys() == {"4711"}
        assert traces_in(tmp_path / "data") == []


def test_the_times_of_keeping_are_settings(tmp_path) -> None:
    with memory_of(tmp_path, KEEP_LETTERS="0", KEEP_HISTORY="1") as memory:
        live(memory)
        assert purge(memory, open_school(memory), date(2027, 9, 1)).letters == 2


def test_a_pupils_zip_holds_everything_about_them_and_nobody_else(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        live(memory)
        take(memory, ill(pupil_reference="4712", first_name="Somebody", last_name="Else"))
        here = open_school(memory)
        number = number_of(memory, here, "4913-QX")
        entries, letters = write_pupil_file(memory, today(memory), number, tmp_path / "pupil.zip")
        own = (tmp_path / "own").as_posix()
        shutil.unpack_archive(tmp_path / "pupil.zip", own)
        content = json.loads((tmp_path / "own" / "pupil.json").read_text(encoding="utf-8"))
        assert (letters, entries) == (1, sum(map(len, content.values())))
        assert [word for word in TRACES if word not in json.dumps(content)] == []
        assert "Else" not in json.dumps(content)
        assert {mark["code"] for mark in content["register"][0]["marks"]} == {"/", "\\", "O", "I"}
        (letter,) = (tmp_path / "own" / "letters").iterdir()
        assert letter.read_bytes() == memory.files.get(here.id, content["letter"][0]["file"])


def test_a_missing_file_is_told_by_the_sweep_and_stops_a_backup(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        live(memory)
        here = open_school(memory)
        lost = history(memory).letters[0].file
        memory.files.delete(here.id, lost)
        assert sweep(memory).missing == (lost,)
        with pytest.raises(RequestError, match="file is missing or damaged"):
            back_up(memory, tmp_path / "backup.zip")
        assert not (tmp_path / "backup.zip").exists()
        assert not list(tmp_path.glob("*.unfinished"))


def test_a_backup_is_of_one_moment_while_others_write(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory, memory_of(tmp_path, url) as other:
        live(memory)
        with memory.database.read() as connection:
            rows = len(list(dump_table(connection, "pupil")))
            take(other, make_values(pupil_reference="4799"))
            assert len(list(dump_table(connection, "pupil"))) == rows
        assert back_up(memory, tmp_path / "backup.zip").files == 2


def test_a_new_database_of_an_old_version_is_the_same_as_a_new_one(tmp_path) -> None:
    database = open_database("", tmp_path)
    bring_up_to_date(database.engine)
    with database.read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    database.close()
