"""`letters`: the letters that a cohort is due, their index, and one file to print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from service.attendance.calendar import reckon_post
from service.batches.folder import LetterFiles
from service.batches.meeting_slots import Slots, read_slots
from service.batches.print_file import LetterRun, open_letter_run
from service.batches.processes import write_shared
from service.batches.run import CohortRun, run_cohort
from service.batches.totals import RunTotals
from service.cohort.join import Cohort
from service.cohort.row_counts import settle
from service.commands.options import CohortAsked, asks_about_a_cohort
from service.commands.outcome import DONE, SOME_NOT_USED, finish, say_notices, say_unusable
from service.commands.rows import say_row_counts
from service.decisions.policy import Policy
from service.desk import Desk
from service.forked import can_share
from service.printing.press import Press
from service.printing.print_run import Sides


@click.command()
@asks_about_a_cohort
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder for the letters and index.csv.")
@click.option("--only", multiple=True, help="Only this letter; can be repeated.")
@click.option("--meetings", type=click.Path(path_type=Path), help="A CSV of meeting slots: date, time, place, with.")
@click.option(
    "--format", "kind", type=click.Choice(("docx", "pdf")), default="docx", show_default=True, help="Word or PDF."
)
@click.option(
    "--print-run", type=click.Path(path_type=Path), help="Also put all letters into one file to print, .pdf or .docx."
)
@click.option(
    "--order", type=click.Choice(("group", "postcode")), help="The order in that file; by group and name by default."
)
@click.option(
    "--sides", type=click.Choice(("both", "one")), help="The sides of the paper a PDF is printed on; both by default."
)
@click.option(
    "--with-documents",
    is_flag=True,
    help="Also the forms that each decision names, that its letters enclose and that are due to the council: as PDF to "
    "complete and sign, the attendance certificate as a flat one. In a print run those for the family go behind it.",
)
def letters(
    asked: CohortAsked,
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
    desk, chosen = asked.desk()
    wanted = _known_letters(only, chosen)
    printing = _open_print_run(print_run, order, sides, out)
    opened, day = asked.open(desk, chosen)
    chosen.in_force(day)
    post = reckon_post(opened.calendar, desk.school().days_in_post)
    slots = Slots(read_slots(meetings, day, post) if meetings else [])
    binds = with_documents and printing is not None
    run = CohortRun(desk, desk.school(), chosen, day, wanted, with_documents, binds, asked.assumptions)
    with ExitStack() as stack:
        press = _start_press(desk, kind, printing, stack)
        with LetterFiles(out, kind == "pdf", press, printing) as files:
            _write_letters(files, run, opened, slots)
        for line in say_row_counts(settle(opened.counts, files.totals.unusable)):
            click.echo(line, err=True)
        say_notices(opened)
        _say_totals(files.totals, out)
        _write_print_run(printing, press)
    return _finish(opened, files.totals)


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


def _start_press(desk: Desk, kind: str, printing: LetterRun | None, stack: ExitStack) -> Press | None:
    """The way to PDF, starting already, where anything is to be one; what is not finished ends with the stack."""
    if printing:
        stack.callback(printing.close)
    if kind != "pdf" and not (printing and printing.is_pdf):
        return None
    stack.callback(desk.press.close)
    desk.press.start()
    return desk.press


def _write_letters(files: LetterFiles, run: CohortRun, cohort: Cohort, slots: Slots) -> None:
    """Write every pupil's letters, by all cores where nothing has to be done in turn."""
    if files.press or files.run or slots.free or not can_share():
        for item in _with_progress(run_cohort(run, cohort, slots)):
            files.write(item)
        return
    with closing(write_shared(run, cohort, files.own)) as shared:  # no process writes on after an early end
        for written in _with_progress(shared):
            files.take(written)


def _say_totals(totals: RunTotals, out: Path) -> None:
    for row in totals.unusable:
        say_unusable(row)
    click.echo("\n".join(totals.say(out)), err=True)


def _write_print_run(printing: LetterRun | None, press: Press | None) -> None:
    if printing is None:
        return
    with _showing("Putting the letters into one file to print"):
        printed = printing.write(press)
    click.echo(printed, err=True)


def _finish(cohort: Cohort, totals: RunTotals) -> int:
    status = finish(cohort, totals.usable, len(totals.unusable))
    return status or (SOME_NOT_USED if totals.made_nothing else DONE)


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
