"""What a school says beside its words: its names for columns, how long it keeps things, what is approved."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from service.attendance.school import SCHOOL_CHOICES, School, read_school
from service.cohort.columns.aliases import fold_heading, is_column_word
from service.errors import Problem, SettingsError
from service.memory.memory import Memory, OpenSchool, logo_folder, open_school
from service.storage.audit_chain import note
from service.storage.schools import change_school, read_school_row

LONGEST = 100
Settings = dict[str, Any]


class OwnHeading(NamedTuple):
    """A heading, and the word that it stands for."""

    heading: str
    word: str


def headings_of(school: School) -> list[OwnHeading]:
    """The headings that a school has kept, in the order of the alphabet."""
    kept = [OwnHeading(heading, word) for word, names in school.headings.items() for heading in names]
    return sorted(kept, key=lambda one: one.heading.casefold())


def keep_headings(memory: Memory, school: OpenSchool, said: Mapping[str, str]) -> OpenSchool:
    """The school with more headings, by the word that each stands for; what one stood for before is forgotten.

    Raises SettingsError when a word is none, or nothing was said.
    """
    if not said:
        raise SettingsError(Problem("no-heading", "Choose what at least one column is.", column="headings"))
    for heading, word in said.items():
        if not is_column_word(word) or not 0 < len(heading.strip()) <= LONGEST or not heading.isprintable():
            sentence = f"Choose from the list what the column {heading[:LONGEST]!r} is."
            raise SettingsError(Problem("unknown-word", sentence, column="headings"))
    return _change(memory, school, "headings changed", lambda settings: _change_headings(settings, said, said))


def forget_heading(memory: Memory, school: OpenSchool, heading: str) -> OpenSchool:
    """The school without one of its headings; as it is where there is no such heading."""
    return _change(memory, school, "headings changed", lambda settings: _change_headings(settings, {heading: ""}, {}))


def keep_years(memory: Memory, school: OpenSchool, years: Mapping[str, int]) -> OpenSchool:
    """The school with other numbers of school years that it keeps things. Raises SettingsError when one is too few."""
    read_school({"keep": dict(years)})
    return _change(memory, school, "keeping changed", lambda _: {"keep": dict(years)})


def keep_approved(memory: Memory, school: OpenSchool, letters: Sequence[str]) -> OpenSchool:
    """The school with other letters that a signatory approves. Raises SettingsError when one is none."""
    read_school({"needs_approval": list(letters)})
    return _change(memory, school, "approval changed", lambda _: {"needs_approval": list(letters)})


def _change_headings(settings: Settings, forgotten: Mapping[str, str], added: Mapping[str, str]) -> Settings:
    """The headings of some settings with some taken out and others in."""
    folded, before = set(map(fold_heading, forgotten)), settings.get("headings", {})
    kept = {word: [name for name in names if fold_heading(name) not in folded] for word, names in before.items()}
    for heading, word in added.items():
        kept.setdefault(word, []).append(heading.strip())
    return {"headings": {word: names for word, names in kept.items() if names}}


def _change(memory: Memory, school: OpenSchool, what: str, change: Callable[[Settings], Settings]) -> OpenSchool:
    """Change a part of the settings, in one transaction that reads them anew."""
    with memory.database.write(school.id) as connection:
        settings = read_school_row(connection, school.id).settings
        if settings is None:
            settings = _settings_of(school.school)
            _copy_logo(memory, school)
        change_school(connection, school.id, {**settings, **change(settings)})
        note(connection, school.id, what, f"school {school.id}")
    return open_school(memory, school.stored.key)


def _settings_of(school: School) -> dict[str, object]:
    """The settings of the service, which the school has had until it got its own."""
    choices = {word: getattr(school, word) for word in SCHOOL_CHOICES}
    return {**school.words, **{word: value for word, value in choices.items() if value != ""}}


def _copy_logo(memory: Memory, school: OpenSchool) -> None:
    if logo := school.school.logo:
        folder = logo_folder(memory, school.id)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(logo, folder / logo.name)
