"""Reasons read as sentences, and a percentage never stands on the wrong side of its limit."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.attendance.record import AttendanceRecord, Event
from service.decisions.conditions import Limit
from service.decisions.decide import decide
from service.decisions.facts import Facts
from service.decisions.figure_words import say_limits
from service.decisions.figures import FIGURES, PERCENTAGES
from service.decisions.reasons import ReasonWriter
from service.decisions.windows.window import Window, read_window
from service.decisions.wording import PHRASES, SHARES, round_percentage, say_day, say_list, say_number, say_span
from tests.decisions.random_records import ON, YEAR, policies, record_of, values_of_pupils

COUNTS = st.integers(1, 4000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
LIMITS = st.one_of(st.integers(0, 100).map(Fraction), st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10)))


@settings(max_examples=1000, deadline=None)
@given(COUNTS, LIMITS)
def test_a_shown_percentage_never_crosses_the_limit_or_lands_on_it(counts: tuple[int, int], limit: Fraction) -> None:
    exact = Fraction(100 * counts[0], counts[1])
    shown = Fraction(round_percentage(exact, limit))
    assert (shown < limit, shown == limit, shown > limit) == (exact < limit, exact == limit, exact > limit)
    assert abs(shown - exact) <= Fraction(1, 200)


@settings(max_examples=300, deadline=None)
@given(COUNTS)
def test_without_a_limit_no_whole_per_cent_is_crossed(counts: tuple[int, int]) -> None:
    exact = Fraction(100 * counts[0], counts[1])
    shown = Fraction(round_percentage(exact))
    assert int(shown) == int(exact)
    assert (shown.denominator == 1) == (exact.denominator == 1)


@settings(max_examples=300, deadline=None)
@given(COUNTS, st.integers(-3, 3))
def test_a_limit_very_near_is_not_crossed(counts: tuple[int, int], steps: int) -> None:
    exact = Fraction(100 * counts[0], counts[1])
    limit = Fraction(round(exact * 1000) + steps, 1000)
    shown = Fraction(round_percentage(exact, limit))
    assert (shown < limit, shown > limit) == (exact < limit, exact > limit)


@pytest.mark.parametrize(
    ("part", "whole", "limit", "text"),
    [
        (113, 119, 95, "94.96"),
        (114, 120, 95, "95"),
        (19999, 21052, 95, "94.998"),
        (20000, 21052, 95, "95.003"),
        (100, 106, 95, "94.34"),
        (9, 10, 90, "90"),
        (1, 1, 95, "100"),
        (0, 1, 95, "0"),
        (1, 8, 95, "12.5"),
    ],
)
def test_percentages_are_shown_to_two_places_and_to_more_where_two_would_deceive(
    part: int, whole: int, limit: int, text: str
) -> None:
    assert round_percentage(Fraction(100 * part, whole), Fraction(limit)) == text


def test_every_figure_has_words_for_a_sentence() -> None:
    assert PHRASES.keys() | SHARES.keys() >= FIGURES
    assert SHARES.keys() == PERCENTAGES


def test_days_lists_and_numbers_read_as_words() -> None:
    assert say_day(date(2026, 11, 2)) == "2 November 2026"
    assert say_span(date(2026, 10, 6), date(2026, 11, 20)) == "6 October to 20 November 2026"
    assert say_span(date(2026, 11, 20), date(2027, 1, 15)) == "20 November 2026 to 15 January 2027"
    assert say_span(date(2026, 11, 20), date(2026, 11, 20)) == "20 November 2026"
    assert [say_list(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert say_list(["a", "b"], "or") == "a or b"
    assert (say_number(Fraction(95)), say_number(Fraction(185, 2))) == ("95", "92.5")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("school year", "1 September to 20 November 2026"),
        ("last 10 weeks", "in the last 10 weeks: 12 September to 20 November 2026"),
        ("last 10 school weeks", "in the last 10 school weeks: 7 September to 20 November 2026"),
        ("last 3 years", "in the last 3 years: 21 November 2023 to 20 November 2026"),
        ("half term", "this half term: 2 November to 20 November 2026"),
        ("term", "this term: 2 September to 20 November 2026"),
        ("since letter_1", "since School Letter 1 of 5 October 2026: 6 October to 20 November 2026"),
        ("since the last letter", "since School Letter 2 of 2 November 2026: 3 November to 20 November 2026"),
        (
            "first 5 school days since letter_1",
            "in the first 5 school days after School Letter 1 of 5 October 2026: 6 October to 12 October 2026",
        ),
        ("since letter_3", ""),
    ],
)
def test_a_window_is_said_with_its_name_and_its_days(text: str, words: str) -> None:
    policy = policies()["bradford"].on(ON)
    assert policy is not None
    history = (Event(date(2026, 10, 5), "letter_1"), Event(date(2026, 11, 2), "letter_2"))
    facts = Facts(AttendanceRecord(history=history), ON, YEAR, policy.terms)
    window = read_window(text, ("letter_1", "letter_3"))
    assert isinstance(window, Window)
    assert ReasonWriter(policy.terms).say_window(facts.spans.of(window)) == words


def test_a_window_that_an_event_cut_off_says_so() -> None:
    policy = policies()["bradford"].on(ON)
    assert policy is not None
    record = AttendanceRecord(history=(Event(date(2026, 10, 12), "penalty_notice"),))
    facts = Facts(record, ON, YEAR, policy.terms)
    span = facts.spans.of(Window("last", 10, "school weeks", ("penalty_notice",)))
    expected = "in the last 10 school weeks after a penalty notice of 12 October 2026: 13 October to 20 November 2026"
    assert ReasonWriter(policy.terms).say_window(span) == expected


ANY = st.sampled_from(sorted(policies())).flatmap(lambda name: st.tuples(st.just(name), values_of_pupils(name)))
_FAULTS = re.compile(r"_|None|  |\.\.|\(\)|, ,| ,|nan|Fraction|: \.|\bTrue\b|\bFalse\b")


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_every_reason_and_caution_reads_as_a_sentence(pupil: tuple[str, dict[str, object]]) -> None:
    policy = policies()[pupil[0]]
    decision = decide(record_of(pupil[1], policy), policy, ON, YEAR)
    for reason in decision.reasons:
        assert reason.text.endswith("."), reason.text
        assert not _FAULTS.search(reason.text), reason.text
        assert reason.text[0].isupper() or reason.text[0].isdigit(), reason.text
    for caution in decision.cautions:
        assert caution.endswith((".", "?")), caution
        assert not _FAULTS.search(caution), caution


@settings(max_examples=100, deadline=None)
@given(ANY)
def test_every_reason_of_a_rule_names_its_paragraph(pupil: tuple[str, dict[str, object]]) -> None:
    policy = policies()[pupil[0]]
    decision = decide(record_of(pupil[1], policy), policy, ON, YEAR)
    general = {"review_day", "no_rule", "unexplained"}
    assert [reason.text for reason in decision.reasons if not reason.reference and reason.rule not in general] == []


@pytest.mark.parametrize(
    ("word", "limits", "words"),
    [
        ("attendance_percentage", {"below": 95}, "limit: below 95 %"),
        ("attendance_percentage", {"at_least": 95, "below": 97}, "limit: 95 % or more and below 97 %"),
        ("lateness_share", {"at_most": 50}, "limit: 50 % or less"),
        ("lateness_share", {"above": 50}, "limit: more than 50 %"),
        ("sessions_unauthorised", {"at_least": 1}, "limit: 1 or more"),
        ("sessions_unauthorised", {"at_most": 3}, "limit: 3 or fewer"),
        ("sessions_unexplained_outstanding", {"at_most": 0}, "limit: none"),
    ],
)
def test_limits_are_said_as_they_are_meant(word: str, limits: dict[str, int], words: str) -> None:
    assert say_limits(word, tuple(Limit(key, Fraction(number)) for key, number in limits.items())) == words
