"""What was found about a condition, in a sentence that can be read aloud to a parent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from service.decisions.figure_words import (
    capital,
    count_words,
    is_bounded,
    plain_number,
    say_bounds,
    say_limits,
    say_value,
)
from service.decisions.terms import Terms
from service.decisions.windows.window import Span
from service.decisions.wording import (
    COMPARISONS,
    SHARES,
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
    """Puts findings into words, with the letters' names of the policy.

    Where no history was given, nothing is said to have not been sent.
    """

    def __init__(self, terms: Terms, history_known: bool = True) -> None:
        self.terms = terms
        self.history_known = history_known

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
        if not (finding.truth or self.history_known):
            text = "No letter or contact this school year is known of; no history was given."
        return Reason(rule, finding.shown, text, reference, "open_case", "", finding.truth, "is", True)

    def _fact(self, rule: str, reference: str, finding: Finding, leaf: FactIs) -> Reason:
        known = None if finding.note else finding.truth is leaf.answer
        text = leaf.sentences[2] if known is None else leaf.sentences[0 if known else 1]
        return Reason(rule, finding.shown, text + ".", reference, leaf.word, "", known, "is", leaf.answer)

    def _figure(self, rule: str, reference: str, finding: Finding, leaf: FigureIs | Unexplained) -> Reason:
        found = finding.found or Found(None, None)
        word = leaf.word if isinstance(leaf, FigureIs) else "sessions_unexplained_outstanding"
        codes = leaf.codes if isinstance(leaf, FigureIs) else ()
        window = self.say_window(found.span)
        value = None if found.shown is None else say_value(word, found.shown, leaf.limits)
        text = capital(self._figure_text(word, codes, found, leaf.limits, window))
        if isinstance(leaf, Unexplained) and found.figure is not None:
            text += self._followed(leaf)
        text += f" ({say_limits(word, leaf.limits)})" + (f"; {finding.note}" if finding.note else "")
        comparison = " and ".join(COMPARISONS[limit.comparison] for limit in leaf.limits)
        number = plain_number(float(leaf.limits[0].number)) if len(leaf.limits) == 1 else say_limits(word, leaf.limits)
        return Reason(rule, finding.shown, text + ".", reference, word, window, value, comparison, number)

    def _figure_text(
        self, word: str, codes: tuple[str, ...], found: Found, limits: tuple[Limit, ...], window: str
    ) -> str:
        when = f", {window}" if window else ""
        if found.figure is None:
            return say_bounds(word, found, limits) + when + self._say_grounds(found)
        if word in SHARES:
            opening, things = SHARES[word]
            percentage = say_value(word, found.figure, limits)
            shown = f"{opening} {percentage} %"
            of = "" if found.figure.whole is None else f" ({found.figure.part} of {found.figure.whole} {things})"
            return f"{shown}{of}{when}"
        number = int(found.figure.part)
        suffix = f" {say_list(codes, 'or')}" if codes else ""
        return f"{count_words(word, number)}{suffix}{when}"

    def _say_grounds(self, found: Found) -> str:
        """What bounds were concluded from: ", as the report has 2 sessions absent"."""
        grounds = found.bounds.grounds if found.bounds else ()
        told = say_list([count_words(ground.word, int(ground.value)) for ground in grounds])
        return f", as the report of {say_span(*grounds[0].span[:2])} has {told}" if told else ""

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
            text = f"{capital(self.name(event.event))} {verb} on {say_day(event.on)}{ended}"
        value = event.on.isoformat() if event else None
        wanted = say_list(leaf.test.outcomes, "or") if leaf.test.outcomes else "happened"
        return Reason(
            rule, finding.shown, text + ".", reference, ", ".join(leaf.test.names), window, value, "is", wanted
        )

    def _absent_event(self, names: tuple[str, ...], span: Span | None, window: str) -> str:
        is_sent = all(name in self.terms.labels for name in names)
        year = " this school year" if span and span.window.kind == "school year" else ""
        when = year + (f", {window}" if window else "")
        if not self.history_known:
            verb = "was sent" if is_sent else "was done"
            return f"No history was given that says whether {self._names(names)} {verb}{when}"
        verb = "has not been sent" if is_sent else "is not recorded"
        return f"{capital(self._names(names))} {verb}{when}"

    def _passed(self, rule: str, reference: str, finding: Finding, leaf: TimePassed) -> Reason:
        duration, event = leaf.duration, finding.event
        if event is None or finding.day is None:
            known = "not done or sent" if self.history_known else "not known to be done or sent"
            text = f"{capital(self._names(leaf.since))}: {known}, so no time counts"
            return Reason(rule, finding.shown, text + ".", reference, "passed", "", None, "at least", str(duration))
        verb = "had passed" if finding.truth else "have not passed yet; they will have"
        since = self.say_event(event, duration.in_post)
        text = f"{capital(str(duration))} after {since} {verb} on {say_day(finding.day)}"
        day = finding.day.isoformat()
        return Reason(rule, finding.shown, text + ".", reference, "passed", "", day, "at least", str(duration))

    def _improved(self, rule: str, reference: str, finding: Finding) -> Reason:
        window = self.say_window(finding.found.span if finding.found else None)
        truth = None if finding.is_supposed else finding.truth
        says = {True: "Improved", False: "Not improved", None: "Whether it improved is not known"}[truth]
        asked = f"improved means none unauthorised and at least {say_number(self.terms.expected_level)} %"
        told = ", ".join(self._say_improvement(finding))
        text = f"{says}: {told}, {window} ({asked})" if window else f"{says}: no letter to count from"
        return Reason(rule, finding.shown, text + ".", reference, "improved", window, truth, "is", True)

    def _say_improvement(self, finding: Finding) -> Iterator[str]:
        """The attendance and the unauthorised sessions, as far as they are known."""
        attendance, missed = finding.found or Found(None, None), finding.unauthorised or Found(None, None)
        limits = (Limit("at_least", self.terms.expected_level),)
        if attendance.figure is not None:
            yield f"attendance {say_value('attendance_percentage', attendance.figure, limits)} %"
        elif is_bounded(attendance):
            yield say_bounds("attendance_percentage", attendance, limits).replace("Attendance was", "attendance")
        else:
            yield "attendance not known"
        if missed.figure is not None:
            yield count_words("sessions_unauthorised", int(missed.figure.part))
        elif is_bounded(missed):
            said = say_bounds("sessions_unauthorised", missed, ())
            yield said[:1].lower() + said[1:]

    def say_event(self, event: Event, is_arrival: bool = False) -> str:
        """Letter 1 of 5 October 2026, or its arrival."""
        return f"{'the arrival of ' if is_arrival else ''}{self.name(event.event)} of {say_day(event.on)}"

    def say_window(self, span: Span | None) -> str:
        """A window with its name and dates: "since Letter 1 of 5 October 2026: 6 October to 20 November 2026"."""
        if span is None:
            return ""
        days, window = say_span(span.first, span.last), span.window
        if window.kind == "since" and span.anchor:
            return f"since {self.say_event(span.anchor)}: {days}"
        if window.kind == "first" and span.anchor:
            event = self.say_event(span.anchor, window.from_arrival)
            return f"in the first {window.number} {window.unit} after {event}: {days}"
        after = f" after {self.say_event(span.anchor)}" if span.anchor else ""
        if window.kind == "last":
            return f"in the last {window.number} {window.unit}{after}: {days}"
        if window.kind == "run":
            return f"from day {window.number} of the run of unauthorised days: {days}"
        return f"{days}{after}" if window.kind in ("school year", "register") else f"this {window.kind}: {days}"


Told = tuple[str, str, Finding]
"""What a rule found about one of its conditions: the rule, its paragraph, the finding."""


@dataclass(frozen=True, eq=False)
class Findings:
    """The reasons of a decision, put into words when they are first read; stored and compared as those words."""

    told: tuple[Reason | Told, ...] = ()
    terms: Terms | None = None
    history_known: bool = True

    def reasons(self, rule: str = "") -> Iterator[Reason]:
        """The reasons in order; of one rule alone when it is named."""
        writer = ReasonWriter(self.terms, self.history_known) if self.terms else None
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
    suffixes = {window: facts.spans.suffix_of(window) for window in {window for _, window in facts.figures}}
    shown = {
        word + suffix: value
        for (word, window), found in facts.figures.items()
        if (suffix := suffixes[window]) is not None and (value := say_value(word, found.shown)) is not None
    }
    return tuple(sorted(shown.items(), key=lambda item: ("percentage" in item[0] or "share" in item[0], item[0])))


ALWAYS_SHOWN = tuple(word for word in SUMMARY_FIGURES if "weeks" not in word)
"""Figures of the school year that every decision shows."""
