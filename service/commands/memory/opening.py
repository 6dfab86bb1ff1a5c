"""What the commands that remember have in common: the school, the day, and the open memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from service.cohort.event_rows import Past
from service.commands.options import agree_day
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.policy import Policy
from service.desk import Desk
from service.memory.letter_names import known_events, past_of
from service.memory.memory import COMMAND, Memory, OpenSchool, open_memory, open_school
from service.memory.today import Today, open_day
from service.settings import read_settings

AT = click.option("--at", default="", help="The school's key, where there are several.")
BY = click.option("--by", default="", help="The initials of who does it.")
PUPIL = click.argument("pupil")


@dataclass(frozen=True, slots=True)
class Opened:
    """The memory and the school that a command works with."""

    memory: Memory
    school: OpenSchool

    @property
    def desk(self) -> Desk:
        """The desk that belongs to it."""
        return self.memory.desk

    def policy(self, name: str = "") -> Policy:
        """The policy of a name, else the school's own."""
        return self.desk.policy(name or self.school.school.policy)

    def today(self, policy: str, on: date | None, assumptions: Assumptions = NOTHING_ASSUMED) -> Today:
        """The school's day, under the policy of a name or its own."""
        return open_day(self.memory, self.school, self.policy(policy), day_or_today(on), assumptions)

    def events(self) -> frozenset[str]:
        """Everything that a history may hold under any policy."""
        return known_events(self.desk)

    def past(self, nothing_sent: bool) -> Past:
        """How a history is read."""
        return past_of(self.desk, self.school.school, nothing_sent)


@contextmanager
def opened(at: str, school: Path | None = None) -> Iterator[Opened]:
    """The memory of the settings and the school with a key."""
    with open_memory(Desk(read_settings(), school), COMMAND) as memory:
        yield Opened(memory, open_school(memory, at))


def day_or_today(on: date | None) -> date:
    """The day that was named, else today."""
    return agree_day(on or date.today(), None)
