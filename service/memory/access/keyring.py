"""Keys that programs ask with: made and shown once, kept as a keyed hash, revoked at once.

Whoever reads the database learns no key: its hash needs the secret that stands in the data folder.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from service.did_you_mean import did_you_mean
from service.errors import Problem, RequestError, SettingsError
from service.file_access import read_bounded, write_new_file
from service.memory.memory import Memory, OpenSchool, school_of_number
from service.storage.access.api_keys import StoredKey, add_key, list_keys, note_use, revoke_key
from service.storage.access.key_search import find_key, is_any_active, read_now
from service.storage.audit_chain import note

SCOPES = {
    "decide": "decide about pupils",
    "issue": "write letters and forms",
    "read": "read what was sent and done",
    "record": "write down what was done, and take back",
    "administer": "list and revoke keys",
}
"""What a key may do."""
PREFIXES = {"live": "al_live_", "test": "al_test_"}
SECRET_FILE = "keys.secret"  # noqa: S105  # its name
SECRET_BYTES = 32
SHOWN = 6
"""Characters of a key's own that are kept, to tell one from another in a list."""
LONGEST_NAME = 100
MINUTE = len("2026-11-20T09:30")
"""How much of a time says the minute."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks with a key: the key, and the school that it is for."""

    key: StoredKey
    school: OpenSchool

    @property
    def scopes(self) -> frozenset[str]:
        """What the key may do."""
        return frozenset(self.key.scopes.split())

    @property
    def is_test(self) -> bool:
        """Whether it is for trying: nothing is remembered, and every letter says so."""
        return self.key.kind == "test"


def make_key(
    memory: Memory, school: OpenSchool, name: str, scopes: Collection[str] = tuple(SCOPES), is_test: bool = False
) -> tuple[str, StoredKey]:
    """A new key for a school: its text, which nobody can read again, and what is kept of it.

    Raises RequestError without a name, for a name that is too long, or for a scope that there is not.
    """
    problems = [*_faults_of_name(name), *_faults_of_scopes(scopes)]
    if problems:
        raise RequestError("key-not-made", "No key was made", problems)
    kind = "test" if is_test else "live"
    text = PREFIXES[kind] + secrets.token_urlsafe(SECRET_BYTES)
    shown, own = text[: len(PREFIXES[kind]) + SHOWN], " ".join(word for word in SCOPES if word in scopes)
    new = StoredKey(0, school.id, shown, _hash(memory, text), kind, own, name.strip())
    with memory.database.write(school.id) as connection:
        number = add_key(connection, new)
        note(connection, school.id, "key made", f"key {number}")
    return text, replace(new, id=number)


def _faults_of_name(name: str) -> list[Problem]:
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        sentence = f"Say what the key is for, in at most {LONGEST_NAME} characters, for example the program's name."
        return [Problem("no-name", sentence, "/name")]
    return []


def _faults_of_scopes(scopes: Collection[str]) -> list[Problem]:
    if not scopes:
        return [Problem("no-scope", f"Say what the key may do: {', '.join(SCOPES)}.", "/scopes")]
    return [_unknown_scope(word) for word in scopes if word not in SCOPES]


def _unknown_scope(word: str) -> Problem:
    near = did_you_mean(word, SCOPES)
    sentence = f'"{word}" is nothing that a key may do.{near} There are: {", ".join(SCOPES)}.'
    return Problem("unknown-scope", sentence, "/scopes")


def keys_of(memory: Memory, school: OpenSchool) -> list[StoredKey]:
    """Every key of a school."""
    with memory.database.read() as connection:
        return list_keys(connection, school.id)


def revoke(memory: Memory, school: OpenSchool, number: int) -> None:
    """Revoke a key: from now on nobody gets an answer with it. Raises RequestError when the school has no such key."""
    with memory.database.write(school.id) as connection:
        if not revoke_key(connection, school.id, number):
            sentence = f"There is no key {number} that could be revoked. List the keys to see their numbers."
            raise RequestError("unknown-key", "No key was revoked", Problem("unknown-key", sentence))
        note(connection, school.id, "key revoked", f"key {number}")


def has_keys(memory: Memory) -> bool:
    """Whether any key is in force, so that every request needs one."""
    with memory.database.read() as connection:
        return is_any_active(connection)


def has_secret(data: Path) -> bool:
    """Whether a key was ever made with this data folder."""
    return (data / SECRET_FILE).exists()


def find_holder(memory: Memory, text: str) -> Holder | None:
    """Who asks with a key; None for one that was never made or is revoked. Notes its use, to the minute."""
    if not text.startswith(tuple(PREFIXES.values())) or len(text) > LONGEST_NAME:
        return None
    hashed = _hash(memory, text)
    with memory.database.read() as connection:
        found, minute = find_key(connection, hashed), read_now(connection)[:MINUTE]
    if found is None or not hmac.compare_digest(found.hash, hashed) or found.revoked_at:
        return None
    if not found.used_at.startswith(minute):
        with memory.database.write(found.school) as connection:
            note_use(connection, found.school, found.id)
    return Holder(found, school_of_number(memory, found.school))


def _hash(memory: Memory, text: str) -> str:
    return hmac.new(secret_of(memory), text.encode(), hashlib.sha256).hexdigest()


def secret_of(memory: Memory) -> bytes:
    """The secret of the data folder, made with the first key. Raises SettingsError when it is damaged."""
    path = memory.data / SECRET_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            write_new_file(path, secrets.token_bytes(SECRET_BYTES))
    content = read_bounded(path, SECRET_BYTES)
    if len(content) != SECRET_BYTES:
        sentence = f"The file {SECRET_FILE} in the data folder is damaged: delete it, then make every key anew."
        raise SettingsError(Problem("damaged-secret", sentence, column="DATA"))
    return content
