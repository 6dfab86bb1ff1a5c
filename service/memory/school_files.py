"""A school's settings between school.toml and the database, with its logo."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from service.attendance.school import SCHOOL_CHOICES, SCHOOL_WORDS, School, load_school
from service.errors import Problem, SettingsError
from service.memory.memory import Memory, OpenSchool, logo_folder, open_school
from service.storage.audit_chain import note
from service.storage.schools import add_school, change_school, find_school


def keep_first_settings(memory: Memory, school: OpenSchool, path: Path | None) -> OpenSchool:
    """The school with the settings of the school.toml beside its first export; later ones change nothing by
    themselves."""
    if path is None or school.stored.settings is not None:
        return school
    return change_settings(memory, school, path)


def add_from_file(memory: Memory, key: str, path: Path) -> OpenSchool:
    """A new school from a school.toml. Raises SettingsError when the file is wrong or the key is taken."""
    settings = _read(path)
    if not (key.isascii() and key.replace("-", "").isalnum() and len(key) <= 40):
        sentence = "Make the key of small letters, numbers and hyphens, for example weir-lane."
        raise SettingsError(Problem("wrong-key", sentence))
    with memory.database.write() as connection:
        if find_school(connection, key):
            raise SettingsError(
                Problem("key-taken", f'There is a school "{key}" already: change it with `school change`.')
            )
        made = add_school(connection, key, settings)
        note(connection, made.id, "school added", f"school {made.id}")
    _keep_logo(memory, made.id, path, settings)
    return open_school(memory, key)


def change_settings(memory: Memory, school: OpenSchool, path: Path) -> OpenSchool:
    """A school with the settings of another school.toml. Raises SettingsError when the file is wrong."""
    settings = _read(path)
    with memory.database.write(school.id) as connection:
        change_school(connection, school.id, settings)
        note(connection, school.id, "school changed", f"school {school.id}")
    _keep_logo(memory, school.id, path, settings)
    return open_school(memory, school.stored.key)


def _read(path: Path) -> dict[str, Any]:
    load_school(path)  # with every fault of the file
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def _keep_logo(memory: Memory, school: int, path: Path, settings: dict[str, Any]) -> None:
    if name := settings.get("logo"):
        folder = logo_folder(memory, school)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((path.parent / name).read_bytes())


def write_settings(school: School) -> str:
    """A school's settings as a school.toml."""
    values = {**school.words, **{word: getattr(school, word) for word in SCHOOL_CHOICES}}
    lines = [f"{word} = {_toml(values[word])}" for word in (*SCHOOL_CHOICES, *SCHOOL_WORDS) if _is_said(word, values)]
    senders = [f"{_toml(role)} = {_toml(name)}" for role, name in school.senders.items()]
    return "\n".join([*lines, *(["", "[senders]", *senders] if senders else []), ""])


def _is_said(word: str, values: dict[str, Any]) -> bool:
    return word != "senders" and word in values and values[word] != ""


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{text}"'
