"""One file with everything that is remembered, written while the service works and looked through before use."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.errors import Problem, RequestError
from service.memory.memory import Memory
from service.storage.audit_chain import find_breaks
from service.storage.dump import TABLES, dump_table
from service.storage.file_store import hash_of
from service.storage.issued import list_files
from service.storage.migrate import VERSIONS
from service.storage.schema import HEAD
from service.storage.schools import list_schools

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """How many rows and files a backup holds."""

    rows: int
    files: int


def back_up(memory: Memory, path: Path) -> BackedUp:
    """Write a backup of one moment. Raises RequestError when a file that it needs is missing."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                done = _write(memory, archive)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return done


def _write(memory: Memory, archive: zipfile.ZipFile) -> BackedUp:
    tables, files = {}, {}
    with memory.database.read() as connection:
        for name in TABLES:
            tables[name] = _write_table(archive, name, dump_table(connection, name))
        for school in list_schools(connection):
            files[str(school.id)] = sorted(list_files(connection, school.id))
    for key, names in files.items():
        for name in names:
            archive.writestr(f"files/{key}/{name}", _content(memory, int(key), name))
    for path in sorted((memory.data / "logos").glob("*/*")):
        archive.write(path, f"logos/{path.parent.name}/{path.name}")
    archive.writestr(MANIFEST, json.dumps({"version": HEAD, "tables": tables, "files": files}))
    return BackedUp(sum(int(str(table["rows"])) for table in tables.values()), sum(map(len, files.values())))


def _write_table(archive: zipfile.ZipFile, name: str, lines: Iterator[bytes]) -> dict[str, object]:
    hashed, rows = hashlib.sha256(), 0
    with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as out:
        for line in lines:
            out.write(line)
            hashed.update(line)
            rows += 1
    return {"rows": rows, "sha256": hashed.hexdigest()}


def _content(memory: Memory, school: int, name: str) -> bytes:
    content = memory.files.get(school, name)
    if content is None:
        sentence = "A letter's file is missing from the place where files are kept. Restore it from an older backup."
        raise RequestError("missing-file", "The backup was not made", Problem("missing-file", sentence))
    return content


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was looked through and is whole."""

    archive: zipfile.ZipFile
    manifest: dict[str, Any]

    @property
    def version(self) -> str:
        """The version of its tables."""
        return str(self.manifest["version"])

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of a table."""
        if table in self.manifest["tables"]:
            with self.archive.open(f"tables/{table}.jsonl") as file:
                yield from file

    def file(self, school: int, name: str) -> bytes:
        """A file's content."""
        return self.archive.read(f"files/{school}/{name}")


def open_backup(archive: zipfile.ZipFile) -> Backup:
    """A backup, looked through: every hash and the audit chain. Raises RequestError with everything that is wrong."""
    try:
        backup = Backup(archive, json.loads(archive.read(MANIFEST)))
        problems = [*_find_faults(backup)] or [*_find_breaks(backup)]
    except (KeyError, ValueError, zipfile.BadZipFile, EOFError, OSError):
        problems = ["This file is no backup of this program, or part of it is missing."]
    if problems:
        found = (Problem("damaged-backup", sentence) for sentence in problems)
        raise RequestError("damaged-backup", "Nothing was restored", found)
    return backup


def _find_faults(backup: Backup) -> Iterator[str]:
    if backup.version not in VERSIONS:
        yield "This backup was made by a newer version of the program. Use that version."
    for name, told in backup.manifest["tables"].items():
        hashed = hashlib.sha256()
        for line in backup.lines(name):
            hashed.update(line)
        if hashed.hexdigest() != told["sha256"]:
            yield f"The table {name} is not as it was written."
    damaged = sum(
        hash_of(backup.file(int(school), name)) != name
        for school, names in backup.manifest["files"].items()
        for name in names
    )
    if damaged:
        yield f"{damaged} letters are not as they were written."


def _find_breaks(backup: Backup) -> Iterator[str]:
    links: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in backup.lines("audit"):
        link = json.loads(line)
        links[link["school"]].append(link)
    for line in backup.lines("school"):
        school = json.loads(line)
        own = sorted(links[school["id"]], key=lambda link: int(link["number"]))
        yield from find_breaks(own, school.get("audit_count", 0), school.get("audit_hash", ""))
