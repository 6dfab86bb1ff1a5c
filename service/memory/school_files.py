"""A school's settings between school.toml and the database, with its logo."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from service.attendance.calendar import CalendarEntry
from service.attendance.school import SCHOOL_CHOICES, SCHOOL_WORDS, School, load_school, read_school
from service.errors import Problem, SettingsError, TemplateError
from service.memory.memory import Memory, OpenSchool, logo_folder, open_school
from service.storage.audit_chain import note
from service.storage.schools import add_school, change_school, find_school, replace_calendar
from service.word.logo import read_logo
from service.word.picture import read_picture


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


def keep_settings(
    memory: Memory, school: OpenSchool, settings: dict[str, Any], logo: tuple[str, bytes] | None = None
) -> OpenSchool:
    """A school with other settings, and another logo where one is given. Raises SettingsError with every fault."""
    if logo:
        settings = {**settings, "logo": _check_logo(*logo)}
    read_school(settings)  # with every fault
    with memory.database.write(school.id) as connection:
        change_school(connection, school.id, settings)
        note(connection, school.id, "school changed", f"school {school.id}")
    if logo:
        folder = logo_folder(memory, school.id)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / settings["logo"]).write_bytes(logo[1])
    return open_school(memory, school.stored.key)


def add_named(memory: Memory, name: str) -> OpenSchool:
    """A new school with nothing but its name, under a key made of the name. Raises SettingsError without one."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower())
    start = "-".join(letters.split())[:30] or "school"
    if not name.strip():
        raise SettingsError(Problem("no-name", "Enter the school's name.", column="school_name"))
    read_school({"school_name": name.strip()})
    with memory.database.write() as connection:
        keys = (f"{start}-{number}" if number > 1 else start for number in count(1))
        key = next(key for key in keys if not find_school(connection, key))
        made = add_school(connection, key, {"school_name": name.strip()})
        note(connection, made.id, "school added", f"school {made.id}")
    return open_school(memory, key)


def keep_days(memory: Memory, school: OpenSchool, entries: Sequence[CalendarEntry]) -> None:
    """Another calendar for a school."""
    with memory.database.write(school.id) as connection:
        replace_calendar(connection, school.stored, entries)
        note(connection, school.id, "calendar changed", f"school {school.id}")


def _check_logo(name: str, content: bytes) -> str:
    """The name under which a logo is kept. Raises SettingsError when no letter can show it."""
    ending = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"logo{ending}"
        path.write_bytes(content)
        try:
            found = read_logo(path)
            if found is not None:
                read_picture(found)
        except TemplateError as error:
            raise SettingsError([replace(problem, column="logo", file="") for problem in error.problems]) from None
    return path.name


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
    own = [f"{word} = [{', '.join(map(_toml, names))}]" for word, names in school.headings.items()]
    keep = [f"{word} = {years}" for word, years in school.keep.items()]
    if school.needs_approval is not None:
        lines.append(f"needs_approval = [{', '.join(map(_toml, school.needs_approval))}]")
    tables = {"senders": senders, "headings": own, "keep": keep}
    for name, inner in tables.items():
        lines += ["", f"[{name}]", *inner] if inner else []
    return "\n".join([*lines, ""])


def _is_said(word: str, values: dict[str, Any]) -> bool:
    return word != "senders" and word in values and values[word] != ""


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{text}"'
