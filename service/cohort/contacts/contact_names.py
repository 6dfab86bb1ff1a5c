"""Names in one cell -> their parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_CAPITALS = re.compile(r"(?:Mc|Mac|O'|O\N{RIGHT SINGLE QUOTATION MARK}|D')?[^\W\d_a-z][^\d_]*[^\W\d_]")
_TITLES = frozenset("mr mrs ms miss mx dr prof professor rev reverend sir lady lord dame canon fr imam rabbi".split())


def split_pupil_name(text: str) -> tuple[str, str]:
    """First and last name of a pupil: "Surname, Forename", "SURNAME Forename" or "Forename Surname"."""
    last, comma, first = text.partition(",")
    if comma:
        return first.strip(), last.strip()
    words = text.split()
    if place := _end_of_capitals(words):
        return " ".join(words[place:]), " ".join(words[:place])
    if place := _end_of_capitals(words[::-1]):
        return " ".join(words[:-place]), " ".join(words[-place:])
    return " ".join(words[:-1]), " ".join(words[-1:])


def _end_of_capitals(words: Sequence[str]) -> int:
    """How many words at the beginning are in capitals, as surnames are; 0 where none is or all are."""
    place = 0
    while place < len(words) and _is_in_capitals(words[place]):
        place += 1
    return place if place < len(words) else 0


def _is_in_capitals(word: str) -> bool:
    found = _CAPITALS.fullmatch(word)
    return found is not None and re.sub("^(?:Mc|Mac)", "", word).isupper()


def is_split_by_guess(text: str) -> bool:
    """Whether nothing in a name says which of its words is the surname: "Ash Robin", without comma or capitals."""
    words = text.split()
    return len(words) > 1 and "," not in text and not (_end_of_capitals(words) or _end_of_capitals(words[::-1]))


def settle_name(values: dict[str, Any], whole: str, others: Iterable[Mapping[str, Any]] = ()) -> None:
    """Say which part of a guessed name is the surname, as another file tells them apart or as a contact has it.

    Where neither does, sentences use the whole name, which is right whichever part comes first.
    """
    for other in others:
        first, last = (str(other.get(word, "")).strip() for word in ("first_name", "last_name"))
        if first and last and sorted(f"{first} {last}".casefold().split()) == sorted(whole.casefold().split()):
            values["first_name"], values["last_name"] = first, last
            return
    surnames = {str(contact.get("last_name", "")).strip().casefold() for contact in values.get("contacts", ())}
    if values.get("last_name", "").casefold() in surnames:
        return
    front, _, rest = whole.partition(" ")
    if front.casefold() in surnames:
        values["first_name"], values["last_name"] = rest, front
    else:
        values.setdefault("preferred_name", whole)


def split_name(text: str) -> dict[str, str]:
    """The words of a contact's name: "Mrs Freya Patel" or "Patel, Freya"; a joint name stays whole as the last name."""
    if "&" in text or " and " in text:
        return {"last_name": text.strip()}
    words = text.replace(",", " , ").split()
    title = words.pop(0) if words and words[0].rstrip(".").casefold() in _TITLES else ""
    first, last = split_pupil_name(" ".join(words))
    found = {"title": title, "first_name": first, "last_name": last}
    return {word: value for word, value in found.items() if value}


def without_title(contact: dict[str, str]) -> dict[str, str]:
    """The contact with a title that stands before the forename, "Mrs Jo", where the others stand."""
    front, _, rest = contact.get("first_name", "").strip().partition(" ")
    title, word = contact.get("title", "").strip(), front.rstrip(".")
    if not rest.strip() or word.casefold() not in _TITLES or title.rstrip(".").casefold() not in ("", word.casefold()):
        return contact
    return {**contact, "title": title or front, "first_name": rest.strip()}
