"""The general part of a policy, and the table of steps, as files write them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from service.attendance.words import EVENTS, FACTS, FLAGS, FORMS, LETTERS, OUTCOMES
from service.decisions.policy import Rule, TermsVersion, events_named
from service.decisions.reading.rules import Vocabulary, check_overlaps
from service.decisions.reading.tables import Table
from service.decisions.terms import EventTest, Milestone, Step, Steps, Terms
from service.decisions.windows.durations import Duration

_NOT_ON_THE_LADDER = frozenset(("letter_n", "attendance_message"))
_OPENS_NO_CASE = frozenset(("attendance_message",))


def read_steps(table: Table) -> Steps:
    """The table of actions: what each is, and which events record it as done."""
    actions = {step.name: step for item in table.tables("action", "action") if (step := _read_step(item))}
    letters = frozenset(table.words("enforcement_letters", LETTERS, "letter"))
    flags = table.words("lead_professional_flags", FLAGS, "flag")
    must_be_known = table.words("must_be_known", FLAGS, "flag")
    answered = table.table("answered_by")
    answers = {word: answered.words(word, EVENTS, "event") for word in FACTS} if answered else {}
    if answered:
        answered.close()
    table.close()
    return Steps(actions, letters, answers, flags, must_be_known)


def _read_step(table: Table) -> Step | None:
    step = Step(
        table.text("id", required=True),
        table.text("title", required=True),
        table.text("to_do", required=True),
        table.words("done_by", EVENTS, "event"),
        table.flag("enforcement"),
    )
    table.close()
    return step if step.name else None


def read_milestone(table: Table, events: Collection[str]) -> Milestone:
    """A named moment of a case."""
    tests = tuple(_read_test(item, events) for item in table.tables("of", "of"))
    if not tests:
        table.refuse("missing-key", "of", "Say which events reach it.")
    name, title = table.text("id", required=True), table.text("title", required=True)
    milestone = Milestone(name, tests, title, table.flag("earliest"))
    table.close()
    return milestone


def _read_test(table: Table, events: Collection[str]) -> EventTest:
    after = table.table("after")
    names = table.words("event", events, "event")
    if not names and "event" not in table.values:
        table.refuse("missing-key", "event", "Name the event.")
    test = EventTest(names, table.words("outcome", OUTCOMES, "outcome"), _read_test(after, events) if after else None)
    table.close()
    return test


def read_terms(
    table: Table, words: Vocabulary, rules: tuple[Rule, ...], milestones: Mapping[str, Milestone]
) -> tuple[TermsVersion, ...]:
    """The dated general terms of a policy, in order."""
    documents, reached = _read_documents(table, words), _read_stages_of_events(table, words)
    letters = {rule.letter for rule in rules if rule.letter}
    items = table.tables("version", "version")
    if not items:
        table.refuse("missing-key", "version", "Add at least one [[version]] with the policy's general terms.")
    found = [
        TermsVersion(first, last, terms)
        for item in items
        for first, last in [(item.day("from", required=True), item.day("until"))]
        if first and (terms := _read_version(item, words, rules, milestones, documents, reached, letters, first))
    ]
    check_overlaps(table, [(version.first, version.last) for version in found])
    ordered = sorted(found, key=lambda version: version.first)
    ends: list[date | None] = [version.first - timedelta(days=1) for version in ordered[1:]]
    return tuple(
        TermsVersion(version.first, version.last or end, version.terms)
        for version, end in zip(ordered, [*ends, None], strict=False)
    )


def _read_documents(table: Table, words: Vocabulary) -> dict[str, tuple[str, ...]]:
    inner = table.table("documents")
    if inner is None:
        return {}
    documents = {stage: inner.words(stage, FORMS, "form") for stage in words.stages if stage in inner.values}
    inner.asked.update(words.stages)
    inner.close()
    return documents


def _read_stages_of_events(table: Table, words: Vocabulary) -> dict[str, str]:
    inner = table.table("stage_of_event")
    if inner is None:
        return {}
    events = [event for event in inner.values if event in words.scope.anchors]
    stages = {event: inner.word(event, words.stages, "stage") for event in events}
    inner.asked.update(events)
    inner.asked.update(words.scope.anchors if inner.values.keys() - set(events) else ())
    inner.close()
    return {event: stage for event, stage in stages.items() if stage}


def _read_version(
    table: Table,
    words: Vocabulary,
    rules: tuple[Rule, ...],
    milestones: Mapping[str, Milestone],
    documents: Mapping[str, tuple[str, ...]],
    reached: Mapping[str, str],
    letters: set[str],
    first: date,
) -> Terms | None:
    level = table.table("expected_level")
    expected = (level.number("at_least", required=True), level.text("reference", required=True)) if level else None
    if level:
        level.text("note")
        level.close()
    else:
        table.refuse("missing-key", "expected_level", "Add the level of attendance that counts as improved.")
    wait = table.duration("unexplained_wait") or Duration(weeks=2)
    minimum = table.whole("minimum_sessions", required=True)
    reviews = _read_reviews(table, words)
    table.text("note")
    table.close()
    if expected is None or minimum is None:
        return None
    done = {event for action in _all_actions(rules) for event in words.steps.actions[action].done_by}
    named = {event for test in milestones.values() for part in test.tests for event in part.names}
    return Terms(
        since=first,
        stages=words.stages,
        expected_level=expected[0] or 0,
        expected_level_reference=expected[1],
        minimum_sessions=minimum,
        reviews=reviews,
        unexplained_letter="letter_n",
        unexplained_wait=wait,
        documents=documents,
        stage_of_event={**_stages_of_letters(rules), **reached},
        ladder=frozenset(letters - _NOT_ON_THE_LADDER),
        case_events=frozenset(letters | done | named | events_named(rules) | {"parent_contact"})
        - milestones.keys()
        - _OPENS_NO_CASE,
        milestones=milestones,
        labels={rule.letter: rule.label for rule in rules if rule.letter},
        answered_by=words.steps.answered_by,
    )


def _all_actions(rules: tuple[Rule, ...]) -> Iterator[str]:
    """Every action that the rules lead to, those that they add to another one included."""
    for rule in rules:
        yield from rule.actions
        for version in rule.versions:
            for extra in version.extras:
                yield from extra.actions


def _read_reviews(table: Table, words: Vocabulary) -> dict[str, Duration]:
    inner = table.table("review")
    if inner is None:
        table.refuse("missing-key", "review", "Add how long each stage waits for its review.")
        return {}
    inner.asked.update(words.stages)
    found = {stage: duration for stage in words.stages if (duration := inner.duration(stage))}
    inner.close()
    return found


def _stages_of_letters(rules: tuple[Rule, ...]) -> dict[str, str]:
    """The stage that sending each letter reaches."""
    stages = {rule.letter: rule.stage for rule in rules if rule.letter not in ("", *_NOT_ON_THE_LADDER)}
    return {letter: stage for letter, stage in stages.items() if stage != "any"}
