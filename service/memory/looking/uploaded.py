"""Files that somebody uploads: kept apart for one school until they are taken in or thrown away, a day at most."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from service.errors import Problem, RequestError
from service.file_access import make_private_folder, write_private
from service.memory.memory import Memory

A_DAY = 86_400
MOST_FILES = 40
TABLES = (".csv", ".txt", ".tsv", ".xlsx", ".json", ".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".numbers", ".toml")
"""The endings of files that are read, or of which it is said how to save them anew."""
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep_uploaded(memory: Memory, school: int, files: Iterable[tuple[str, bytes]]) -> str:
    """Keep files in a folder of their own, as they came; its token. Raises RequestError when there are none."""
    found = [(_harmless_name(name), content) for name, content in files if name]
    if not found:
        raise _refuse("no-file", "Choose at least one file.")
    if len(found) > MOST_FILES:
        raise _refuse("too-many-files", f"Choose at most {MOST_FILES} files at once.")
    others = [name for name, _ in found if not name.lower().endswith(TABLES)]
    if others:
        what = f"{', '.join(others[:5])}: send tables as CSV or Excel (.xlsx)."
        raise _refuse("wrong-kind-of-file", what)
    forget_all_uploaded(memory, school, A_DAY)
    token = secrets.token_hex(16)
    folder = _room(memory, school) / token
    make_private_folder(folder)
    for number, (name, content) in enumerate(found, 1):
        is_taken = (folder / name).exists()
        write_private(folder / (f"{number}-{name}" if is_taken else name), content)
    return token


def folder_of(memory: Memory, school: int, token: str) -> Path:
    """The folder of a token. Raises RequestError when it is not there any more."""
    folder = _room(memory, school) / token
    if not _TOKEN.fullmatch(token) or not folder.is_dir() or folder.stat().st_mtime < time.time() - A_DAY:
        raise _refuse("no-upload", "These files are not here any more. Upload them again.")
    return folder


def forget_uploaded(memory: Memory, school: int, token: str) -> None:
    """Throw uploaded files away."""
    shutil.rmtree(folder_of(memory, school, token))


def forget_all_uploaded(memory: Memory, school: int | None = None, older_than: int = 0) -> None:
    """Throw away all that was uploaded more than some seconds ago, at a school or at all of them."""
    for folder in (memory.data / "uploads").glob(f"{'*' if school is None else school}/*"):
        if folder.stat().st_mtime <= time.time() - older_than:
            shutil.rmtree(folder, ignore_errors=True)


def _room(memory: Memory, school: int) -> Path:
    return memory.data / "uploads" / str(school)


def _harmless_name(name: str) -> str:
    """A name that stays in its folder."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in ':*?"<>|').strip(". ")
    return kept[-100:] or "file"


def _refuse(code: str, sentence: str) -> RequestError:
    return RequestError(code, "These files cannot be used", Problem(code, sentence, column="files"))
