"""The commands."""

from __future__ import annotations

import gc
import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import Progress

from service.batches.csv_files import open_csv
from service.batches.folder import LetterFiles
from service.batches.meeting_slots import read_slots
from service.batches.print_file import LetterRun, open_letter_run
from service.batches.processes import can_share, write_shared
from service.batches.questions import QUESTION_COLUMNS, question_rows
from service.batches.run import CohortRun, Slots, run_cohort
from service.checking import check_all, check_path
from service.cohort.join import Cohort, read_cohort
from service.commands.decision_table import say_decision, say_due, say_headings, say_totals
from service.commands.form import form
from service.commands.options import ON, POLICY, SCHOOL, agree_day
from service.decisions.decide import decide as decide_pupil
from service.decisions.policy import Policy
from service.desk import Desk
from service.errors import AttendanceLettersError, Problem
from service.printing.print_run import Sides
from service.sample.export import write_sample
from service.settings import read_settings

DONE, SOME_NOT_USED, NOTHING_DONE = 0, 1, 2
_MOST_SHOWN = 200


COHORT = click.argument("cohort", type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="attendance-letters")
def commands() -> None:
    """Decides which attendance letter each pupil is due, says why, and fills it."""


def main() -> NoReturn:
    """Run a command; what cannot be done is said in sentences, with exit status 2."""
    gc.freeze()  # modules stay; a cohort's pupils come and go without cycles, so looking for cycles less often is safe
    gc.set_threshold(50_000, 20, 100)
    try:
        status = commands.main(standalone_mode=False)
    except AttendanceLettersError as error:
        _say_problems(error.title, error.problems)
        status = NOTHING_DONE
    except click.ClickException as error:
        error.show()
        status = NOTHING_DONE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        status = NOTHING_DONE
    except BrokenPipeError:
        sys.stderr.close()
        status = DONE
    except OSError as error:
        click.echo(f"{error.filename or 'The system'}: {error.strerror or 'this cannot be done'}.", err=True)
        status = NOTHING_DONE
    sys.exit(status or DONE)


@commands.command()
@COHORT
@POLICY
@ON
@SCHOOL
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line instead of the table.")
@click.option("--questions", type=click.Path(path_type=Path), help="Write what is not known yet to this CSV file.")
def decide(
    cohort: Path, policy: str, on: date | None, school: Path | None, as_json: bool, questions: Path | None
) -> int:
    """What each pupil of COHORT (a folder or a file) is due, and why. Issues nothing."""
    desk = Desk(read_settings(), school or _school_beside(cohort))
    chosen = desk.policy(policy or desk.school.policy)
    opened = read_cohort(cohort, chosen.events, on)
    day = agree_day(on, opened.on)
    totals, unusable = Counter[str](), 0
    with ExitStack() as stack:
        asked = stack.enter_context(open_csv(questions, QUESTION_COLUMNS)) if questions else None
        if not as_json:
            click.echo(say_headings())
        width = shutil.get_terminal_size((120, 40)).columns
        for row in opened.pupils:
            if row.record is None:
                unusable += 1
                _say_problems(f"{row.file}, row {row.number} could not be used", row.problems)
                continue
            decision = decide_pupil(row.record, chosen, day, opened.calendar)
            if as_json:
                click.echo(json.dumps({"row": row.number, **decision.as_json()}, ensure_ascii=False))
            else:
                click.echo("\n".join(say_decision(row, row.record, decision, width)))
            totals[say_due(decision)] += 1
            if asked:
                asked.write(question_rows(row.record, decision))
        if not as_json:
            click.echo("\n" + "\n".join(say_totals(totals, unusable)))
        if asked:
            click.echo(f"{asked.count} questions in {questions}.", err=True)
    return _finish(opened, totals.total(), unusable)


@commands.command()
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
    desk = Desk(read_settings(), school or _school_beside(cohort))
    chosen = desk.policy(policy or desk.school.policy)
    wanted = _known_letters(only, chosen)
    printing = _open_print_run(print_run, order, sides, out)
    converter = desk.converter if kind == "pdf" or (printing and printing.is_pdf) else None
    if converter:
        converter.start()
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
    with LetterFiles(out, kind == "pdf", converter, printing) as files:
        _write_letters(files, run, opened, slots)
    totals = files.totals
    for place, problems in totals.unusable:
        _say_problems(f"{place} could not be used", problems)
    click.echo("\n".join(totals.say(out)), err=True)
    if printing:
        with _showing("Putting the letters into one file to print"):
            printed = printing.write(converter)
        click.echo(printed, err=True)
    status = _finish(opened, totals.usable, len(totals.unusable))
    return status or (SOME_NOT_USED if totals.is_in_vain else DONE)


commands.add_command(form)


@commands.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
def check(paths: tuple[Path, ...]) -> int:
    """What is wrong with rules files and letter templates; without PATHS, with all that the service uses."""
    settings = read_settings()
    found = [item for path in paths for item in check_path(path, settings)] if paths else list(check_all(settings))
    for item in found:
        if item.problems:
            _say_problems(item.name, item.problems)
        else:
            click.echo(f"{item.name}: {item.right}, all right")
    faulty = sum(bool(item.problems) for item in found)
    click.echo(f"{len(found)} checked, {faulty} with problems.")
    return SOME_NOT_USED if faulty else DONE


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--pupils", default=240, show_default=True, type=click.IntRange(1, 1_000_000), help="How many pupils.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same school.")
def sample(folder: Path, pupils: int, seed: int) -> int:
    """Write an invented school to FOLDER: pupils, marks, history, judgements, calendar, meetings and school.toml."""
    write_sample(folder, pupils, seed)
    click.echo(f"{pupils} invented pupils in {folder}. Try: attendance-letters decide {folder} --on 2026-11-20")
    return DONE


@commands.command()
@SCHOOL
def serve(school: Path | None) -> int:
    """Start the web service on this machine, with the sample school unless another is named."""
    from service.app import serve_app

    serve_app(read_settings(), school)
    return DONE


def _school_beside(cohort: Path) -> Path | None:
    """The school.toml in a cohort's folder, when there is one."""
    path = cohort / "school.toml"
    return path if path.is_file() else None


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
    if files.converter or files.run or slots.free or not can_share():
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


def _finish(cohort: Cohort, usable: int, unusable: int) -> int:
    """Say what was noticed on the way, and find the exit status."""
    for notice in cohort.notices:
        click.echo(f"Note: {notice}", err=True)
    if cohort.problems:
        _say_problems("Some of this export could not be used", cohort.problems)
    if not usable and not unusable:
        _say_problems("Nothing was done", [Problem("no-pupils", "There are no pupils in this export.")])
    if not usable:
        return NOTHING_DONE
    return SOME_NOT_USED if unusable or cohort.problems else DONE


def _say_problems(title: str, problems: Any) -> None:
    click.echo(f"{title}:", err=True)
    for problem in problems[:_MOST_SHOWN]:
        click.echo(f"  {problem}", err=True)
    if len(problems) > _MOST_SHOWN:
        click.echo(f"  … and {len(problems) - _MOST_SHOWN} more.", err=True)
