"""Everything that is kept about one pupil in one ZIP: for a parent or pupil who asks for it."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from service.fill import fill_named_forms
from service.issue import Issue
from service.memory.memory import Memory
from service.memory.remembered import remember
from service.memory.today import Today
from service.storage.audit_chain import note
from service.storage.issued import list_letters
from service.storage.pupil_rows import rows_about

README = """What is kept about this pupil.

pupil.json    every entry, by kind: the pupil, contacts, registers, history, answers, holds, letters, decisions
letters/      every letter that was issued, by its reference
forms/        the forms of the pupil's stage, filled with what is known
"""


def write_pupil_file(memory: Memory, today: Today, pupil: int, path: Path) -> tuple[int, int]:
    """Write the ZIP; how many entries and letters it holds."""
    school = today.school
    with memory.database.write(school.id) as connection:
        rows = rows_about(connection, school.id, pupil)
        letters = list_letters(connection, school.id, pupil)
        note(connection, school.id, "pupil exported", f"pupil {pupil}")
    about = remember(memory, today, pupil).pupil
    forms = fill_named_forms(memory.desk, about, Issue(about.decide_with_facts()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("pupil.json", json.dumps(rows, ensure_ascii=False, indent=1, default=_plain))
        for letter in letters:
            content = memory.files.get(school.id, letter.file)
            if content is not None:
                archive.writestr(f"letters/{letter.id}-{letter.reference}{_ending(content)}", content)
        for form in forms.documents:
            archive.writestr(f"forms/{form.name}", form.content)
    return sum(map(len, rows.values())), len(letters)


def _ending(content: bytes) -> str:
    return ".docx" if content.startswith(b"PK") else ".txt"


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
