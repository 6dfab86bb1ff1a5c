"""The school that a letter comes from, and how it wants its letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.attendance.address import PostalAddress, read_address
from service.attendance.calendar import DAYS_IN_POST
from service.attendance.reading.strict_toml import UnreadableTomlError, read_toml
from service.attendance.reading.value_kinds import find_unusable
from service.attendance.words import LETTERS
from service.did_you_mean import did_you_mean
from service.errors import Problem, SettingsError, first_problems

SCHOOL_ADDRESS = tuple(f"school_address_line_{n}" for n in range(1, 6))
AUTHORITY_ADDRESS = tuple(f"local_authority_address_line_{n}" for n in range(1, 6))
SCHOOL_WORDS = (
    "school_name",
    *SCHOOL_ADDRESS,
    "school_postcode",
    "school_telephone",
    "school_email",
    "school_website",
    "headteacher_name",
    "sender_name",
    "sender_role",
    "logo",
    "local_authority_name",
    *AUTHORITY_ADDRESS,
    "local_authority_postcode",
    "local_authority_telephone",
    "local_authority_email",
    "local_authority_officer_name",
)
SCHOOL_OPTIONS = {"without_contacts": ("", "by hand"), "print_profile": ("dl", "notify")}
SCHOOL_FLAGS = ("shared_households", "ask_for_evidence")
SCHOOL_NUMBERS = {
    "lessons_per_day": (12, "Use a whole number from 0 to 12; 0 leaves lessons out."),
    "days_in_post": (10, "Use a whole number from 0 to 10: the weekdays that a letter takes to arrive."),
    "marks_cover": (100, "Use a whole number from 0 to 100: the per cent of school days that marks must cover."),
}
"""The largest number each may be, and what to write."""
SCHOOL_CHOICES = ("policy", *SCHOOL_OPTIONS, *SCHOOL_FLAGS, *SCHOOL_NUMBERS, "senders")
SCHOOL_TABLES = ("headings", "keep", "needs_approval")
"""What a school.toml says that no letter needs: the school's names for columns, how many school years it keeps, and
which letters a signatory approves."""
ENFORCEMENT, EVERY_LETTER = "enforcement", "all"
"""What stands for the enforcement letters and notices of a policy, and for every letter, in `needs_approval`."""
KEEP_YEARS = {"letters": (0, 10), "history": (3, 20), "registers": (6, 30)}
"""The fewest and the most school years that each can be kept after its own: penalty notices count for three, and the
law keeps registers for six."""
_LONGEST = 200
_TOGETHER = (
    (*SCHOOL_ADDRESS, "school_postcode"),
    ("sender_name", "sender_role"),
    tuple(word for word in SCHOOL_WORDS if word.startswith("local_authority_")),
)
"""Words that say one thing only together: half of one school's address is nobody's address."""


@dataclass(frozen=True, slots=True)
class School:
    """The school's own words, by their flat names, and its choices for letters.

    `without_contacts` "by hand" addresses a letter to "Parent or carer of …" when nobody is known; `lessons_per_day`
    turns days missed into lessons, 0 leaves lessons out; `days_in_post` are the weekdays that a letter takes to arrive;
    `marks_cover` is the per cent of school days that a pupil's marks must cover for a letter to leave; `senders` names
    who signs as which role; `headings` are its own names for columns of its exports, by the word that each stands for;
    `keep` are the school years that it keeps letters, history and registers, where not as long as the service does;
    `needs_approval` are the letters that a signatory approves, None where the school has not said which.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    policy: str = ""
    without_contacts: str = ""
    print_profile: str = "dl"
    shared_households: bool = False
    ask_for_evidence: bool = False
    lessons_per_day: int = 5
    days_in_post: int = DAYS_IN_POST
    marks_cover: int = 50
    senders: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keep: Mapping[str, int] = field(default_factory=dict)
    needs_approval: Sequence[str] | None = None
    folder: Path | None = None

    def word(self, name: str) -> str:
        """One of the school's words, "" when it was not given."""
        return self.words.get(name, "")

    @property
    def address(self) -> PostalAddress:
        """The school's address, as a letterhead shows it."""
        return _read_once(tuple(map(self.word, SCHOOL_ADDRESS)), self.word("school_postcode"))

    @property
    def authority_address(self) -> PostalAddress:
        """The local authority's address."""
        return _read_once(tuple(map(self.word, AUTHORITY_ADDRESS)), self.word("local_authority_postcode"))

    @property
    def logo(self) -> Path | None:
        """The file of the school's logo, beside its school.toml."""
        name = self.word("logo")
        return self.folder / name if name and self.folder else None

    @property
    def logo_text(self) -> str:
        """What is said of the logo to those who cannot see it; nothing where there is no logo."""
        if self.logo is None:
            return ""
        name = self.word("school_name")
        return f"Logo of {name}" if name else "Logo"

    def with_words(self, words: Mapping[str, str]) -> School:
        """This school with some of its words replaced; another school, where they name another one.

        An address and a signature belong together: one word of them takes the place of them all.
        """
        if not words:
            return self
        if words.get("school_name", self.word("school_name")) != self.word("school_name"):
            return replace(self, words=dict(words), senders={}, folder=None)
        replaced = {word for group in _TOGETHER if not words.keys().isdisjoint(group) for word in group}
        kept = {word: value for word, value in self.words.items() if word not in replaced}
        return replace(self, words={**kept, **words})


