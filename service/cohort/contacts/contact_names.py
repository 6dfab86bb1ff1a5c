"""Names in one cell -> their parts."""

from __future__ import annotations

_TITLES = frozenset("mr mrs ms miss mx dr prof professor rev reverend sir lady lord dame canon fr imam rabbi".split())


def split_pupil_name(text: str) -> tuple[str, str]:
    """First and last name of a pupil: "SURNAME, Forename" or "Forename Surname"."""
    last, comma, first = text.partition(",")
    if not comma:
        first, _, last = text.strip().rpartition(" ")
    return first.strip(), last.strip()


def is_split_by_guess(text: str) -> bool:
    """Whether nothing in a name says which of its words is the surname: "Ash Robin", without a comma."""
    return " " in text.strip() and "," not in text


def split_name(text: str) -> dict[str, str]:
    """The words of a contact's name: "Mrs Freya Patel" or "Patel, Freya"; a joint name stays whole as the last name."""
    if "&" in text or " and " in text:
        return {"last_name": text.strip()}
    words = text.replace(",", " , ").split()
    title = words.pop(0) if words and words[0].rstrip(".").casefold() in _TITLES else ""
    first, last = split_pupil_name(" ".join(words))
    found = {"title": title, "first_name": first, "last_name": last}
    return {word: value for word, value in found.items() if value}
