"""What several commands ask for: a day, a policy, a school."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from service.attendance.reading.value_kinds import EARLIEST, LATEST, read_day
from service.cohort.event_rows import Past
from service.cohort.join import Cohort, read_cohort
from service.decisions.bounds.assumptions import LEAVE_OUT, Assumptions
from service.decisions.policy import Policy
from service.desk import Desk
from service.errors import CohortError, Problem
from service.settings import read_settings


class Day(click.ParamType[date]):
    """A day on the command line."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that 2026-11-20 means."""
        day = value if isinstance(value, date) else read_day(value, british=True)
        if day is None:
            self.fail(f"{value} is not a date. Write it as 20/11/2026 or 2026-11-20.", param, ctx)
        return day


ROW = click.IntRange(0, 10**18 - 1)
"""A number as lists show it; no database is asked for one that it cannot hold."""
POLICY = click.option("--policy", default="", help="The policy's name, for example bradford; else the school's own.")
ON = click.option(
    "--on",
    type=Day(),
    help="The day to decide for, as 20/11/2026 or 2026-11-20; else the day in a JSON file, else today.",
)
SCHOOL = click.option("--school", type=click.Path(path_type=Path), help="The school's school.toml.")


def agree_day(on: date | None, in_file: date | None) -> date:
    """The day of --on or of the file, else today. Raises CohortError when they differ."""
    if on and in_file and on != in_file:
        sentence = f"The file says {in_file}, but --on says {on}. Use the same day."
        raise CohortError(Problem("two-days", sentence))
    day = on or in_file or date.today()
    if not EARLIEST <= day <= LATEST:
        raise CohortError(Problem("date-out-of-range", f"Decide for a day between 1990 and 2099, not for {day}."))
    return day


@dataclass(frozen=True, slots=True)
class CohortAsked:
    """What a command is asked about a cohort: the export, the day, the school, and what is true of everybody."""

    cohort: Path
    policy: str
    on: date | None
    school: Path | None
    shape: str
    nothing_sent: bool
    assumptions: Assumptions

    def desk(self) -> tuple[Desk, Policy]:
        """The desk of the school that was named or lies in the cohort's folder, and the policy that counts."""
        desk = Desk(read_settings(), self.school or school_beside(self.cohort))
        return desk, desk.policy(self.policy or desk.school().policy)

    def open(self, desk: Desk, policy: Policy) -> tuple[Cohort, date]:
        """The export and the day to decide for; marks after that day are left out. Raises CohortError."""
        past, school = Past(policy.letter_names, self.nothing_sent), desk.school()
        words = {"events": policy.events, "shape": self.shape, "past": past, "headings": school.headings}
        return read_for_a_day(self.cohort, self.on, marks_cover=school.marks_cover, **words)


def read_for_a_day(path: Path, on: date | None, **words: Any) -> tuple[Cohort, date]:
    """An export and the day that it is read for; marks after that day are left out. Raises CohortError."""
    cohort = read_cohort(path, on=on, **words)
    day = agree_day(on, cohort.on)
    return (cohort if on or cohort.on else read_cohort(path, on=day, **words)), day


def school_beside(cohort: Path) -> Path | None:
    """The school.toml in a cohort's folder, when there is one."""
    path = cohort / "school.toml"
    return path if path.is_file() else None


COHORT = click.argument("cohort", type=click.Path(path_type=Path))
SHAPE = click.option("--shape", default="", help="Which system a JSON export comes from; recognised where it can be.")


def answers_for_everybody(command: Callable[..., int]) -> Callable[..., int]:
    """Options for what a school says once about every pupil, given to the command as `assumptions`."""

    @wraps(command)
    def with_assumptions(*, period_is_window: bool, leave_out: tuple[str, ...], decided_by: str, **words: Any) -> int:
        passed_over = frozenset(LEAVE_OUT[name] for name in leave_out)
        return command(**words, assumptions=Assumptions(period_is_window, passed_over, decided_by))

    for option in _ANSWERS:
        with_assumptions = option(with_assumptions)
    return with_assumptions


def asks_about_a_cohort(command: Callable[..., int]) -> Callable[..., int]:
    """The argument COHORT and every option about it, given to the command as `asked`."""

    @answers_for_everybody
    @wraps(command)
    def with_asked(
        *,
        cohort: Path,
        policy: str,
        on: date | None,
        school: Path | None,
        shape: str,
        nothing_sent: bool,
        assumptions: Assumptions,
        **words: Any,
    ) -> int:
        asked = CohortAsked(cohort, policy, on, school, shape, nothing_sent, assumptions)
        return command(**words, asked=asked)

    for option in reversed(_ABOUT_A_COHORT):
        with_asked = option(with_asked)
    return with_asked


_ANSWERS = (
    click.option("--decided-by", default="", metavar="NAME", help="Who gave these answers; each decision says it."),
    click.option(
        "--leave-out",
        multiple=True,
        type=click.Choice([*LEAVE_OUT]),
        help="For every pupil: decide without counting these where the report does not show them.",
    ),
    click.option(
        "--period-is-window", is_flag=True, help="For every pupil: the report is of the policy's last weeks already."
    ),
)
_ABOUT_A_COHORT = (
    COHORT,
    POLICY,
    ON,
    SCHOOL,
    SHAPE,
    click.option(
        "--nothing-sent-yet",
        "nothing_sent",
        is_flag=True,
        help="No letter was sent and nothing done before, to anybody.",
    ),
)
