"""Lengths of time as rules write them: {weeks = 2}, {school_days = 15, months = 3}."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from service.attendance.calendar import SchoolCalendar, add_months
from service.attendance.record import Event

UNITS = ("school_days", "days", "weeks", "months", "half_terms")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; its parts are added in this order.

    `in_post` begins it on the day on which a letter is taken to arrive, instead of the letter's own.
    """

    school_days: int = 0
    days: int = 0
    weeks: int = 0
    months: int = 0
    half_terms: int = 0
    in_post: bool = False

    def after(self, day: date, calendar: SchoolCalendar) -> date:
        """The day on which this time has passed since a day: that day itself counts as passed."""
        begins = calendar.arrival_of(day) if self.in_post else day
        end = calendar.school_day_after(begins, self.school_days) + timedelta(days=self.days, weeks=self.weeks)
        end = add_months(end, self.months) if self.months else end
        return calendar.half_term_after(end, self.half_terms) if self.half_terms else end

    def after_event(self, event: Event, calendar: SchoolCalendar) -> date:
        """The day on which this time has passed since an event.

        School days since a notice arrived are those that it named, where that is known.
        """
        if event.period_end is None or not (self.in_post and self.school_days):
            return self.after(event.on, calendar)
        return replace(self, school_days=0, in_post=False).after(event.period_end, calendar)

    def __str__(self) -> str:
        parts = [(number, unit.replace("_", " ")) for unit in UNITS if (number := getattr(self, unit))]
        return " and ".join(f"{number} {unit if number != 1 else unit[:-1]}" for number, unit in parts)
