"""Every setting: its name, default, reading and meaning, in one list; read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from service.did_you_mean import did_you_mean
from service.errors import Problem, SettingsError
from service.loopback import LOOPBACK, read_host, read_proxy

PREFIX = "ATTENDANCE_LETTERS_"
_PACKAGE = Path(__file__).parent


class Setting(NamedTuple):
    """One setting, as the environment and the README name it, and how its text is read."""

    name: str
    field: str
    default: str
    meaning: str
    read: Callable[[str], Any]


def shipped(folder: str) -> Path:
    """A folder that comes with the service: beside the package in a checkout, inside it when installed."""
    inside = _PACKAGE / "shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def _whole(lowest: int = 1, highest: int = 1 << 30) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isdecimal() and len(text) <= 10 and lowest <= int(text) <= highest:
            return int(text)
        sentence = f"Use a whole number from {lowest} to {highest}, not {text!r}."
        raise SettingsError(Problem("wrong-setting", sentence))

    return read


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise SettingsError(Problem("wrong-setting", f"Use yes or no, not {text!r}."))
    return text == "yes"


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in words:
            return text
        raise SettingsError(Problem("wrong-setting", f"Use {' or '.join(words)}, not {text!r}."))

    return read


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _folder(name: str) -> Callable[[str], Path]:
    """Reads the path of a folder; the service's own of that name where none is given."""
    return lambda text: Path(text) if text else shipped(name)


def _data_folder(text: str) -> Path:
    """Reads the path of the memory's folder; where a user's programs keep what they remember when none is given.

    Source: XDG Base Directory Specification.
    """
    if text:
        return Path(text).expanduser()
    here = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return here / "attendance-letters"


def _files(text: str) -> tuple[Path, ...]:
    files = tuple(Path(part) for part in text.split(os.pathsep) if part)
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise SettingsError(Problem("missing-file", f"There is no file {file}.") for file in missing)
    return files


def _queue(text: str) -> str:
    """Reads the address of Redis or RabbitMQ, which may hold a password: no sentence repeats it."""
    scheme, _, place = text.partition("://")
    if not text or (scheme in ("redis", "rediss", "amqp", "amqps") and place):
        return text
    sentence = "Write the queue as redis://host:6379/0 or amqp://user@host:5672/name (rediss or amqps for TLS)."
    raise SettingsError(Problem("wrong-setting", sentence))


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    if text and not (parts.hostname and (parts.scheme == "https" or parts.hostname in LOOPBACK)):
        raise SettingsError(Problem("wrong-setting", f"Use an address that begins with https://, not {text!r}."))
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host):
            sentence = (
                f"Write names of machines with commas, as hooks.example.org, without https:// or a port; not {host!r}."
            )
            raise SettingsError(Problem("wrong-setting", sentence))
    return hosts


