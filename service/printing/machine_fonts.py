"""The fonts of this machine: as fontconfig lists them or, where it is not, in the system's folders."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from service.errors import ConversionError, Problem

ENDINGS: Final = (".ttf", ".ttc", ".otf")
FOLDERS: Final = (
    "$WINDIR/Fonts", "$LOCALAPPDATA/Microsoft/Windows/Fonts",
    "/System/Library/Fonts", "/Library/Fonts", "$HOME/Library/Fonts",
    "/usr/share/fonts", "/usr/local/share/fonts", "$HOME/.local/share/fonts", "$HOME/.fonts",
)  # fmt: skip
"""Where Windows, macOS and Linux keep fonts."""


def find_font_files() -> dict[str, tuple[str, int]]:
    """File name -> path, and number within its file, of each font."""
    fonts: dict[str, tuple[str, int]] = {}
    for path, index in _listed_fonts() or _fonts_in_folders():
        if path.lower().endswith(ENDINGS):
            fonts.setdefault(Path(path).name, (path, index))
    return fonts


def _listed_fonts() -> list[tuple[str, int]]:
    """What fontconfig lists; nothing where it is not there."""
    try:
        lines = [line.partition("\t") for line in list_fonts("%{file}\t%{index}")]
    except ConversionError:
        return []
    return [(path, int(index or 0) & 0xFFFF) for path, _, index in lines]


def _fonts_in_folders() -> list[tuple[str, int]]:
    folders = (Path(os.path.expandvars(folder)) for folder in FOLDERS)
    return [(str(file), 0) for folder in folders for file in sorted(folder.rglob("*.*")) if file.is_file()]


def list_fonts(line: str, environment: Mapping[str, str] | None = None) -> list[str]:
    """A line, in a format of fontconfig's, for each scalable font that a program with this environment finds.

    None is our own environment, with the fonts in the person's own folder. Raises ConversionError.
    """
    command = ["fc-list", ":scalable=true", "--format", f"{line}\n"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, timeout=30, text=True, env=environment)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as fault:
        sentence = "Install fontconfig: without it the fonts of this machine cannot be listed."
        problem = Problem("no-fontconfig", f"{sentence} On Debian: apt-get install fontconfig")
        raise ConversionError(problem) from fault
    return listed.stdout.splitlines()
