"""Lessons beside sessions: only the morning's and the afternoon's mark are attendance."""

from __future__ import annotations

import re

_LESSON = re.compile(r"(p|per|period|lesson|les|l)[\s.:_-]*\d{1,2}[a-z]?|tutor(ial)?|form time|\d{1,2}", re.I)
_MORNING = re.compile(r"(.*\b)?(am|morning)(\b.*)?", re.I)
_AFTERNOON = re.compile(r"(.*\b)?(pm|afternoon)(\b.*)?", re.I)
LESSON = -1
"""What `read_half` finds for a lesson."""


def is_lesson(text: str) -> bool:
    """Whether a heading or a cell names a lesson: P1, Period 3, Lesson 2."""
    return bool(_LESSON.fullmatch(text.strip()))


def read_half(text: str) -> int | None:
    """0 for the morning, 1 for the afternoon, LESSON for a lesson, None for another text."""
    is_morning, is_afternoon = bool(_MORNING.fullmatch(text)), bool(_AFTERNOON.fullmatch(text))
    if is_morning != is_afternoon:
        return int(is_afternoon)
    return LESSON if is_lesson(text) else None
