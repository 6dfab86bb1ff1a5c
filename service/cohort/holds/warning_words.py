"""What an unread cell says that keeps letters from leaving: nobody is to be written to, or the pupil is not here."""

from __future__ import annotations

import re

from service.attendance.holding.warning_texts import in_words

_GONE = re.compile(
    r"\b(leaver|leaving|left|off ?roll|not on roll|former|withdrawn|removed|archived|inactive|guest|visitor|subsidiary|"
    r"applicant|pre ?admission|future|deceased)\b",
    re.I,
)
_OF_STATUS = re.compile(r"(enrol\w*|roll|pupil|student|current|on roll)( state| status)?( name)?|status")
_OF_LEAVING = re.compile(
    r"(is )?leavers?|has left|leaving (reason|destination)|reason for leaving|destination|new school"
)
_OF_BEING_HERE = re.compile(r"(is )?(on roll|current|active|enrolled)")
_CODES = frozenset("gs")
"""Enrolment statuses of a census for a pupil who is registered elsewhere: guest, and dual at a subsidiary school."""
_NO = frozenset(("no", "n", "false", "f", "0"))
_NOT_HERE = "This may say that the pupil is not on roll here. Look before anybody is written to."


def why_not_here(heading: str, cell: str) -> str:
    """Why a cell of a column about a pupil's place at the school holds letters; "" where it does not.

    `heading` is in words and small letters.
    """
    said = in_words(cell).strip().casefold()
    if not said:
        return ""
    if _OF_BEING_HERE.fullmatch(heading) and said in _NO:
        return _NOT_HERE
    if _OF_LEAVING.fullmatch(heading) and said not in (*_NO, "none", "n a", "unknown"):
        return _NOT_HERE
    is_gone = _OF_STATUS.fullmatch(heading) and (said in _CODES or _GONE.search(said))
    return _NOT_HERE if is_gone else ""
