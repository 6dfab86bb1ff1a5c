"""What a letter may say of its reasons: each is true only where the record shows it, and false where nobody knows."""

from __future__ import annotations

from service.attendance.age import is_of_compulsory_school_age
from service.decisions.bounds.interval import Interval
from service.decisions.bounds.whole_percentages import before_rounding, may_be_rounded
from service.decisions.conditions import FigureIs, list_leaves
from service.decisions.thresholds import NOTICE_TO_IMPROVE
from service.letters.facts import LetterFacts


def law_applies(letter: LetterFacts) -> bool:
    """Whether the letter may speak of fines and the law: unauthorised absence, and of compulsory school age."""
    born = letter.facts.record.date_of_birth
    is_of_age = born is not None and is_of_compulsory_school_age(born, letter.facts.on)
    return is_of_age and (bool(letter.count("sessions_unauthorised")) or unauthorised_since(letter))


def unauthorised_since(letter: LetterFacts) -> bool:
    """Whether there was unauthorised absence since the earlier letter."""
    return bool(letter.count_since("sessions_unauthorised"))


def below_expected(letter: LetterFacts) -> bool:
    """Whether attendance is surely below the level that the policy expects."""
    attendance = _attendance(letter)
    return attendance is not None and attendance.high < letter.facts.terms.expected_level


def reaches_expected(letter: LetterFacts) -> bool:
    """Whether attendance surely reaches the level that the policy expects."""
    attendance = _attendance(letter)
    return attendance is not None and attendance.low >= letter.facts.terms.expected_level


def _attendance(letter: LetterFacts) -> Interval | None:
    """The attendance of the letter's days; one that was given without decimals may have been rounded."""
    figure = letter.facts.told("attendance_percentage", letter.period).figure
    if figure is None:
        return None
    if figure.whole is None and may_be_rounded(figure.part):
        return before_rounding(figure.part)
    return Interval(figure.value, figure.value)


def only_illness(letter: LetterFacts) -> bool:
    """Whether every session missed was authorised, for illness or an appointment."""
    missed = letter.count("sessions_absent")
    return bool(missed) and sessions_for_health(letter) == missed


def sessions_for_health(letter: LetterFacts) -> int | None:
    """The sessions missed for illness or an appointment."""
    found = letter.count("sessions_illness_or_medical")
    if found is not None:
        return found
    ill, medical = letter.count("sessions_illness"), letter.count("sessions_medical")
    return None if ill is None or medical is None else ill + medical


def separate_absences(letter: LetterFacts) -> int | None:
    """How many separate absences there were, where the letter's own rule asks about them and its limit is reached."""
    for active in letter.policy.rules:
        for leaf in list_leaves(active.version.when) if active.rule.letter == letter.kind.letter else ():
            if isinstance(leaf, FigureIs) and leaf.word == "absence_spells" and leaf.read(letter.facts, []):
                figure = letter.facts.figure(leaf.word, leaf.window).figure
                return None if figure is None else int(figure.part)
    return None


def notice_comes_first(letter: LetterFacts) -> bool:
    """Whether the policy sends a Notice to Improve."""
    return any(active.rule.letter == NOTICE_TO_IMPROVE for active in letter.policy.rules)
