"""Whether the figures of a summary can all be true together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from service.attendance.reading.value_kinds import Fault

_PARTS = {
    "sessions_late": "sessions_attended",
    "sessions_late_after_close": "sessions_unauthorised",
    "sessions_unexplained": "sessions_unauthorised",
    "sessions_holiday": "sessions_unauthorised",
    "sessions_illness": "sessions_authorised",
    "sessions_medical": "sessions_authorised",
    "sessions_attended": "sessions_possible",
    "sessions_authorised": "sessions_possible",
    "sessions_unauthorised": "sessions_possible",
    "broken_weeks": "weeks_in_session",
}
_NEAR = Fraction(6, 10)
"""How far a percentage may lie from the counts beside it: exports round to a whole per cent."""


def find_summary_faults(figures: Mapping[str, Any]) -> dict[str, list[Fault]]:
    """Every figure that contradicts another one, under its word."""
    return {word: [fault] for word, fault in _find_faults(figures)}


def _find_faults(figures: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    for part, whole in _PARTS.items():
        if part in figures and whole in figures and figures[part] > figures[whole]:
            sentence = f"{part} ({figures[part]}) cannot be more than {whole} ({figures[whole]})."
            yield part, Fault("more-than-possible", sentence)
    sessions = [figures.get(f"sessions_{word}") for word in ("attended", "authorised", "unauthorised")]
    possible = figures.get("sessions_possible")
    known = [number for number in sessions if number is not None]
    if possible is not None and len(known) == len(sessions) and sum(known) != possible:
        sentence = (
            f"Attended, authorised and unauthorised add up to {sum(known)}, "
            f"but there were {possible} possible sessions."
        )
        yield "sessions_possible", Fault("counts-disagree", sentence)
    share = figures.get("attendance_percentage")
    if share is not None and 0 < share <= 1 and possible is None:
        sentence = f"{float(share):g} looks like a share from 0 to 1. Give a percentage, for example 92.3."
        yield "attendance_percentage", Fault("share", sentence)
    if possible and sessions[0] is not None and "attendance_percentage" in figures:
        counted = Fraction(100 * sessions[0], possible)
        if abs(counted - figures["attendance_percentage"]) > _NEAR:
            given = float(figures["attendance_percentage"])
            sentence = (
                f"{sessions[0]} of {possible} sessions is {float(counted):.1f} %, "
                f"but the percentage given is {given:.1f} %."
            )
            yield "attendance_percentage", Fault("percentage-disagrees", sentence)
