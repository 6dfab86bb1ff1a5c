"""The register codes in force on a day, with what each counts as.

Source: the School Attendance (Pupil Registration) (England) Regulations 2024, regulation 10, and the statistical
classes of "Working together to improve school attendance" (August 2024). Codes that were withdrawn still turn up in
exports: they are read with a warning.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Kind(StrEnum):
    """What a mark counts as."""

    PRESENT = "present"
    APPROVED_ACTIVITY = "approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible attendance"
    ADMINISTRATIVE = "administrative"
    MISSING = "no mark recorded"


class Code(NamedTuple):
    """A register code: as written, its meaning, its kind, and the byte that stands for it in a register."""

    code: str
    meaning: str
    kind: Kind
    byte: int


REFORM = date(2024, 8, 19)
"""The day the 2024 Regulations came into force."""

_P, _E, _A, _U, _X = Kind.PRESENT, Kind.APPROVED_ACTIVITY, Kind.AUTHORISED, Kind.UNAUTHORISED, Kind.NOT_POSSIBLE

_CURRENT = (
    ("/", "present in the morning", _P, "/"),
    ("\\", "present in the afternoon", _P, "\\"),
    ("L", "late, before the register closed", _P, "L"),
    ("K", "education arranged by the local authority", _E, "K"),
    ("V", "educational visit or trip", _E, "V"),
    ("P", "approved sporting activity", _E, "P"),
    ("W", "work experience", _E, "W"),
    ("B", "other approved activity off site", _E, "B"),
    ("C", "leave in exceptional circumstances", _A, "C"),
    ("C1", "leave for a regulated performance or employment abroad", _A, "1"),
    ("C2", "leave for a part-time timetable", _A, "2"),
    ("E", "suspended or excluded without other provision", _A, "E"),
    ("I", "illness", _A, "I"),
    ("J1", "interview for work or for another school or college", _A, "3"),
    ("M", "medical or dental appointment", _A, "M"),
    ("R", "religious observance", _A, "R"),
    ("S", "study leave", _A, "S"),
    ("T", "parent travelling for work", _A, "T"),
    ("G", "holiday without leave", _U, "G"),
    ("N", "reason not yet established", _U, "N"),
    ("O", "absent in other or unknown circumstances", _U, "O"),
    ("U", "arrived after the register closed", _U, "U"),
    ("D", "registered at another school as well", _X, "D"),
    ("Q", "no travel arranged by the local authority", _X, "Q"),
    ("X", "not required to attend", _X, "X"),
    ("Y1", "school transport not available", _X, "a"),
    ("Y2", "widespread disruption to travel", _X, "b"),
    ("Y3", "part of the school closed", _X, "c"),
    ("Y4", "school closed unexpectedly", _X, "d"),
    ("Y5", "in criminal justice detention", _X, "e"),
    ("Y6", "public health guidance or law", _X, "f"),
    ("Y7", "another unavoidable cause", _X, "g"),
    ("Z", "not on roll yet", Kind.ADMINISTRATIVE, "Z"),
    ("#", "planned closure", Kind.ADMINISTRATIVE, "#"),
)
_WITHDRAWN = (
    ("H", "agreed family holiday (withdrawn in 2024)", _A, "H"),
    ("F", "agreed extended family holiday (withdrawn)", _A, "F"),
    ("J", "interview (an approved activity until 2024)", _E, "J"),
    ("Y", "unable to attend (replaced by Y1 to Y7 in 2024)", _X, "Y"),
    ("-", "no mark recorded", Kind.MISSING, "-"),
    ("!", "no attendance required (an old mark)", _X, "!"),
    ("@", "an old mark without a known meaning", Kind.MISSING, "@"),
)

CODES = MappingProxyType(
    {code: Code(code, meaning, kind, ord(byte)) for code, meaning, kind, byte in (*_CURRENT, *_WITHDRAWN)}
)
BY_BYTE = MappingProxyType({code.byte: code for code in CODES.values()})

CURRENT_BYTES = MappingProxyType({code: CODES[code].byte for code, *_ in _CURRENT})
"""Every current code as written, and its byte: what a reader of many marks needs, without a question."""

_NEW_IN_2024 = frozenset(("C1", "C2", "J1", "K", "Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"))
_COVID = re.compile(r"([IX])0[0-9]")

_WARNINGS = MappingProxyType(
    {
        "H": "Code H was withdrawn on 19 August 2024; it was counted as authorised absence.",
        "F": "Code F was withdrawn; it was counted as authorised absence.",
        "Y": "Code Y was replaced by Y1 to Y7 on 19 August 2024; it was not counted as a possible session.",
        "-": "A session has no mark (-); it was not counted as a possible session.",
        "!": "The old mark ! was not counted as a possible session. Please ask what it stood for.",
        "@": "The old mark @ has no known meaning and was not counted. Please ask what it stood for.",
    }
)


class ReadCode(NamedTuple):
    """A code as it counts on its day, and what a person should be told about it ("" when nothing)."""

    byte: int
    warning: str


def read_code(text: str, day: date) -> ReadCode | None:
    """The code that a mark's text means on that day, or None when it is no register code."""
    code = text.strip().upper()
    if covid := _COVID.fullmatch(code):
        code = covid[1]
        return ReadCode(CODES[code].byte, f"Code {text.strip()} was read as {code}.")
    if code == "J":
        return _read_interview(day)
    if code not in CODES:
        return None
    if code in _NEW_IN_2024 and day < REFORM:
        return ReadCode(
            CODES[code].byte, f"Check code {code}: the mark is from before 19 August 2024, when that code began."
        )
    return ReadCode(CODES[code].byte, _WARNINGS.get(code, ""))


def _read_interview(day: date) -> ReadCode:
    """J was an approved activity; its successor J1 is authorised absence."""
    if day < REFORM:
        return ReadCode(CODES["J"].byte, "")
    return ReadCode(CODES["J1"].byte, "Code J ended on 19 August 2024; it was read as J1, authorised absence.")


def bytes_of(*kinds: Kind) -> bytes:
    """The bytes of every code that counts as one of these kinds."""
    return bytes(code.byte for code in CODES.values() if code.kind in kinds)


ATTENDED = bytes_of(Kind.PRESENT, Kind.APPROVED_ACTIVITY)
AUTHORISED = bytes_of(Kind.AUTHORISED)
UNAUTHORISED = bytes_of(Kind.UNAUTHORISED)
ABSENT = AUTHORISED + UNAUTHORISED
NOT_COUNTED = bytes((0,)) + bytes_of(Kind.NOT_POSSIBLE, Kind.ADMINISTRATIVE, Kind.MISSING)
"""What "possible" leaves out, an empty place (0) included."""