def _setting(default: str, read: Callable[[str], Any], meaning: str, is_secret: bool = False) -> Any:
    words = {"default": default, "meaning": meaning, "read": read}
    return field(default=read(default), metadata=words, repr=not is_secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. Each is set in the environment under its own name in capitals, with the prefix."""

    host: str = _setting(
        "127.0.0.1", read_host, "Address to listen on; any but this machine's own needs a key (`key add`)."
    )
    port: int = _setting("8017", _whole(0, 65_535), "Port to listen on; 0 takes any free one.")
    trusted_proxy: str = _setting(
        "", read_proxy, "Address of the proxy in front that speaks TLS; only its X-Forwarded headers are believed."
    )
    threads: int = _setting("4", _whole(1, 64), "Number of requests answered at the same time.")
    school: Path | None = _setting(
        "", _path, "Your school's file (school.toml); if empty, no letter is written until one is named."
    )
    rules: Path = _setting("", _folder("rules"), "Folder of rules files; if empty, those that come with the service.")
    letters: Path = _setting(
        "", _folder("letter_templates"), "Folder of letter templates; if empty, those that come with the service."
    )
    pdf_by: str = _setting(
        "typst",
        _one_of("typst", "libreoffice"),
        "What makes PDFs: typst, which comes with the service, or libreoffice for every letter.",
    )
    pdf_processes: int = _setting("0", _whole(0), "Number of processes that make PDFs; 0 means one per core.")
    pdf_seconds: int = _setting("30", _whole(), "Longest time to turn one document into a PDF, in seconds.")
    pdf_a: bool = _setting("no", _yes_or_no, "Write PDF/A-2, the format for archives (yes or no).")
    pdf_tagged: bool = _setting(
        "no", _yes_or_no, "Tag for screen readers what LibreOffice makes too (yes or no); Typst always does."
    )
    forms: Path = _setting(
        "", _folder("form_templates"), "Folder of forms; if empty, those that come with the service."
    )
    form_fonts: tuple[Path, ...] = _setting(
        "",
        _files,
        f"Font files for forms, text font first, separated by {os.pathsep!r}; if empty, this machine's fonts.",
    )
    data: Path = _setting("", _data_folder, "Folder of the memory; if empty, one among your own data.")
    database: str = _setting("", str, "PostgreSQL database, as postgresql://user@host/name; if empty, SQLite in DATA.")
    files: str = _setting("", str, "Where letters are kept: a folder or s3://bucket/prefix; if empty, in DATA.")
    keep_letters: int = _setting(
        "2", _whole(0, 99), "School years that letters are kept after the year they were issued in."
    )
    keep_history: int = _setting(
        "3", _whole(0, 99), "School years that the history is kept after its own; notices count for three."
    )
    keep_registers: int = _setting("6", _whole(0, 99), "School years that registers are kept after their own.")
    oidc_issuer: str = _setting(
        "", _issuer, "OpenID provider with whose accounts people may sign in, as https://…; if empty, passwords only."
    )
    oidc_client: str = _setting("", str, "What the provider calls this service (client ID).")
    oidc_secret: str = _setting("", str, "The secret that the provider gave for it (client secret).", is_secret=True)
    engine: str = _setting(
        "local",
        _one_of("local", "celery"),
        "Who works on batches: local, processes of this machine; or celery, `worker` on any number of machines.",
    )
    queue: str = _setting(
        "",
        _queue,
        "What wakes workers of ENGINE=celery, as redis://host:6379/0 or amqp://user@host:5672/name.",
        is_secret=True,
    )
    chunk_seconds: int = _setting(
        "900", _whole(1, 86_400), "Longest time that a worker of ENGINE=celery takes for one piece, in seconds."
    )
    batch_processes: int = _setting(
        "0", _whole(0, 256), "Number of processes that work on batches; 0 means one per core."
    )
    webhooks_to: tuple[str, ...] = _setting(
        "",
        _hosts,
        "Machines that webhooks may be sent to by https, with commas; localhost is for trying; if empty, none.",
    )
    metrics: bool = _setting(
        "no", _yes_or_no, "Tell Prometheus on this machine, and nobody else, how the work goes (yes or no): /metrics."
    )
    requests_a_minute: int = _setting(
        "6000", _whole(), "Requests a minute that a key may send; a third of them may come at once."
    )
    largest_request: int = _setting(str(10 * 1024 * 1024), _whole(), "Largest request the service reads, in bytes.")
    header_seconds: int = _setting("10", _whole(), "Longest time for a request's headers to arrive, in seconds.")
    body_seconds: int = _setting("60", _whole(), "Longest time for a request's body to arrive, in seconds.")
    connections: int = _setting(
        "100", _whole(), "Connections from one address; a new one ends the one that has waited longest."
    )
    stop_seconds: int = _setting(
        "30", _whole(), "Longest time to finish requests when the service is stopped, in seconds."
    )

    @property
    def is_public(self) -> bool:
        """Whether others than this machine can reach the service, directly or through a proxy."""
        return self.host not in LOOPBACK or bool(self.trusted_proxy)


SETTINGS = tuple(Setting(item.name.upper(), item.name, **item.metadata) for item in fields(Settings))


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment. Raises SettingsError with every one that is wrong or not known."""
    given = os.environ if environment is None else environment
    problems = list(_find_unknown(given))
    values = {}
    for setting in SETTINGS:
        name = PREFIX + setting.name
        try:
            values[setting.field] = setting.read(given.get(name, setting.default).strip())
        except SettingsError as error:
            problems += (replace(problem, column=name) for problem in error.problems)
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def _find_unknown(given: Mapping[str, str]) -> Iterator[Problem]:
    names = [PREFIX + item.name for item in SETTINGS]
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in names:
            yield Problem("unknown-setting", f"There is no such setting.{did_you_mean(name, names)}", column=name)
