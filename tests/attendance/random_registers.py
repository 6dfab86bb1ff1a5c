"""Random registers for property tests: all codes, runs of them, closures and gaps."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from service.attendance.codes import CODES
from service.attendance.register import Register, build_register
from tests.attendance.slow_figures import ALL_CODES, Mark

START = date(2026, 9, 1)
_GAP = ""
_PIECE = st.tuples(st.sampled_from(["/", "/", "O", "I", "N", "G", "#", _GAP, *ALL_CODES]), st.integers(1, 24))


@st.composite
def marks_lists(draw: st.DrawFn, start: date = START, longest: int = 30) -> list[Mark]:
    """Marks session by session from a day near `start`, weekends now and then included; at least one."""
    day = start + timedelta(days=draw(st.integers(0, 20)))
    weekends = draw(st.booleans())
    codes = [code for code, times in draw(st.lists(_PIECE, min_size=1, max_size=longest)) for _ in range(times)]
    found: list[Mark] = []
    session = "AM"
    for code in codes:
        while day.weekday() > 4 and not weekends:
            day += timedelta(days=1)
        if code != _GAP:
            found.append((day, session, code))
        if session == "PM":
            day += timedelta(days=1)
        session = "PM" if session == "AM" else "AM"
    return found or [(day, "AM", "/")]


def register_of(marks: list[Mark]) -> Register:
    """The register that holds these marks."""
    register = build_register((day, int(session == "PM"), CODES[code].byte) for day, session, code in marks)
    assert register is not None
    return register
