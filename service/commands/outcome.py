"""How a command ends: the exit statuses, and the problems and notes it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.errors import Problem

DONE, SOME_NOT_USED, NOTHING_DONE = 0, 1, 2
_MOST_SHOWN = 200


_NO_HISTORY = (
    "Nothing says what was sent and done before, so only first letters are offered. Put a history into the folder "
    "(the index.csv of an earlier run is one), or say --nothing-sent-yet."
)


def notices_of(cohort: Cohort) -> Iterator[str]:
    """What was noticed while the export was read, and what is asked once for everybody."""
    yield from (f"Note: {notice}" for notice in cohort.notices)
    if not cohort.history_known:
        yield f"Note: {_NO_HISTORY}"


def say_notices(cohort: Cohort) -> None:
    """Say what was noticed while the export was read."""
    for notice in notices_of(cohort):
        click.echo(notice, err=True)


def finish(cohort: Cohort, usable: int, unusable: int) -> int:
    """Say what could not be used beside the pupils, and find the exit status."""
    if cohort.problems:
        say_problems("Some of this export could not be used", cohort.problems)
    if not usable and not unusable:
        say_problems("Nothing was done", [Problem("no-pupils", "There are no pupils in this export.")])
    if not usable:
        return NOTHING_DONE
    return SOME_NOT_USED if unusable or cohort.problems else DONE


def say_unusable(row: PupilRow) -> None:
    """Say why a pupil's row could not be used."""
    say_problems(f"{row.file}, row {row.number} could not be used", row.problems)


def say_problems(title: str, problems: Sequence[Problem]) -> None:
    """A title and a line for each problem, the first of them where there are very many."""
    click.echo(f"{title}:", err=True)
    for problem in problems[:_MOST_SHOWN]:
        click.echo(f"  {problem}", err=True)
    if len(problems) > _MOST_SHOWN:
        click.echo(f"  … and {len(problems) - _MOST_SHOWN} more.", err=True)
