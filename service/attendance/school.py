"""The school that a letter comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.attendance.address import PostalAddress, read_address

SCHOOL_ADDRESS = tuple(f"school_address_line_{n}" for n in range(1, 6))
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
)


@dataclass(frozen=True, slots=True)
class School:
    """The school's own words, by their flat names, and its settings for letters."""

    words: Mapping[str, str] = field(default_factory=dict)
    policy: str = ""
    without_contacts: str = ""

    def word(self, name: str) -> str:
        """One of the school's words, "" when it was not given."""
        return self.words.get(name, "")

    @property
    def address(self) -> PostalAddress:
        """The school's address, as a letterhead shows it."""
        return read_address((self.word(name) for name in SCHOOL_ADDRESS), self.word("school_postcode"))

    def with_words(self, words: Mapping[str, Any]) -> School:
        """This school with some of its words replaced."""
        return School({**self.words, **words}, self.policy, self.without_contacts)
