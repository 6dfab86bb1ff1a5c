"""Rules as a rules file writes them -> rules that can be read against a pupil."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from service.attendance.words import FORMS
from service.decisions.conditions import Condition
from service.decisions.policy import ALWAYS, Extra, Review, Rule, Variant, Version
from service.decisions.reading.conditions import Scope, read_anchors_key, read_when
from service.decisions.reading.tables import Table
from service.decisions.terms import Steps

RETURNS = frozenset(("attendance_return", "sickness_return", "consider_penalty_notice"))
_OUTCOMES = frozenset(("monitor",))
_ANY_STAGE = "any"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a policy's rules may use: letters with their names, actions, stages, events and conditions."""

    letters: Mapping[str, str]
    steps: Steps
    stages: tuple[str, ...]
    scope: Scope


def read_rule(table: Table, words: Vocabulary) -> Rule | None:
    """One rule with its versions; None when nothing of it can be used."""
    letter = table.word("letter", words.letters, "letter")
    actions = table.words("action", words.steps.actions, "action")
    outcome = table.word("outcome", _OUTCOMES, "outcome")
    if sum((bool(letter or actions), bool(outcome))) != 1 and not _was_refused(table, "letter", "action", "outcome"):
        table.refuse(
            "missing-key", "letter", 'Say what the rule leads to: a letter, an action, or outcome = "monitor".'
        )
    rule = Rule(
        id=table.text("id", required=True),
        stage=table.word("stage", (*words.stages, _ANY_STAGE), "stage", required=True),
        outcome="letter" if letter else "action" if actions else "monitor",
        letter=letter,
        actions=actions,
        label=table.text("label") or words.letters.get(letter, ""),
        versions=_read_versions(table, words),
        reads_unexplained=table.flag("reads_unexplained"),
        does_not_wait=table.flag("does_not_wait"),
        again=table.flag("again"),
        overrides_improved=table.flag("overrides_improved"),
        offered_when_open=table.flag("offered_when_open"),
        invites=table.flag("invites"),
    )
    table.close()
    return rule if rule.id and rule.versions else None


def read_return(table: Table, words: Vocabulary) -> Rule | None:
    """One statutory return, as a rule that leads to nothing but its name."""
    name = table.word("id", RETURNS, "return", required=True)
    rule = Rule(name, _ANY_STAGE, "return", "", (), table.text("label"), _read_versions(table, words))
    table.close()
    return rule if name and rule.versions else None


def _was_refused(table: Table, *keys: str) -> bool:
    """Whether one of these keys was given, so that its own problem has been said already."""
    return any(key in table.values for key in keys) and not {"letter", "outcome"} <= table.values.keys()


def _read_versions(table: Table, words: Vocabulary) -> tuple[Version, ...]:
    items = table.tables("version", "version")
    if not items:
        table.refuse("missing-key", "version", "Add at least one version, with its first day under from.")
    versions = [version for item in items if (version := _read_version(item, words))]
    check_overlaps(table, [(version.first, version.last) for version in versions])
    return close_gaps(versions)


def _read_version(table: Table, words: Vocabulary) -> Version | None:
    when = table.table("when", table.where)
    condition = read_when(when, words.scope) if when else None
    if when is None:
        table.refuse("missing-key", "when", "Say when the rule holds.")
    table.text("note")
    version = Version(
        first=table.day("from", required=True) or date.min,
        last=table.day("until"),
        reference=table.text("reference", required=True),
        when=condition or ALWAYS,
        review=_read_review(table, words),
        documents=table.words("documents", FORMS, "form"),
        cautions=table.texts("cautions"),
        checklist=table.texts("checklist"),
        extras=tuple(_read_extra(item, words) for item in table.tables("also", "also")),
        variants=tuple(_read_variant(item, words) for item in table.tables("variant", "variant")),
    )
    table.close()
    return version if condition else None


def _read_review(table: Table, words: Vocabulary) -> Review | None:
    inner = table.table("review")
    if inner is None:
        return None
    since = read_anchors_key(inner, "since", words.scope) if "since" in inner.values else ()
    duration = inner.read_duration()
    return Review(duration, since) if duration else None


def _read_extra(table: Table, words: Vocabulary) -> Extra:
    extra = Extra(
        when=_read_inner_when(table, words),
        actions=table.words("action", words.steps.actions, "action"),
        documents=table.words("documents", FORMS, "form"),
        caution=table.text("caution"),
    )
    table.close()
    return extra


def _read_variant(table: Table, words: Vocabulary) -> Variant:
    name = table.text("name", required=True)
    when = _read_inner_when(table, words) if "when" in table.values else ALWAYS
    variant = Variant(name, when, table.flag("needs_no_meeting"))
    table.close()
    return variant


def _read_inner_when(table: Table, words: Vocabulary) -> Condition:
    inner = table.table("when", table.where)
    condition = read_when(inner, words.scope) if inner else None
    if inner is None:
        table.refuse("missing-key", "when", "Say when this is added.")
    return condition or ALWAYS


def check_overlaps(table: Table, spans: Sequence[tuple[date, date | None]]) -> None:
    """Refuse versions whose days overlap; a version without an end lasts until the next one begins."""
    ordered = sorted(spans, key=lambda span: span[0])
    for (first, last), (following, _) in pairwise(ordered):
        if first == following or (last and last >= following):
            sentence = f"The versions from {first} and from {following} overlap: end the first before the second."
            table.refuse("overlapping-dates", "version", sentence)
    for first, last in spans:
        if last and last < first:
            table.refuse("overlapping-dates", "until", f"The version from {first} ends before it begins, on {last}.")


def close_gaps(versions: list[Version]) -> tuple[Version, ...]:
    """Versions in order, each without an end of its own lasting until the day before the next."""
    ordered = sorted(versions, key=lambda version: version.first)
    ends = [version.first - timedelta(days=1) for version in ordered[1:] if version.first > date.min] + [None]
    return tuple(replace(version, last=version.last or end) for version, end in zip(ordered, ends, strict=False))
