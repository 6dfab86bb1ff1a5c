"""What an unread cell says that keeps letters from leaving: nobody is to be written to, or the pupil is not here."""

from __future__ import annotations

import re

_WARNING = re.compile(
    r"\b(do not|don ?t|never|must not|not to|should not)\b.{0,30}\b(contact|write|send|post|mail|letters?|call|ring|"
    r"phone|inform|disclose|share)|"
    r"\b(no|stop|hold|withhold|without) (all |any |more )?(contact|letters?|post|mail|correspondence)\b|"
    r"\bcourt order|\bnon ?molestation|\binjunction|\brestraining|\bprohibited steps|\brefuge\b|\bdeceased\b|\bbereave|"
    r"\bdied\b|\bpassed away\b|\baddress (is )?(withheld|confidential|unknown|not known)|\bconfidential address",
    re.I,
)
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
_READ_IT = "This may say that somebody must not be written to. Read it first."
_SIGNS = re.compile(r"[\W_]+")


def why_not_here(heading: str, cell: str) -> str:
    """Why a cell of a column about a pupil's place at the school holds letters; "" where it does not.

    `heading` is in words and small letters.
    """
    said = _SIGNS.sub(" ", cell).strip().casefold()
    if not said:
        return ""
    if _OF_BEING_HERE.fullmatch(heading) and said in _NO:
        return _NOT_HERE
    if _OF_LEAVING.fullmatch(heading) and said not in (*_NO, "none", "n a", "unknown"):
        return _NOT_HERE
    is_gone = _OF_STATUS.fullmatch(heading) and (said in _CODES or _GONE.search(said))
    return _NOT_HERE if is_gone else ""


def why_warned(cell: str) -> str:
    """Why a remark holds letters; "" where it does not."""
    return _READ_IT if _WARNING.search(_SIGNS.sub(" ", cell)) else ""
