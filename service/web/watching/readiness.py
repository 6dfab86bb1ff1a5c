"""What the service is made of, and of each part whether it works, or in a sentence what to do."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from service.desk import Desk
from service.errors import AttendanceLettersError
from service.memory.memory import Memory
from service.storage.batched.work_search import find_oldest
from service.storage.database import moment
from service.web.web_memory import WebMemory

READY = "ready"
FREE_BYTES = 100_000_000
"""Free space without which documents cannot be made safely."""
LONGEST_WAIT = 300
"""Seconds after which work that nobody does is worth a look."""
NEEDED = ("disk", "database", "files")
"""Parts without which the answer is that the service is not ready; without the others it does less."""


def look_at_parts(desk: Desk, web_memory: WebMemory) -> dict[str, str]:
    """Each part by name: ready, or what to do."""
    parts = {
        "pdf": desk.press.why_not(),
        "libreoffice": desk.press.office.why_not(),
        "disk": _disk(desk.settings.data),
        **_remembering(web_memory),
    }
    return {name: sentence or READY for name, sentence in parts.items()}


def _disk(data: Path) -> str:
    there = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    free = min(shutil.disk_usage(folder).free for folder in (tempfile.gettempdir(), there))
    return "" if free >= FREE_BYTES else f"Only {free // 1_000_000} MB are free."


def _remembering(web_memory: WebMemory) -> dict[str, str]:
    """The parts that remember; they are ready where nothing has been remembered yet."""
    if not web_memory.is_there:
        return dict.fromkeys(("database", "files", "queue"), "")
    try:
        memory = web_memory.open()
        return {"database": "", "queue": _queue(memory), "files": memory.files.why_not()}
    except AttendanceLettersError as error:
        unknown = "This is not known while the database cannot be read."
        return {"database": error.problems[0].detail, "queue": unknown, "files": ""}


def _queue(memory: Memory) -> str:
    with memory.database.read() as connection:
        oldest, now = find_oldest(connection), moment(connection)
    if not oldest:
        return ""
    waited = int((datetime.fromisoformat(now) - datetime.fromisoformat(oldest)).total_seconds())
    if waited < LONGEST_WAIT:
        return ""
    return f"Work on batches has waited for {waited // 60} minutes. Look whether its workers run."