NO_SCHOOL = School()


@lru_cache(maxsize=16)
def _read_once(lines: tuple[str, ...], postcode: str) -> PostalAddress:
    """A school's address: the same on each of its letters."""
    return read_address(lines, postcode)


def load_school(path: Path) -> School:
    """The school of a school.toml. Raises SettingsError with every fault."""
    try:
        values = read_toml(path)
    except FileNotFoundError:
        raise SettingsError(Problem("missing-file", "There is no such school file.", file=path.name)) from None
    except UnreadableTomlError as error:
        raise SettingsError(Problem("not-toml", str(error), file=path.name)) from None
    return read_school(values, path.name, path.parent)


def read_school(values: Mapping[str, Any], file: str = "", folder: Path | None = None) -> School:
    """The school that named values mean. Raises SettingsError with every fault."""
    problems = list(first_problems(_find_faults(values, file)))
    if problems:
        raise SettingsError(problems)
    words = {word: values[word].strip() for word in SCHOOL_WORDS if values.get(word, "").strip()}
    choices = {word: values[word] for word in (*SCHOOL_CHOICES, *SCHOOL_TABLES) if word in values}
    if own := choices.get("headings"):
        choices["headings"] = {word: list(names) for word, names in own.items()}
    return School(words, folder=folder, **choices)


def _find_faults(values: Mapping[str, Any], file: str) -> Iterator[Problem]:
    known = (*SCHOOL_WORDS, *SCHOOL_CHOICES, *SCHOOL_TABLES)
    for word, value in values.items():
        if word not in known:
            yield Problem(
                "unknown-word",
                f"This is not a field of school.toml.{did_you_mean(word, known)}",
                file=file,
                column=word,
            )
        elif detail := _find_fault(word, value):
            yield Problem("wrong-value", detail, file=file, column=word)


def _find_fault(word: str, value: Any) -> str:
    if word in SCHOOL_NUMBERS:
        most, sentence = SCHOOL_NUMBERS[word]
        right = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
        return "" if right else sentence
    if word == "senders":
        right = isinstance(value, dict) and all(isinstance(name, str) and name for name in value.values())
        return (
            ""
            if right
            else 'Name the person who signs in each role: "Child and family support worker" = "Ms A Example".'
        )
    if word == "keep":
        return "" if isinstance(value, dict) and all(_can_keep(*pair) for pair in value.items()) else _HOW_LONG
    if word == "needs_approval":
        return "" if isinstance(value, list | tuple) and all(map(_can_be_approved, value)) else _APPROVED
    if word == "headings":
        right = isinstance(value, dict) and all(map(_are_texts, value.values()))
        return "" if right else 'List your own headings for each word: upn = ["Our number"].'
    if word in SCHOOL_FLAGS:
        return "" if isinstance(value, bool) else "Use true or false."
    if not isinstance(value, str):
        return "Enter text in quotation marks."
    if word in SCHOOL_OPTIONS and value not in SCHOOL_OPTIONS[word]:
        return f"Use one of {', '.join(repr(choice) for choice in SCHOOL_OPTIONS[word])}, not {value!r}."
    if len(value) > _LONGEST:
        return f"Use at most {_LONGEST} characters; this has {len(value)}."
    return find_unusable(value)


_HOW_LONG = "Name school years to keep: " + ", ".join(
    f"{word} from {least} to {most}" for word, (least, most) in KEEP_YEARS.items()
)


def _can_keep(word: str, years: Any) -> bool:
    least, most = KEEP_YEARS.get(word, (1, 0))
    return isinstance(years, int) and not isinstance(years, bool) and least <= years <= most


_APPROVED = (
    f'List the letters that a signatory approves: "{ENFORCEMENT}" for enforcement letters and notices, '
    f'"{EVERY_LETTER}", or names such as "letter_3". An empty list leaves them to whoever issues them.'
)


def _can_be_approved(word: Any) -> bool:
    return isinstance(word, str) and (word in (ENFORCEMENT, EVERY_LETTER) or word in LETTERS)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(text, str) and text.strip() for text in value)
