"""Every setting: its name, default and meaning; read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from service.errors import Problem, SettingsError, did_you_mean

PREFIX = "ATTENDANCE_LETTERS_"
_PACKAGE = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost")


class Setting(NamedTuple):
    """One setting, as the environment and the README name it."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("HOST", "127.0.0.1", "The address the service listens on; loopback only, for there are no keys yet."),
    Setting("PORT", "8017", "The port the service listens on."),
    Setting("THREADS", "4", "Requests answered at the same time."),
    Setting("SCHOOL", "", "The school's own file (school.toml); the invented sample school when empty."),
    Setting("RULES", "", "A folder of rules files; the rules that come with the service when empty."),
    Setting("LETTERS", "", "A folder of letter templates; those that come with the service when empty."),
    Setting(
        "PDF_BY", "typst", "What makes PDFs: typst, which comes with the service, or libreoffice for every letter."
    ),
    Setting("PDF_PROCESSES", "0", "Processes that make PDFs at the same time; one for each core when 0."),
    Setting("PDF_SECONDS", "30", "The longest that turning one document into a PDF may take."),
    Setting("PDF_A", "no", "Write PDF/A-2, for keeping for years (yes or no)."),
    Setting("PDF_TAGGED", "no", "Tag what LibreOffice makes for screen readers too (yes or no); Typst always does."),
    Setting("FORMS", "", "A folder of forms; those that come with the service when empty."),
    Setting(
        "FORM_FONTS",
        "",
        f"Font files to draw forms with, the text font first, {os.pathsep!r} between them; the machine's when empty.",
    ),
    Setting("LARGEST_REQUEST", "10485760", "The largest request that is read, in bytes."),
)


_NUMBERS = ("PORT", "THREADS", "PDF_PROCESSES", "PDF_SECONDS", "LARGEST_REQUEST")
PDF_BY = ("typst", "libreoffice")
_ZERO_ALLOWED = ("PORT", "PDF_PROCESSES")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    host: str = "127.0.0.1"
    port: int = 8017
    threads: int = 4
    school: Path | None = None
    rules: Path = Path()
    letters: Path = Path()
    pdf_by: str = "typst"
    pdf_processes: int = 0
    pdf_seconds: int = 30
    pdf_a: bool = False
    pdf_tagged: bool = False
    forms: Path = Path()
    form_fonts: tuple[Path, ...] = ()
    largest_request: int = 10 * 1024 * 1024


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment. Raises SettingsError with every one that is wrong or not known."""
    given = os.environ if environment is None else environment
    problems = list(_find_unknown(given))
    values = {item.name: given.get(PREFIX + item.name, item.default).strip() for item in SETTINGS}
    numbers = {name: _whole(name, values[name], problems) for name in _NUMBERS}
    flags = {name: _yes_or_no(name, values[name], problems) for name in ("PDF_A", "PDF_TAGGED")}
    if values["HOST"] not in LOOPBACK:
        detail = f"The service answers on this machine only until it has keys: use {LOOPBACK[0]}, not {values['HOST']}."
        problems.append(Problem("not-loopback", detail, column=PREFIX + "HOST"))
    if values["PDF_BY"] not in PDF_BY:
        detail = f"Use {' or '.join(PDF_BY)}, not {values['PDF_BY']!r}."
        problems.append(Problem("wrong-setting", detail, column=PREFIX + "PDF_BY"))
    fonts = _files("FORM_FONTS", values["FORM_FONTS"], problems)
    if problems:
        raise SettingsError(problems)
    return Settings(
        host=values["HOST"],
        port=numbers["PORT"],
        threads=numbers["THREADS"],
        school=Path(values["SCHOOL"]) if values["SCHOOL"] else None,
        rules=Path(values["RULES"]) if values["RULES"] else shipped("rules"),
        letters=Path(values["LETTERS"]) if values["LETTERS"] else shipped("letter_templates"),
        pdf_by=values["PDF_BY"],
        pdf_processes=numbers["PDF_PROCESSES"],
        pdf_seconds=numbers["PDF_SECONDS"],
        pdf_a=flags["PDF_A"],
        pdf_tagged=flags["PDF_TAGGED"],
        forms=Path(values["FORMS"]) if values["FORMS"] else shipped("form_templates"),
        form_fonts=fonts,
        largest_request=numbers["LARGEST_REQUEST"],
    )


def shipped(folder: str) -> Path:
    """A folder that comes with the service: beside the package in a checkout, inside it when installed."""
    inside = _PACKAGE / "shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def _find_unknown(given: Mapping[str, str]) -> Iterator[Problem]:
    names = [PREFIX + item.name for item in SETTINGS]
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in names:
            yield Problem("unknown-setting", f"There is no such setting.{did_you_mean(name, names)}", column=name)


def _files(name: str, text: str, problems: list[Problem]) -> tuple[Path, ...]:
    files = tuple(Path(part) for part in text.split(os.pathsep) if part)
    for file in files:
        if not file.is_file():
            problems.append(Problem("missing-file", f"There is no file {file}.", column=PREFIX + name))
    return files


def _whole(name: str, text: str, problems: list[Problem]) -> int:
    highest = {"PORT": 65_535, "THREADS": 64}.get(name, 1 << 30)
    if text.isdecimal() and len(text) <= 10 and 0 < int(text) <= highest:
        return int(text)
    if text == "0" and name in _ZERO_ALLOWED:
        return 0
    problems.append(
        Problem("wrong-setting", f"Use a whole number from 1 to {highest}, not {text!r}.", column=PREFIX + name)
    )
    return 0


def _yes_or_no(name: str, text: str, problems: list[Problem]) -> bool:
    if text not in ("yes", "no"):
        problems.append(Problem("wrong-setting", f"Use yes or no, not {text!r}.", column=PREFIX + name))
    return text == "yes"
