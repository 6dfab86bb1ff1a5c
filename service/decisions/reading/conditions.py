"""Conditions as a rules file writes them -> conditions that can be read against a pupil."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from service.attendance.codes import CODES
from service.attendance.words import FACTS, OUTCOMES
from service.decisions.conditions import (
    AllOf,
    AnyOf,
    CaseOpen,
    Condition,
    EventIs,
    FactIs,
    FigureIs,
    Improved,
    Limit,
    Not,
    TimePassed,
    Unexplained,
)
from service.decisions.figures import FIGURES
from service.decisions.reading.tables import Table
from service.decisions.terms import EventTest
from service.decisions.unexplained import UnexplainedTest
from service.decisions.windows.durations import Duration
from service.decisions.windows.window import LAST_LETTER, SCHOOL_YEAR, Window, read_anchors, read_window
from service.did_you_mean import did_you_mean
from service.errors import Problem

OUTSTANDING = "sessions_unexplained_outstanding"
MEASURES = FIGURES | {OUTSTANDING, "penalty_notices_to_one_parent", "sessions_with_codes"}
_LIMITS = ("at_least", "above", "below", "at_most")
_ENDLESS, _DEEPEST = "endless-condition", 8
_WAITING = frozenset(("attendance_percentage", "broken_weeks_share"))
_KINDS = ("measure", "event", "fact", "passed", "improved", "open_case", "holds", "all", "any", "none")


@dataclass(frozen=True, slots=True)
class Scope:
    """What conditions of a file may name: events and milestones, and the file's own named conditions."""

    anchors: Collection[str]
    named: Mapping[str, Any]


def read_when(table: Table, scope: Scope, depth: int = 0) -> Condition | None:
    """The condition of a table with all, any and none; all three together must hold."""
    parts: list[Condition] = []
    parts += [part for item in table.tables("all") if (part := read_condition(item, scope, depth))]
    alternatives = [part for item in table.tables("any") if (part := read_condition(item, scope, depth))]
    if alternatives:
        parts.append(AnyOf(tuple(alternatives)))
    parts += [Not(part) for item in table.tables("none") if (part := read_condition(item, scope, depth))]
    table.close()
    if not parts:
        if not table.problems:
            table.refuse("missing-key", "all", "Say when: add all, any or none with at least one condition.")
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def read_condition(table: Table, scope: Scope, depth: int = 0) -> Condition | None:
    """One condition; None when it cannot be understood, which is then among the problems."""
    kinds = [kind for kind in _KINDS if kind in table.values]
    if not kinds or (len(kinds) > 1 and not set(kinds) <= {"all", "any", "none"}):
        key = next(iter(table.values), "measure")
        sentence = f"A condition needs exactly one of {', '.join(_KINDS)}.{did_you_mean(key, _KINDS)}"
        table.refuse("unknown-condition", key, sentence)
        return None
    if kinds[0] in ("all", "any", "none"):
        return read_when(table, scope, depth)
    condition = _READERS[kinds[0]](table, scope) if kinds[0] != "holds" else _read_named(table, scope, depth)
    table.close()
    return condition


def _read_named(table: Table, scope: Scope, depth: int) -> Condition | None:
    """A named condition of the file; its own problems are told once, where it stands, and not wherever it is used."""
    name = table.word("holds", scope.named, "condition")
    if not name or not isinstance(scope.named[name], dict):
        return None
    if depth > _DEEPEST:
        table.refuse(_ENDLESS, "holds", f'The condition "{name}" leads back to itself, or lies too deep.')
        return None
    problems: list[Problem] = []
    condition = read_when(Table(scope.named[name], table.file, f'condition "{name}"', problems), scope, depth + 1)
    table.problems += [problem for problem in problems if problem.code == _ENDLESS and problem not in table.problems]
    return condition


def _read_figure(table: Table, scope: Scope) -> Condition | None:
    word = table.word("measure", MEASURES, "measure")
    limits = tuple(Limit(key, number) for key in _LIMITS if (number := table.number(key)) is not None)
    if not limits and not any(key in table.values for key in _LIMITS):
        table.refuse("missing-key", "at_least", f"Add a limit: {', '.join(_LIMITS)}.")
    if word == OUTSTANDING:
        return _read_unexplained(table, scope, limits)
    window = read_window_key(table, scope)
    codes = table.words("codes", CODES, "code") if word == "sessions_with_codes" else ()
    if word == "sessions_with_codes" and not codes:
        table.refuse("missing-key", "codes", 'Add the codes to count, for example codes = ["T"].')
    waits = word in _WAITING and window.kind in ("school year", "last")
    return FigureIs(word, window, limits, codes, bytes(CODES[code].byte for code in codes), waits)


def _read_unexplained(table: Table, scope: Scope, limits: tuple[Limit, ...]) -> Condition:
    zero = Duration()
    test = UnexplainedTest(
        aged=table.duration("aged") or zero,
        followed_by=table.words("followed_by", scope.anchors, "event"),
        followed_for=table.duration("followed_for") or zero,
        not_followed_by=table.words("not_followed_by", scope.anchors, "event"),
    )
    return Unexplained(test, limits)


def _read_event(table: Table, scope: Scope) -> Condition:
    names = table.words("event", scope.anchors, "event")
    outcomes = table.words("outcome", OUTCOMES, "outcome")
    return EventIs(EventTest(names, outcomes), read_window_key(table, scope), " or ".join(names))


def _read_fact(table: Table, scope: Scope) -> Condition:
    word = table.word("fact", FACTS, "fact")
    answer = table.take("is", bool, "true or false", required=True)
    if_unknown = table.take("if_unknown", bool, "true or false: what counts when nobody said")
    return FactIs(word, bool(answer), if_unknown)


def _read_passed(table: Table, scope: Scope) -> Condition:
    duration = table.duration("passed") or Duration()
    return TimePassed(duration, read_anchors_key(table, "since", scope))


def _read_improved(table: Table, scope: Scope) -> Condition:
    wanted = table.take("improved", bool, "true or false", required=True)
    anchors = read_anchors_key(table, "since", scope) if "since" in table.values else (LAST_LETTER,)
    improved = Improved(Window("since", after=anchors))
    return improved if wanted else Not(improved)


def _read_case(table: Table, scope: Scope) -> Condition:
    wanted = table.take("open_case", bool, "true or false", required=True)
    return CaseOpen() if wanted else Not(CaseOpen())


_READERS: Mapping[str, Callable[[Table, Scope], Condition | None]] = {
    "measure": _read_figure,
    "event": _read_event,
    "fact": _read_fact,
    "passed": _read_passed,
    "improved": _read_improved,
    "open_case": _read_case,
}


def read_window_key(table: Table, scope: Scope) -> Window:
    """The window under "within", cut off by the events under "after"; the school year when absent."""
    text = table.text("within") or "school year"
    window = read_window(text, scope.anchors)
    if isinstance(window, str):
        table.refuse("unknown-window", "within", window)
        return SCHOOL_YEAR
    after = table.words("after", scope.anchors, "event")
    return window._replace(after=(*window.after, *after))


def read_anchors_key(table: Table, key: str, scope: Scope) -> tuple[str, ...]:
    """The events that a time is counted from."""
    texts = table.texts(key)
    if not texts:
        table.refuse("missing-key", key, f"Add {key}: the event that the time is counted from.")
    anchors = read_anchors(", ".join(texts), scope.anchors) if texts else ()
    if isinstance(anchors, str):
        table.refuse("unknown-event", key, anchors)
        return ()
    return anchors
