"""Words beside something in a history that may say that it was not sent, or was taken back."""

from __future__ import annotations

import re

from service.attendance.holding.warning_texts import in_words

_UNSENT = re.compile(
    r"\b(withdrawn|withdrew|cancel\w*|rescinded|revoked|retracted|void(ed)?|disregard|draft(ed)?|"
    r"(not|never) (yet )?(been )?(sent|posted|issued|printed)|unsent|un ?issued|in error|by mistake|"
    r"return(ed)? to sender|undelivered|not delivered)\b",
    re.I,
)
UNSENT = (
    "This may say that it was not sent, or was taken back, and it was counted. Delete it, or take it back, if nobody "
    "got it; else delete these words."
)


def says_unsent(text: str) -> bool:
    """Whether words say that something was not sent, or was taken back."""
    return bool(_UNSENT.search(in_words(text)))


def is_about_withdrawing(event: str) -> bool:
    """Whether an event is itself that something was withdrawn."""
    return "withdrawn" in event.casefold()
