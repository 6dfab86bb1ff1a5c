"""Every letter template, found by letter and policy, prepared for a school and opened once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from service.attendance.reading.strict_toml import UnreadableTomlError, read_toml
from service.attendance.school import NO_SCHOOL, School
from service.did_you_mean import did_you_mean
from service.errors import Problem, TemplateError
from service.file_access import UnusableFileError, read_text_file
from service.letters.profile import apply_profile
from service.word.filling.lint import ANY_WORDS, Words
from service.word.filling.message import MessageTemplate
from service.word.filling.template import MOST_OPEN, LetterTemplate, check_is_word, read_template
from service.word.logo import apply_logo, read_logo

_TEXT, _TEXTS = "Use a text in quotation marks.", 'Use a list of texts, for example ["first", "second"].'
_KINDS: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(("title", "sent_by", "sender_role", "period", "since"), (str, _TEXT)),
    **dict.fromkeys(("needs", "enclosures"), (list, _TEXTS)),
    **dict.fromkeys(("must_be_posted", "speaks_as_role"), (bool, "Use true or false.")),
}
_WORDS = "title sent_by sender_role speaks_as_role period since needs enclosures must_be_posted variants".split()


@dataclass(frozen=True, slots=True)
class LetterKind:
    """What a letter's TOML says of it: who sends it, over which window its figures run, what goes with it."""

    letter: str
    title: str
    sent_by: str
    sender_role: str
    period: str
    since: str
    needs: tuple[str, ...]
    enclosures: tuple[str, ...]
    must_be_posted: bool
    is_message: bool = False
    speaks_as_role: bool = False


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter ready to be filled: what it is, and its template."""

    kind: LetterKind
    template: LetterTemplate | MessageTemplate
    docx: bytes = b""
    """The template as a Word document, laid out for the school; nothing of a message."""


class Catalogue:
    """The letter templates of a folder; a policy's own version wins over the general one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open = lru_cache(maxsize=MOST_OPEN)(self._prepare)

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """The words that letters are filled with, from fields.toml."""
        try:
            return read_toml(self.folder / "fields.toml")
        except FileNotFoundError:
            sentence = "This folder of letters needs the file fields.toml, which says what each word means."
            raise TemplateError(Problem("missing-file", sentence, file="fields.toml")) from None
        except UnreadableTomlError as error:
            raise TemplateError(Problem("not-toml", str(error), file="fields.toml")) from None

    @property
    def words(self) -> Words:
        """Every word a template may use; "list.word" for the words of a list's rows."""
        items = (f"{word}.{item}" for word, about in self.fields.items() for item in about.get("items", {}))
        lists = (word for word, about in self.fields.items() if about.get("type") == "list")
        return Words(frozenset((*self.fields, *items)), frozenset(lists))

    def files(self) -> Iterator[Path]:
        """Every template file: general ones and those of policies."""
        for ending in ("docx", "txt"):
            yield from sorted(path for path in self.folder.glob(f"**/*.{ending}") if path.with_suffix(".toml").exists())

    def find(self, letter: str, policy: str) -> Path | None:
        """The template file of a letter under a policy; None when there is none."""
        places = (self.folder / policy, self.folder)
        names = (f"{letter}.docx", f"{letter}.txt")
        return next((place / name for place in places for name in names if (place / name).is_file()), None)

    def open(self, letter: str, policy: str, school: School = NO_SCHOOL) -> OpenLetter:
        """A letter's template, laid out for the school's print profile and with its logo.

        Raises TemplateError when there is none, or with everything that is wrong with it.
        """
        return self._open(letter, policy, school.print_profile, school.logo, school.logo_text)

    def _prepare(self, letter: str, policy: str, profile: str, logo: Path | None, alt: str) -> OpenLetter:
        path = self.find(letter, policy)
        if path is None:
            sentence = f'There is no template for "{letter}" under the policy {policy}.'
            raise TemplateError(Problem("no-template", sentence, file=f"{letter}.docx"))
        kind = read_kind(path)
        if kind.is_message:
            return OpenLetter(kind, read_message(path))
        content = apply_logo(check_is_word(read_template(path), path.name), read_logo(logo), alt)
        docx = apply_profile(content, profile)
        return OpenLetter(kind, LetterTemplate.open(docx, path.name), docx)


def read_kind(path: Path) -> LetterKind:
    """What the TOML beside a template says. Raises TemplateError with every key that is not known."""
    sidecar = path.with_suffix(".toml")
    try:
        values = read_toml(sidecar)
    except FileNotFoundError:
        sentence = f"{path.name} needs this file beside it, which says what the letter is."
        raise TemplateError(Problem("missing-file", sentence, file=sidecar.name)) from None
    except UnreadableTomlError as error:
        raise TemplateError(Problem("not-toml", str(error), file=sidecar.name)) from None
    unknown = [word for word in values if word not in _WORDS]
    problems = [
        Problem("unknown-key", f'"{word}" is not a key we recognise.{did_you_mean(word, _WORDS)}', file=sidecar.name)
        for word in unknown
    ]
    problems += [
        Problem("wrong-value", _KINDS[word][1], file=sidecar.name, column=word)
        for word, value in values.items()
        if word in _KINDS and not _is_of(word, value)
    ]
    if problems:
        raise TemplateError(problems)
    return LetterKind(
        letter=path.stem,
        title=values.get("title", path.stem),
        sent_by=values.get("sent_by", "school"),
        sender_role=values.get("sender_role", ""),
        period=values.get("period", "school_year").replace("_", " "),
        since=values.get("since", ""),
        needs=tuple(values.get("needs", ())),
        enclosures=tuple(values.get("enclosures", ())),
        must_be_posted=bool(values.get("must_be_posted", False)),
        is_message=path.suffix == ".txt",
        speaks_as_role=bool(values.get("speaks_as_role", False)),
    )


def _is_of(word: str, value: Any) -> bool:
    """Whether a key of a letter's TOML has a value of the kind that it needs."""
    if isinstance(value, list):
        return _KINDS[word][0] is list and all(isinstance(item, str) for item in value)
    return isinstance(value, _KINDS[word][0])


def read_message(path: Path, known: Words = ANY_WORDS) -> MessageTemplate:
    """The message template in a text file. Raises TemplateError when it cannot be read, or asks for unknown words."""
    try:
        source = read_text_file(path)
    except UnusableFileError as error:
        raise TemplateError(
            Problem("file-not-usable", f"This cannot be used: {error.strerror}.", file=path.name)
        ) from None
    except UnicodeDecodeError:
        raise TemplateError(Problem("not-utf-8", "Save this text in UTF-8.", file=path.name)) from None
    return MessageTemplate.open(source, path.name, known)
