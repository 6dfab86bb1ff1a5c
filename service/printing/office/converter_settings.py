"""How this machine turns documents into PDF, and whether it can."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

TO_INSTALL: Final = "On Debian: apt-get install libreoffice-writer-nogui python3-uno fonts-liberation fonts-noto-core."
# What a program that we start may see of our environment.
ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
SOCKET: Final = "converter.sock"
LOCK: Final = "converter.lock"  # held by the server for as long as it lives; its number stands in it
PATIENCE: Final = 60.0  # seconds before a LibreOffice that did not start is tried for again
PROTOCOL: Final = 1  # of converter and daemon; a program of another version starts a server of its own


@dataclass(frozen=True, slots=True)
class ConverterSettings:
    """How documents are turned into PDF on this machine."""

    processes: int = os.cpu_count() or 1  # LibreOffices at work at the same time
    seconds: float = 30.0  # the longest that one conversion may take
    memory: int = 1_500_000_000  # bytes of memory that one LibreOffice may use
    soffice: str = "soffice"  # the program, by name or path
    python: str = "/usr/bin/python3"  # a Python that can import uno
    child: str = str(Path(__file__).with_name("child.py"))  # the program, for that Python, that drives soffice
    pdf_a: bool = False  # PDF/A-2b, for keeping for years
    tagged: bool = False  # tagged for screen readers; such letters are converted one by one
    folder: str = ""  # where the socket and LibreOffice's passing files are; "": this user's runtime folder
    linger: float = 2.0  # seconds that LibreOffice stays after the last program that used it
    conversions: int = 2000  # after so many a LibreOffice is replaced by a new one

    def export(self, merged: bool = False) -> dict[str, bool | int]:
        """The choices of LibreOffice's PDF export; a merged document also says where its bookmarks are."""
        chosen: dict[str, bool | int] = {
            "ReduceImageResolution": False,
            "UseLosslessCompression": True,
            "ExportFormFields": False,
            "ExportBookmarks": False,
            "ExportBookmarksToPDFDestination": merged,
            "IsSkipEmptyPages": True,
            "UseTaggedPDF": self.tagged,
        }
        return chosen | ({"SelectPdfVersion": 2} if self.pdf_a else {})

    @property
    def key(self) -> str:
        """Eight characters that are equal for settings that can share one pool of LibreOffices."""
        pool = {name: value for name, value in asdict(self).items() if name not in ("pdf_a", "tagged")}
        return hashlib.sha256(json.dumps([PROTOCOL, pool], sort_keys=True).encode()).hexdigest()[:8]

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ConverterSettings:
        values = json.loads(text)
        return cls(**{one.name: values[one.name] for one in fields(cls)})


def allowed_environment(**more: str) -> dict[str, str]:
    """The part of our environment that a program we start may see, and what it is told besides."""
    return {name: os.environ[name] for name in ENVIRONMENT if name in os.environ} | more


def why_no_office(settings: ConverterSettings) -> str:
    """What is missing for making PDFs on this machine and how to install it, or nothing."""
    if os.name != "posix":
        return "LibreOffice makes PDFs on Linux and macOS only. Ask for such a letter as a Word document."
    if not shutil.which(settings.soffice):
        return f'LibreOffice ("{settings.soffice}") is not installed. {TO_INSTALL}'
    if not shutil.which(settings.python):
        return f'The Python that drives LibreOffice ("{settings.python}") is not installed. {TO_INSTALL}'
    asked = subprocess.run([settings.python, "-I", "-c", "import uno"], capture_output=True, check=False)  # noqa: S603
    if asked.returncode:
        return f'"{settings.python}" has no bindings for LibreOffice ("import uno" fails). {TO_INSTALL}'
    return ""
