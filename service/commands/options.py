"""What several commands ask for: a day, a policy, a school."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from service.attendance.value_kinds import EARLIEST, LATEST, read_day
from service.cohort.join import Cohort, read_cohort
from service.errors import CohortError, Problem


class Day(click.ParamType[date]):
    """A day on the command line."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that 2026-11-20 means."""
        day = value if isinstance(value, date) else read_day(value, british=True)
        if day is None:
            self.fail(f"{value} is not a date. Write it as 20/11/2026 or 2026-11-20.", param, ctx)
        return day


POLICY = click.option("--policy", default="", help="The policy's name, for example bradford; else the school's own.")
ON = click.option(
    "--on",
    type=Day(),
    help="The day to decide for, as 20/11/2026 or 2026-11-20; else the day in a JSON file, else today.",
)
COHORT = click.argument("cohort", type=click.Path(path_type=Path))
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


def open_cohort(path: Path, events: frozenset[str], on: date | None) -> tuple[Cohort, date]:
    """An export and the day to decide for; marks after that day are left out. Raises CohortError."""
    cohort = read_cohort(path, events, on)
    day = agree_day(on, cohort.on)
    return (cohort if on or cohort.on else read_cohort(path, events, day)), day


def school_beside(cohort: Path) -> Path | None:
    """The school.toml in a cohort's folder, when there is one."""
    path = cohort / "school.toml"
    return path if path.is_file() else None
