"""What was found about a condition, in a sentence that can be read aloud to a parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.attendance.record import Event
from service.attendance.words import EVENTS, OUTCOMES, SUMMARY_FIGURES
from service.decisions.conditions import (
    EventIs,
    FactIs,
    FigureIs,
    Finding,
    Improved,
    Limit,
    TimePassed,
    Unexplained,
)
from service.decisions.facts import Facts, Found
from service.decisions.figures import PERCENTAGES, Figure
from service.decisions.terms import Terms
from service.decisions.windows import Span
from service.decisions.wording import (
    COMPARISONS,
    PHRASES,
    SHARES,
    round_percentage,
    say_day,
    say_list,
    say_number,
    say_span,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule held or did not: what was measured, over which days, against which limit, from which paragraph.

    `text` states what was found; `held` says whether that is what the rule asks for, None when it is not known.
    """

    rule: str
    held: bool | None
    text: str
    reference: str
    measure: str = ""
    window: str = ""
    value: int | float | bool | str | None = None
    comparison: str = ""
    limit: int | float | bool | str | None = None

    def as_json(self) -> dict[str, Any]:
        """The reason as the outside sees it."""
        return {word: getattr(self, word) for word in self.__slots__}


class ReasonWriter:
    """Puts findings into words, with the letters' names of the policy."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def reason(self, rule: str, reference: str, finding: Finding) -> Reason:
        """The reason that a finding gives."""
        leaf = finding.condition
        if isinstance(leaf, FigureIs | Unexplained):
            return self._figure(rule, reference, finding, leaf)
        if isinstance(leaf, EventIs):
            return self._event(rule, reference, finding, leaf)
        if isinstance(leaf, FactIs):
            return self._fact(rule, reference, finding, leaf)
        if isinstance(leaf, TimePassed):
            return self._passed(rule, reference, finding, leaf)
        if isinstance(leaf, Improved):
            return self._improved(rule, reference, finding)
        there = "There has been a" if finding.truth else "There has been no"
        text = f"{there} letter or contact this school year."
        return Reason(rule, finding.held, text, reference, "open_case", "", finding.truth, "is", True)

    def _fact(self, rule: str, reference: str, finding: Finding, leaf: FactIs) -> Reason:
        known = None if finding.note else finding.truth is leaf.answer
        text = leaf.sentences[2] if known is None else leaf.sentences[0 if known else 1]
        return Reason(rule, finding.held, text + ".", reference, leaf.word, "", known, "is", leaf.answer)

    def _figure(self, rule: str, reference: str, finding: Finding, leaf: FigureIs | Unexplained) -> Reason:
        found = finding.found or Found(None, None)
        word = leaf.word if isinstance(leaf, FigureIs) else "sessions_unexplained_outstanding"
        codes = leaf.codes if isinstance(leaf, FigureIs) else ()
        window = self.say_window(found.span)
        value = None if found.figure is None else say_value(word, found.figure, leaf.limits)
        text = _capital(self._figure_text(word, codes, found, leaf.limits, window))
        if isinstance(leaf, Unexplained) and found.figure is not None:
            text += self._followed(leaf)
        text += f" ({say_limits(word, leaf.limits)})" + (f"; {finding.note}" if finding.note else "")
        comparison = " and ".join(COMPARISONS[limit.comparison] for limit in leaf.limits)
        number = _plain(float(leaf.limits[0].number)) if len(leaf.limits) == 1 else say_limits(word, leaf.limits)
        return Reason(rule, finding.held, text + ".", reference, word, window, value, comparison, number)

    def _figure_text(
        self, word: str, codes: tuple[str, ...], found: Found, limits: tuple[Limit, ...], window: str
    ) -> str:
        when = f", {window}" if window else ""
        if found.figure is None:
            return f"{_say_unknown(word)}{when}"
        if word in SHARES:
            opening, things = SHARES[word]
            percentage = say_value(word, found.figure, limits)
            shown = f"{opening} {percentage} %"
            of = "" if found.figure.whole is None else f" ({found.figure.part} of {found.figure.whole} {things})"
            return f"{shown}{of}{when}"
        number = int(found.figure.part)
        suffix = f" {say_list(codes, 'or')}" if codes else ""
        return f"{_count(word, number)}{suffix}{when}"

    def _followed(self, leaf: Unexplained) -> str:
        test = leaf.test
        if test.not_followed_by:
            return f", with no {self._names(test.not_followed_by)} on or after their day"
        aged = f", at least {test.aged} old" if str(test.aged) else ""
        since = f" at least {test.followed_for} ago" if str(test.followed_for) else ""
        return f"{aged}, with {self._names(test.followed_by)} sent{since}" if test.followed_by else aged

    def _names(self, names: tuple[str, ...]) -> str:
        return say_list([self.name(name) for name in names], "or")

    def name(self, name: str) -> str:
        """How a sentence names an event or a milestone."""
        if milestone := self.terms.milestones.get(name):
            return milestone.title
        return self.terms.labels.get(name) or EVENTS.get(name, name)

    def _event(self, rule: str, reference: str, finding: Finding, leaf: EventIs) -> Reason:
        event, span = finding.event, finding.found.span if finding.found else None
        window = self.say_window(span)
        if event is None:
            text = self._absent_event(leaf.test.names, span, window)
        else:
            ended = f" ({OUTCOMES[event.outcome]})" if event.outcome else ""
            verb = "was sent" if event.event in self.terms.labels else "is recorded"
            text = f"{_capital(self.name(event.event))} {verb} on {say_day(event.on)}{ended}"
        value = event.on.isoformat() if event else None
        wanted = say_list(leaf.test.outcomes, "or") if leaf.test.outcomes else "happened"
        return Reason(
            rule, finding.held, text + ".", reference, ", ".join(leaf.test.names), window, value, "is", wanted
        )

    def _absent_event(self, names: tuple[str, ...], span: Span | None, window: str) -> str:
        verb = "has not been sent" if all(name in self.terms.labels for name in names) else "is not recorded"
        year = " this school year" if span and span.window.kind == "school year" else ""
        return f"{_capital(self._names(names))} {verb}{year}" + (f", {window}" if window else "")

    def _passed(self, rule: str, reference: str, finding: Finding, leaf: TimePassed) -> Reason:
        duration, event = leaf.duration, finding.event
        if event is None or finding.day is None:
            text = f"{_capital(self._names(leaf.since))}: not done or sent, so no time counts"
            return Reason(rule, finding.held, text + ".", reference, "passed", "", None, "at least", str(duration))
        verb = "had passed" if finding.truth else "have not passed yet; they will have"
        text = f"{_capital(str(duration))} after {self.say_event(event)} {verb} on {say_day(finding.day)}"
        day = finding.day.isoformat()
        return Reason(rule, finding.held, text + ".", reference, "passed", "", day, "at least", str(duration))

    def _improved(self, rule: str, reference: str, finding: Finding) -> Reason:
        found = finding.found or Found(None, None)
        window = self.say_window(found.span)
        expected = self.terms.expected_level
        attendance = f"attendance {say_value('attendance_percentage', found.figure, (Limit('at_least', expected),))} %"
        if found.figure is None:
            attendance = "attendance not known"
        says = {True: "Improved", False: "Not improved", None: "Whether it improved is not known"}[finding.truth]
        missed = finding.unauthorised
        count = "" if missed is None else f", {_count('sessions_unauthorised', int(missed.part))}"
        asked = f"improved means none unauthorised and at least {say_number(expected)} %"
        text = f"{says}: {attendance}{count}, {window} ({asked})" if window else f"{says}: no letter to count from"
        return Reason(rule, finding.held, text + ".", reference, "improved", window, finding.truth, "is", True)

    def say_event(self, event: Event) -> str:
        """Letter 1 of 5 October 2026."""
        return f"{self.name(event.event)} of {say_day(event.on)}"

    def say_window(self, span: Span | None) -> str:
        """A window with its name and dates: "since Letter 1 of 5 October 2026: 6 October to 20 November 2026"."""
        if span is None:
            return ""
        days, window = say_span(span.first, span.last), span.window
        if window.kind == "since" and span.anchor:
            return f"since {self.say_event(span.anchor)}: {days}"
        if window.kind == "first" and span.anchor:
            return f"in the first {window.number} {window.unit} after {self.say_event(span.anchor)}: {days}"
        after = f" after {self.say_event(span.anchor)}" if span.anchor else ""
        if window.kind == "last":
            return f"in the last {window.number} {window.unit}{after}: {days}"
        if window.kind == "run":
            return f"from day {window.number} of the run of unauthorised days: {days}"
        return f"{days}{after}" if window.kind in ("school year", "register") else f"this {window.kind}: {days}"


def _say_unknown(word: str) -> str:
    if word not in SHARES:
        return f"It is not known how many {PHRASES[word][1]} there were"
    return SHARES[word][0].replace(" were", " are").replace(" was", " is") + " not known"


def say_value(word: str, figure: Figure | None, limits: tuple[Limit, ...] = ()) -> int | float | None:
    """A figure as it is shown: a count, or a percentage that never stands on the other side of the limit crossed."""
    if figure is None:
        return None
    if word not in PERCENTAGES:
        return int(figure.part)
    texts = [round_percentage(figure.value, limit.number) for limit in limits] or [round_percentage(figure.value)]
    return _plain(float(max(texts, key=len)))


def say_limits(word: str, limits: tuple[Limit, ...]) -> str:
    """The limits as they stand in brackets: "limit: below 95 %", "limit: 95 % or more and below 97 %"."""
    return "limit: " + " and ".join(_say_limit(word, limit) for limit in limits)


def _say_limit(word: str, limit: Limit) -> str:
    if word in PERCENTAGES:
        return _LIMITS[limit.comparison].format(f"{say_number(limit.number)} %").replace("fewer", "less")
    none = limit.comparison == "at_most" and limit.number == 0
    return "none" if none else _LIMITS[limit.comparison].format(say_number(limit.number))


_LIMITS: Mapping[str, str] = {
    "below": "below {}",
    "at_most": "{} or fewer",
    "at_least": "{} or more",
    "above": "more than {}",
}


def _count(word: str, number: int) -> str:
    return f"{number or 'no'} {PHRASES[word][number != 1]}"


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def say_review(last: Event, name: str, day: date) -> str:
    """What stands in the way of another letter before its review day."""
    return f"{_capital(name)} of {say_day(last.on)} is to be reviewed on {say_day(day)}."


Told = tuple[str, str, Finding]
"""What a rule found about one of its conditions: the rule, its paragraph, the finding."""


@dataclass(frozen=True, eq=False)
class Findings:
    """The reasons of a decision, put into words when they are first read; stored and compared as those words."""

    told: tuple[Reason | Told, ...] = ()
    terms: Terms | None = None

    def reasons(self, rule: str = "") -> Iterator[Reason]:
        """The reasons in order; of one rule alone when it is named."""
        writer = ReasonWriter(self.terms) if self.terms else None
        for item in self.told:
            if isinstance(item, Reason):
                if not rule or item.rule == rule:
                    yield item
            elif writer and (not rule or item[0] == rule):
                yield writer.reason(*item)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Findings) and tuple(self.reasons()) == tuple(other.reasons())

    def __hash__(self) -> int:
        return hash(tuple(self.reasons()))

    def __reduce__(self) -> tuple[type[Findings], tuple[tuple[Reason, ...]]]:
        return Findings, (tuple(self.reasons()),)


def say_figures(facts: Facts) -> tuple[tuple[str, int | float], ...]:
    """Every figure that was looked at or given, with its flat word; percentages last."""
    for word in ALWAYS_SHOWN:
        facts.figure(word)
    shown = {
        word + suffix: value
        for (word, window), found in facts.figures.items()
        if (suffix := facts.spans.suffix_of(window)) is not None
        and (value := say_value(word, found.figure)) is not None
    }
    return tuple(sorted(shown.items(), key=lambda item: ("percentage" in item[0] or "share" in item[0], item[0])))


ALWAYS_SHOWN = tuple(word for word in SUMMARY_FIGURES if "weeks" not in word)
"""Figures of the school year that every decision shows."""
