"""A policy's rules in plain English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.attendance.words import EVENTS, LETTERS, OUTCOMES
from service.decisions.conditions import (
    AllOf,
    AnyOf,
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
from service.decisions.figures import PERCENTAGES
from service.decisions.policy import Policy
from service.decisions.windows.window import Window
from service.decisions.wording import COMPARISONS, PHRASES, SHARES, say_list

_NUMBERED = re.compile(r"\b(\d{3}) \(([^),;]+)")
"""How a policy's source names a document: "000 (stage one tracking form)"."""


Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A condition in words, and the parts that it is made of."""

    text: str
    parts: tuple[Said, ...] = ()


def say_sources(text: str, policies: Iterable[Policy]) -> str:
    """Where a rule comes from, with each document's name in the place of its number: "000, School Letter 1"."""
    names = dict(pair for policy in policies for pair in _NUMBERED.findall(policy.source))
    named = re.sub(r"\b\d{3}\b( \([^)]*\))?", lambda found: names.get(found[0][:3], found[0]), text)
    return named[:1].upper() + named[1:]


def say_condition(condition: Condition, labels: Labels) -> Said:
    """A condition, as somebody would explain it; `labels` are what the policy calls its letters."""
    if isinstance(condition, AllOf | AnyOf):
        parts = tuple(say_condition(part, labels) for part in condition.parts)
        if len(parts) == 1:
            return parts[0]
        return Said("All of these:" if isinstance(condition, AllOf) else "At least one of these:", parts)
    if isinstance(condition, Not):
        return _say_not(condition.part, labels)
    return Said(_say_leaf(condition, labels))


def _say_not(condition: Condition, labels: Labels) -> Said:
    if isinstance(condition, EventIs):
        return Said(_say_event(condition, labels, happened=False))
    said = say_condition(condition, labels)
    if said.parts:
        return Said("Not all of these:" if isinstance(condition, AllOf) else "None of these:", said.parts)
    is_name = said.text.startswith(tuple(labels.values()))
    return Said(f"Not this: {said.text if is_name else said.text[:1].lower() + said.text[1:]}")


def _say_leaf(leaf: Condition, labels: Labels) -> str:
    if isinstance(leaf, FigureIs):
        return _say_figure(leaf, labels)
    if isinstance(leaf, Unexplained):
        return _say_unexplained(leaf, labels)
    if isinstance(leaf, EventIs):
        return _say_event(leaf, labels)
    if isinstance(leaf, FactIs):
        return leaf.sentences[0] if leaf.answer else leaf.sentences[1]
    if isinstance(leaf, TimePassed):
        return f"{leaf.duration} have passed since {_say_names(leaf.since, labels)}"
    if isinstance(leaf, Improved):
        return f"Attendance has improved {_say_window(leaf.window, labels)}"
    return "A case is open: a letter, a conversation or something else of this policy this school year"


def _say_figure(leaf: FigureIs, labels: Labels) -> str:
    when = _say_window(leaf.window, labels)
    if leaf.word in SHARES:
        what = SHARES[leaf.word][0].rsplit(" ", 1)[0]
    else:
        what = PHRASES.get(leaf.word, ("", leaf.word.replace("_", " ")))[1]
    codes = f" {say_list(list(leaf.codes))}" if leaf.codes else ""
    unit = " %" if leaf.word in PERCENTAGES else ""
    return f"{what[:1].upper()}{what[1:]}{codes}{', ' + when if when else ''}: {_say_limits(leaf.limits, unit)}"


def _say_unexplained(leaf: Unexplained, labels: Labels) -> str:
    test, parts = leaf.test, [f"Sessions marked N and still without a reason: {_say_limits(leaf.limits)}"]
    if str(test.aged):
        parts.append(f"marked at least {test.aged} ago")
    if test.followed_by:
        ago = f" at least {test.followed_for} ago" if str(test.followed_for) else ""
        parts.append(f"followed by {_say_names(test.followed_by, labels)}{ago}")
    if test.not_followed_by:
        parts.append(f"not followed by {_say_names(test.not_followed_by, labels)}")
    return ", ".join(parts)


def _say_event(leaf: EventIs, labels: Labels, happened: bool = True) -> str:
    names, window = _say_names(leaf.test.names, labels), _say_window(leaf.window, labels)
    outcome = (
        f" ({say_list([OUTCOMES.get(item, item) for item in leaf.test.outcomes], 'or')})" if leaf.test.outcomes else ""
    )
    when = f" {window}" if window else ""
    if _are_letters(leaf.test.names) and not outcome:
        return f"{names} has {'' if happened else 'not '}been sent{when}"
    if not happened:
        names = "no " + re.sub(r"\b(a|an) ", "", names)
    return f"There has been {names}{outcome}{when}"


def _are_letters(names: Sequence[str]) -> bool:
    """Whether only letters are named."""
    return all(name in LETTERS for name in names)


def _say_names(names: Sequence[str], labels: Labels) -> str:
    named = (labels.get(name) or EVENTS.get(name, name.replace("_", " ")) for name in names)
    return say_list(list(named), "or")


def _say_limits(limits: Sequence[Limit], unit: str = "") -> str:
    return " and ".join(f"{COMPARISONS[limit.comparison]} {float(limit.number):g}{unit}" for limit in limits)


def _say_window(window: Window, labels: Labels) -> str:
    """Over which days something is counted."""
    after = _say_names(window.after, labels)
    if window.kind == "last":
        return f"in the last {window.number} {window.unit}"
    if window.kind == "since":
        return f"since {after or 'the last letter'}"
    if window.kind == "first":
        since = f"the arrival of {after}" if window.from_arrival else after
        return f"in the first {window.number} {window.unit} since {since}"
    if window.kind == "run":
        return f"from day {window.number} of an unbroken run of unauthorised absence"
    return {"school year": "this school year", "register": ""}.get(window.kind, f"this {window.kind}")
