"""`batch`: started, looked at, changed, released, cancelled and tried again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from service.batches.meeting_slots import read_slots
from service.batches.stored import releasing
from service.batches.stored.batch_asked import BatchAsked
from service.batches.stored.starting import keep_export, start_batch
from service.commands.batch.saying import say_batch, say_letters, say_list
from service.commands.batch.waiting import finish_work, now_of
from service.commands.memory.opening import AT, BY, PUPIL, Opened, day_or_today, opened
from service.commands.options import ON, POLICY, ROW, SCHOOL, SHAPE, answers_for_everybody, school_beside
from service.commands.outcome import DONE, NOTHING_DONE, SOME_NOT_USED
from service.decisions.bounds.assumptions import Assumptions
from service.memory.remembered import number_of
from service.memory.school_files import keep_first_settings
from service.storage.batched.batch_values import CANCELLED, DECIDED, WITH_PROBLEMS
from service.storage.batched.batches_kept import list_batches

NUMBER = click.argument("batch", type=ROW)
WHY = click.option("--why", default="", help="The reason; it stays with the batch.")


@click.group("batch")
def batch_group() -> None:
    """Many letters with memory: looked at, released, and finished whatever stops in between."""


@batch_group.command()
@click.argument("cohort", type=click.Path(path_type=Path), required=False)
@POLICY
@ON
@SCHOOL
@SHAPE
@click.option(
    "--nothing-sent-yet",
    "nothing_sent",
    is_flag=True,
    help="No letter was sent and nothing done before, but for what is remembered here.",
)
@click.option("--meetings", type=click.Path(path_type=Path), help="A CSV of meeting slots: date, time, place, with.")
@AT
@BY
@answers_for_everybody
def start(
    cohort: Path | None,
    policy: str,
    on: date | None,
    school: Path | None,
    shape: str,
    nothing_sent: bool,
    meetings: Path | None,
    at: str,
    by: str,
    assumptions: Assumptions,
) -> int:
    """Decide about the pupils of COHORT (or everybody who is remembered) and show what would be issued."""
    day = day_or_today(on)
    beside = school or (school_beside(cohort) if cohort else None)
    with opened(at, beside) as here:
        known = keep_first_settings(here.memory, here.school, beside) if cohort else here.school
        here = Opened(here.memory, known)
        slots = read_slots(meetings, day, known.postal_calendar) if meetings else []
        asked = BatchAsked(here.policy(policy), day, by, slots, assumptions)
        upload = keep_export(here.memory, known, cohort, shape, nothing_sent) if cohort else None
        number = start_batch(here.memory, known, asked, upload)
        return _work(here, number)


@batch_group.command("list")
@AT
def list_all(at: str) -> int:
    """Every batch, the latest first."""
    with opened(at) as here:
        with here.memory.database.read() as connection:
            found = list_batches(connection, here.school.id)
        say_list([now_of(here, item.id) for item in found])
    return DONE


@batch_group.command()
@NUMBER
@AT
@click.option("--all", "everybody", is_flag=True, help="Each pupil as well, with the letter and why.")
def show(batch: int, at: str, everybody: bool) -> int:
    """How far BATCH is, what it would issue, and what a release must name."""
    with opened(at) as here:
        say_batch(here, now_of(here, batch))
        if everybody:
            say_letters(here, batch)
    return DONE


@batch_group.command()
@NUMBER
@click.option("--seen", required=True, help="What `batch show` says, so that nothing is issued that nobody has seen.")
@AT
@BY
def release(batch: int, seen: str, at: str, by: str) -> int:
    """Issue the letters of BATCH that were looked at, and wait until they are made."""
    with opened(at) as here:
        releasing.release(here.memory, here.school, batch, seen, by)
        return _work(here, batch)


@batch_group.command()
@NUMBER
@PUPIL
@click.option("--leave-out", is_flag=True, help="Issue nothing to this pupil.")
@click.option("--letter", default="", help="This letter instead of the one that is due.")
@WHY
@AT
@BY
def change(batch: int, pupil: str, leave_out: bool, letter: str, why: str, at: str, by: str) -> int:
    """Leave PUPIL out of BATCH, choose another letter, or with neither go back to what is due."""
    if leave_out and letter:
        raise click.UsageError("Use --leave-out or --letter, not both.")
    with opened(at) as here:
        number = number_of(here.memory, here.school, pupil)
        if leave_out:
            releasing.leave_out(here.memory, here.school, batch, number, why, by)
        else:
            releasing.choose_letter(here.memory, here.school, batch, number, letter, why, by)
        return _work(here, batch)


@batch_group.command()
@NUMBER
@WHY
@AT
@BY
def cancel(batch: int, why: str, at: str, by: str) -> int:
    """Issue nothing more of BATCH; letters that are issued stay."""
    with opened(at) as here:
        releasing.cancel(here.memory, here.school, batch, why, by)
        say_batch(here, now_of(here, batch))
    return DONE


@batch_group.command()
@NUMBER
@AT
def retry(batch: int, at: str) -> int:
    """Decide again what BATCH could not issue, and go on with it wherever it was stopped."""
    with opened(at) as here:
        if now_of(here, batch).batch.state in releasing.CAN_RETRY:
            count = releasing.retry(here.memory, here.school, batch)
            click.echo(f"{count} pupils are decided again.")
        return _work(here, batch)


def _work(here: Opened, number: int) -> int:
    """Work until a person is needed; the exit status that says how it ended."""
    now = finish_work(here, number)
    say_batch(here, now)
    if now.batch.state == CANCELLED:
        return NOTHING_DONE
    return SOME_NOT_USED if now.batch.state == WITH_PROBLEMS or (now.batch.state == DECIDED and now.problems) else DONE
