"""A pupil as one is decided about: whose record, at which school, under which policy, on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.attendance.calendar import SchoolCalendar, reckon_post
from service.attendance.record import AttendanceRecord
from service.attendance.school import School
from service.attendance.wishes import NO_WISHES, Wishes
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.decide import Decided, decide, decide_with_facts
from service.decisions.decision import Decision
from service.decisions.policy import Policy, PolicyOn


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil to decide about: the record, the school, the policy and the day, with the school's calendar.

    `assumptions` are what the school said once for every pupil, `wishes` what somebody wants of the next letter.
    """

    record: AttendanceRecord
    school: School
    policy: Policy
    on: date
    calendar: SchoolCalendar
    assumptions: Assumptions = NOTHING_ASSUMED
    wishes: Wishes = NO_WISHES

    @property
    def reckoning(self) -> SchoolCalendar:
        """The calendar, with the days that this school's letters are in the post."""
        return reckon_post(self.calendar, self.school.days_in_post)

    @property
    def letterhead(self) -> School:
        """The school as it writes about this pupil, with the words that the record brings."""
        return self.school.with_words(self.record.school)

    def decide(self) -> Decision:
        """What the policy suggests."""
        return decide(self.record, self.policy, self.on, self.reckoning, self.assumptions)

    def decide_with_facts(self) -> Decided:
        """What the policy suggests, and the facts that letters and forms are filled from."""
        return decide_with_facts(self.record, self.policy, self.on, self.reckoning, self.assumptions)

    def active_policy(self) -> PolicyOn:
        """The rules in force on the day. Raises RulesError before the policy begins."""
        return self.policy.in_force(self.on)
