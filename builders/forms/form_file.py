"""A form as its two files describe it: <form>.toml says what stands where, fields.toml what each field is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builders.forms.vocabulary import Field, Vocabulary
from service.errors import Problem, TemplateError

FOLDER = Path(__file__).resolve().parents[2] / "form_templates"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
TWELFTHS = 12


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of labelled boxes."""

    rows: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of boxes under headings. A row may begin with a text of its own (`texts`, else empty strings)."""

    headings: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Field, ...], ...]
    texts: tuple[tuple[str, str], ...]
    text_width: int
    row_lines: int


@dataclass(frozen=True, slots=True)
class Actions:
    """Two columns of actions, each with its date: rows of (label, note, field) left and right."""

    left: str
    right: str
    rows: tuple[tuple[tuple[str, str, Field], ...], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs and points to read."""

    paragraphs: tuple[str, ...]
    bullets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """Sentences, each met or not."""

    rows: tuple[tuple[str, Field], ...]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks as rows, mornings and afternoons as columns."""

    rows: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class Codes:
    """Groups of codes with what they mean."""

    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


Body = Cells | Table | Actions | Text | Criteria | Weeks | Codes


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form under its heading."""

    heading: str
    intro: str
    body: Body


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form."""

    name: str
    title: str
    purpose: str
    source: str
    letterhead: tuple[Field, ...]
    pupil: Field
    parts: tuple[Part, ...]


def read_form(name: str, folder: Path = FOLDER) -> Form:
    """The form of that name. Raises TemplateError naming every field that fields.toml does not know."""
    content = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    vocabulary = Vocabulary(tomllib.loads((folder / "fields.toml").read_text("utf-8")))
    letterhead = tuple(vocabulary.find({"name": word}) for word in ("school_name", "school_address", "school_contact"))
    form = Form(
        name,
        content["title"],
        content["purpose"],
        content["source"],
        letterhead,
        vocabulary.find({"name": "pupil_name"}),
        tuple(_read_part(part, vocabulary) for part in content["part"]),
    )
    if vocabulary.problems:
        raise TemplateError([replace(problem, file=f"{name}.toml") for problem in vocabulary.problems])
    return form


def fields_of(form: Form) -> Iterator[Field]:
    """Every field of a form once, in reading order."""
    seen = set()
    for found in (*form.letterhead, *(found for part in form.parts for found in _fields_in(part.body))):
        if found.name not in seen:
            seen.add(found.name)
            yield found


def _read_part(part: dict[str, Any], vocabulary: Vocabulary) -> Part:
    read = {
        "cells": _read_cells,
        "table": _read_table,
        "actions": _read_actions,
        "text": _read_text,
        "criteria": _read_criteria,
        "weeks": _read_weeks,
        "codes": _read_codes,
    }[part["kind"]]
    return Part(part.get("heading", ""), part.get("intro", ""), read(part, vocabulary))


def _read_cells(part: dict[str, Any], vocabulary: Vocabulary) -> Cells:
    before = f"{part['heading']}: " if "heading" in part else ""
    found = [[vocabulary.find(cell) for cell in row] for row in part["rows"]]
    rows = tuple(tuple(replace(cell, tooltip=before + cell.tooltip) for cell in row) for row in found)
    for row in rows:
        if sum(cell.width for cell in row) != TWELFTHS:
            names = ", ".join(cell.name for cell in row)
            vocabulary.problems.append(Problem("row-width", f"The widths of {names} do not add up to {TWELFTHS}."))
    return Cells(rows)


def _read_table(part: dict[str, Any], vocabulary: Vocabulary) -> Table:
    prefix = f"{part['prefix']}_" if "prefix" in part else ""
    texts = tuple((row["key"], row["label"]) for row in part.get("rows", ()))
    keys = [key for key, _ in texts] or [str(number) for number in range(1, part["repeat"] + 1)]
    across = part.get("across", 1)
    per_column = len(keys) // across

    def field_of(row: int, column: dict[str, Any]) -> Field:
        place = column | {"name": f"{prefix}{keys[row]}_{column['name']}"}
        found = vocabulary.find(place)
        of = texts[row][1] if texts else f"row {row + 1}"
        return replace(found, tooltip=f"{part['heading'].split(':')[0]}, {of}: {found.label}")

    rows = tuple(
        tuple(field_of(row + side * per_column, column) for side in range(across) for column in part["columns"])
        for row in range(per_column)
    )
    headings = tuple((found.label, found.width) for found in rows[0])
    if texts:
        headings = ((part["rows_heading"], part["rows_width"]), *headings)
    row_lines = max(part.get("row_lines", 1), *(found.lines for found in rows[0]))
    return Table(headings, rows, texts, part.get("rows_width", 0), row_lines)


def _read_actions(part: dict[str, Any], vocabulary: Vocabulary) -> Actions:
    def read(side: dict[str, str]) -> tuple[str, str, Field]:
        found = vocabulary.find({"name": f"{side['event']}_date"})
        return side["label"], side.get("note", ""), replace(found, tooltip=f"{side['label']}: date")

    return Actions(part["left"], part["right"], tuple(tuple(read(side) for side in row) for row in part["rows"]))


def _read_text(part: dict[str, Any], vocabulary: Vocabulary) -> Text:
    return Text(tuple(part.get("paragraphs", ())), tuple(part.get("bullets", ())))


def _read_criteria(part: dict[str, Any], vocabulary: Vocabulary) -> Criteria:
    rows = tuple((row["text"], vocabulary.find({"name": row["name"]})) for row in part["rows"])
    return Criteria(tuple((text, replace(found, tooltip=text)) for text, found in rows))


def _read_weeks(part: dict[str, Any], vocabulary: Vocabulary) -> Weeks:
    def field_of(week: int, word: str, said: str) -> Field:
        return replace(vocabulary.find({"name": f"week_{week}_{word}"}), tooltip=f"Week {week}: {said}")

    def week_of(week: int) -> tuple[Field, ...]:
        marks = [
            field_of(week, f"{day}_{half}", f"{day.capitalize()} {half.upper()}")
            for day in DAYS
            for half in ("am", "pm")
        ]
        return field_of(week, "begins", "beginning"), *marks, field_of(week, "missed", "sessions missed")

    return Weeks(tuple(week_of(week) for week in range(1, part["repeat"] + 1)))


def _read_codes(part: dict[str, Any], vocabulary: Vocabulary) -> Codes:
    return Codes(tuple((group["title"], tuple((c, m) for c, m in group["codes"])) for group in part["groups"]))


def _fields_in(body: Body) -> Iterator[Field]:
    if isinstance(body, (Cells, Table, Weeks)):
        for row in body.rows:
            yield from row
    elif isinstance(body, Actions):
        yield from (found for row in body.rows for _, _, found in row)
    elif isinstance(body, Criteria):
        yield from (found for _, found in body.rows)
