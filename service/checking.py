"""What is wrong with rules files and letter templates, before anybody relies on them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from service.decisions.reading.case_tables import count_cases
from service.decisions.reading.cases import run_cases
from service.decisions.reading.policies import is_policy_file, load_policies, load_policy
from service.errors import AttendanceLettersError, Problem
from service.faults import say_fault
from service.letters.catalogue import Catalogue, read_kind, read_message
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import Typesetter
from service.settings import Settings
from service.word.filling.template import check_template, read_template

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at: its name, what was found to be right, and what was not."""

    name: str
    right: str
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """What to know of it although it is right."""


def _whatever_comes(check: Callable[[Path, T], Checked]) -> Callable[[Path, T], Checked]:
    """The same check; a file that leads to a fault of ours, or cannot be read, does not keep others from it."""

    @functools.wraps(check)
    def checked(path: Path, beside: T) -> Checked:
        try:
            return check(path, beside)
        except OSError as error:
            sentence = f"This cannot be read: {error.strerror or 'the system refuses'}."
            return Checked(path.name, "", (Problem("not-readable", sentence, file=path.name),))
        except Exception as error:
            return Checked(path.name, "", (Problem("unexpected-error", say_fault(error), file=path.name),))

    return checked


def check_all(settings: Settings) -> Iterator[Checked]:
    """Every rules file with its cases, and every letter template, of the settings' folders."""
    yield from check_rules(settings.rules, settings)
    catalogue = Catalogue(settings.letters)
    with closing(Typesetter()) as typesetter:
        for path in catalogue.files():
            yield check_letter(path, (catalogue, typesetter))


def check_path(path: Path, settings: Settings) -> Iterator[Checked]:
    """A rules file, a letter template, or every one of a folder."""
    if path.is_dir():
        if (path / "steps.toml").is_file():
            yield from check_rules(path, settings)
        with closing(Typesetter()) as typesetter:
            for file in sorted((*path.glob("**/*.docx"), *path.glob("**/*.txt"))):
                yield check_letter(file, (Catalogue(settings.letters), typesetter))
    elif path.suffix in (".docx", ".txt"):
        with closing(Typesetter()) as typesetter:
            yield check_letter(path, (Catalogue(settings.letters), typesetter))
    elif path.suffix == ".toml":
        yield _check_rules_file(path, path.parent if (path.parent / "steps.toml").is_file() else settings.rules)
    else:
        sentence = "Give a rules file (.toml), a letter template (.docx) or a folder of them."
        yield Checked(path.name, "", (Problem("not-checkable", sentence, file=path.name),))


def check_rules(folder: Path, settings: Settings) -> Iterator[Checked]:
    """Every rules file of a folder with the cases beside it."""
    del settings
    try:
        load_policies(folder)
    except AttendanceLettersError as error:
        yield Checked(folder.name, "", error.problems)
        return
    for path in sorted(folder.glob("*.toml")):
        if is_policy_file(path):
            yield _check_rules_file(path, folder)


@_whatever_comes
def _check_rules_file(path: Path, shared: Path) -> Checked:
    try:
        policy = load_policy(path, shared)
        cases = path.with_suffix(".cases.toml")
        problems = tuple(run_cases(cases, policy)) if cases.is_file() else ()
        number = count_cases(cases) if cases.is_file() else 0
    except AttendanceLettersError as error:
        return Checked(path.name, "", error.problems)
    return Checked(path.name, f"{len(policy.rules)} rules, {number} cases", problems)


@_whatever_comes
def check_letter(path: Path, beside: tuple[Catalogue, Typesetter]) -> Checked:
    """One letter template: its TOML, every tag in it, and what of it only LibreOffice prints."""
    catalogue, typesetter = beside
    problems: list[Problem] = []
    notes: tuple[str, ...] = ()
    if path.with_suffix(".toml").exists():
        try:
            read_kind(path)
        except AttendanceLettersError as error:
            problems += error.problems
    if path.suffix == ".txt":
        problems += _check_message(path, catalogue)
    else:
        problems += _check_document(path, catalogue)
        notes = () if problems else _find_what_needs_office(path, typesetter)
    return Checked(
        path.relative_to(catalogue.folder).as_posix() if path.is_relative_to(catalogue.folder) else path.name,
        "letter template",
        tuple(problems),
        notes,
    )


def _find_what_needs_office(path: Path, typesetter: Typesetter) -> tuple[str, ...]:
    unknown = translate(read_template(path), typesetter.faces).unknown
    return tuple(f"{what} needs LibreOffice for a PDF" for what in unknown)


def _check_document(path: Path, catalogue: Catalogue) -> list[Problem]:
    try:
        found = check_template(read_template(path), catalogue.words)
    except AttendanceLettersError as error:
        return list(error.problems)
    return [Problem(item.code, item.detail, file=path.name) for item in found]


def _check_message(path: Path, catalogue: Catalogue) -> list[Problem]:
    try:
        read_message(path, catalogue.words)
    except AttendanceLettersError as error:
        return list(error.problems)
    return []
