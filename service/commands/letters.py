"""`letters`: the letters that a cohort is due, their index, and one file to print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from service.batches.folder import LetterFiles
from service.batches.meeting_slots import Slots, read_slots
from service.batches.print_file import LetterRun, open_letter_run
from service.batches.processes import can_share, write_shared
from service.batches.run import CohortRun, run_cohort
from service.cohort.join import Cohort, read_cohort
from service.commands.options import COHORT, ON, POLICY, SCHOOL, agree_day, school_beside
from service.commands.outcome import DONE, SOME_NOT_USED, finish, say_problems
from service.decisions.policy import Policy
from service.desk import Desk
from service.printing.print_run import Sides
from service.settings import read_settings


@click.command()
@COHORT
@POLICY
@ON
@SCHOOL
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder for the letters and index.csv.")
@click.option("--only", multiple=True, help="Only this letter; may be given several times.")
@click.option("--meetings", type=click.Path(path_type=Path), help="A CSV of meeting slots: date, time, place, with.")
@click.option(
    "--format", "kind", type=click.Choice(("docx", "pdf")), default="docx", show_default=True, help="Word or PDF."
)
@click.option(
    "--print-run", type=click.Path(path_type=Path), help="All letters as one file to print, .pdf or .docx, too."
)
@click.option(
    "--order", type=click.Choice(("group", "postcode")), help="Of that file: by group and name unless said otherwise."
)
@click.option(
    "--sides", type=click.Choice(("both", "one")), help="Sides of the paper that a PDF is printed on; both unless said."
)
@click.option(
    "--with-documents",
    is_flag=True,
    help="Also the forms that each decision names, that its letters enclose and that are due to the council: as PDF to "
    "complete and sign, the attendance certificate as a flat one. In a print run those for the family go behind it.",
)
def letters(
    cohort: Path,
    policy: str,
    on: date | None,
    school: Path | None,
    out: Path,
    only: tuple[str, ...],
    meetings: Path | None,
    kind: str,
    print_run: Path | None,
    order: str | None,
    sides: Sides | None,
    with_documents: bool,
) -> int:
    """The letters that are due in COHORT, one file each, and an index that accounts for every pupil."""
    desk = Desk(read_settings(), school or school_beside(cohort))
    chosen = desk.policy(policy or desk.school.policy)
    wanted = _known_letters(only, chosen)
    printing = _open_print_run(print_run, order, sides, out)
    press = desk.press if kind == "pdf" or (printing and printing.is_pdf) else None
    if press:
        press.start()
    opened = read_cohort(cohort, chosen.events, on)
    day = agree_day(on, opened.on)
    chosen.in_force(day)
    slots = Slots(read_slots(meetings, day) if meetings else [])
    run = CohortRun(
        desk,
        desk.school,
        chosen,
        day,
        wanted,
        with_documents,
        binds_enclosures=with_documents and print_run is not None,
    )
    with ExitStack() as stack:
        for used in (press, printing):
            if used:
                stack.callback(used.close)
        with LetterFiles(out, kind == "pdf", press, printing) as files:
            _write_letters(files, run, opened, slots)
        totals = files.totals
        for place, problems in totals.unusable:
            say_problems(f"{place} could not be used", problems)
        click.echo("\n".join(totals.say(out)), err=True)
        if printing:
            with _showing("Putting the letters into one file to print"):
                printed = printing.write(press)
            click.echo(printed, err=True)
    status = finish(opened, totals.usable, len(totals.unusable))
    return status or (SOME_NOT_USED if totals.made_nothing else DONE)


def _known_letters(only: tuple[str, ...], policy: Policy) -> frozenset[str]:
    known = {rule.letter for rule in policy.rules if rule.letter}
    for letter in only:
        if letter not in known:
            raise click.BadParameter(
                f"{policy.name} has no {letter}; it has {', '.join(sorted(known))}.", param_hint="--only"
            )
    return frozenset(only)


def _open_print_run(path: Path | None, order: str | None, sides: Sides | None, out: Path) -> LetterRun | None:
    if path is None and (order or sides):
        raise click.UsageError("--order and --sides say how to print: name the file with --print-run as well.")
    if path is None:
        return None
    run = open_letter_run(path, order == "postcode", sides or "both", out)
    if sides and not run.is_pdf:
        raise click.UsageError("--sides is for a PDF: with a Word document, choose the sides when you print it.")
    return run


def _write_letters(files: LetterFiles, run: CohortRun, cohort: Cohort, slots: Slots) -> None:
    """Write every pupil's letters, by all cores where nothing has to be done in turn."""
    if files.press or files.run or slots.free or not can_share():
        for item in _with_progress(run_cohort(run, cohort, slots)):
            files.write(item)
        return
    with closing(write_shared(run, cohort, files.folder)) as shared:  # no process writes on after an early end
        for written in _with_progress(shared):
            files.take(written)


def _with_progress(items: Iterator[Any]) -> Iterator[Any]:
    """The same items, counted on a terminal while they pass."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from items
        return
    with Progress(*Progress.get_default_columns()[:1], "{task.completed} pupils", console=console) as progress:
        task = progress.add_task("Writing letters", total=None)
        for item in items:
            yield item
            progress.advance(task)


def _showing(what: str) -> AbstractContextManager[Any]:
    """Say on a terminal what is being done as long as it takes."""
    console = Console(stderr=True)
    return console.status(what) if console.is_terminal else nullcontext()
