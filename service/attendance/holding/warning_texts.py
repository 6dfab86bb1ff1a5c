"""Words that say that somebody must not be written to, or that an address is not theirs to be used."""

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
_DIED = re.compile(r"\b(deceased|died|passed away)\b", re.I)
_OLD_ADDRESS = re.compile(
    r"\b(previous|former|old|wrong|temporary) address\b|\b(gone away|moved (out|away|to))\b", re.I
)
_READ_IT = "This may say that somebody must not be written to. Read it first."
_SIGNS = re.compile(r"[\W_]+")


def in_words(text: str) -> str:
    """A text with a space for all that is no letter or digit."""
    return _SIGNS.sub(" ", text)


def why_warned(text: str) -> str:
    """Why a remark holds letters; "" where it does not."""
    return _READ_IT if _WARNING.search(in_words(text)) else ""


def is_warned_name(text: str) -> bool:
    """Whether a name says that nobody is to be written to there; that somebody died concerns no other contact."""
    return bool(_WARNING.search(_DIED.sub("", in_words(text))))


def is_warned_address(text: str) -> bool:
    """Whether a line of an address says that nothing is to be sent there."""
    words = in_words(text)
    return bool(_WARNING.search(words) or _OLD_ADDRESS.search(words))
