"""Figures that a record wants, worked out from those that an export has: days, absences, marks without approved
activities."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from service.attendance.reading.value_kinds import read_number, read_percentage
from service.cohort.columns.aliases import FIGURES_BESIDES

_SAME_AS = {
    "sessions_possible": "days_possible",
    "sessions_attended": "days_attended",
    "sessions_absent": "days_absent",
    "sessions_authorised": "days_authorised",
    "sessions_unauthorised": "days_unauthorised",
}
_NOTHING = frozenset(("", "-", "–", "—", "n/a", "#n/a", "#div/0!", "null", "none"))


def is_no_figure(cell: str) -> bool:
    """Whether a cell stands for a figure that nobody knows: empty, a dash, n/a or a spreadsheet's error."""
    return cell.strip().casefold() in _NOTHING


def work_out(figures: Mapping[str, str]) -> dict[str, str]:
    """The figures of a record, as a row's own cells give them or as they follow; what cannot be read stays as it is."""
    found = {word: cell for word, cell in figures.items() if not is_no_figure(cell)}
    for word, days in _SAME_AS.items():
        number = read_number(found.get(days, ""))
        if word not in found and number is not None:
            found[word] = _say(2 * Fraction(number))
    if "sessions_attended" not in found and (attended := _attended(found)):
        found["sessions_attended"] = attended
    if "attendance_percentage" not in found and "absence_percentage" in found:
        absence = read_percentage(found["absence_percentage"])
        if absence is not None:
            found["attendance_percentage"] = _say(100 - Fraction(absence))
    return {word: cell for word, cell in found.items() if word not in FIGURES_BESIDES}


def _attended(found: Mapping[str, str]) -> str:
    """Present and approved activities, or possible less absent."""
    present = read_number(found.get("sessions_present", ""))
    if "sessions_present" in found:
        approved = read_number(found.get("sessions_approved", "0"))
        return "" if present is None or approved is None else _say(Fraction(present) + approved)
    possible, absent = (read_number(found.get(f"sessions_{word}", "")) for word in ("possible", "absent"))
    return "" if possible is None or absent is None or absent > possible else _say(Fraction(possible) - absent)


def _say(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.12g}"
