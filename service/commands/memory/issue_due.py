"""`issue`: the letters that are due, made and remembered.

A letter is remembered when it is issued; what happens to the folder afterwards changes nothing, and `reprint` writes it
again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import click

from service.attendance.wishes import NO_WISHES, ChosenRecipients, PersonalSentence, Wishes
from service.batches.folder import LetterFiles
from service.batches.meeting_slots import read_slots
from service.batches.run import RunRow
from service.cohort.pupil_row import PupilRow
from service.commands.memory.opening import AT, BY, Opened, day_or_today, opened
from service.commands.options import ON, POLICY, answers_for_everybody
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.decisions.bounds.assumptions import Assumptions
from service.decisions.wording import say_count
from service.errors import Problem, RequestError
from service.letters.personal import find_sentence_fault, read_sentence
from service.memory.due_today import find_due
from service.memory.issuing import Issued, issue_for
from service.memory.remembered import number_of, remember
from service.memory.reversing import letters_of_day
from service.memory.today import Today
from service.memory.wishing.keeping_wishes import check_choice

NUMBER = click.IntRange(1)


@click.command()
@POLICY
@ON
@AT
@BY
@answers_for_everybody
@click.option("--pupil", default="", help="Only this pupil, by UPN or reference.")
@click.option("--letter", default="", help="This letter instead of the one that is due; with --pupil.")
@click.option("--sentence", help="A personal sentence to go in before the closing; with --pupil.")
@click.option("--not-to", multiple=True, type=NUMBER, help="A contact who does not get it, by number; with --pupil.")
@click.option("--also-to", multiple=True, type=NUMBER, help="Another contact who gets it, by number; with --pupil.")
@click.option("--why", default="", help="Why --not-to or --also-to; the reason stays with the letter.")
@click.option("--meetings", type=click.Path(path_type=Path), help="A CSV of meeting slots: date, time, place, with.")
@click.option("--out", type=click.Path(path_type=Path), help="Also write the letters and index.csv to this folder.")
@click.option("--format", "kind", type=click.Choice(("docx", "pdf")), default="docx", help="Of the letters in --out.")
def issue(
    policy: str,
    on: date | None,
    at: str,
    by: str,
    pupil: str,
    letter: str,
    sentence: str | None,
    not_to: tuple[int, ...],
    also_to: tuple[int, ...],
    why: str,
    meetings: Path | None,
    out: Path | None,
    kind: str,
    assumptions: Assumptions,
) -> int:
    """Issue the letters that are due today, and remember them: each is issued once, however often it is asked for."""
    if letter and not pupil:
        raise click.UsageError("Name the pupil with --pupil as well: --letter issues one letter about one pupil.")
    wishes = _read_wishes(sentence, ChosenRecipients(frozenset(not_to), frozenset(also_to), why), by, day_or_today(on))
    if wishes != NO_WISHES and not pupil:
        raise click.UsageError("Name the pupil with --pupil as well: what you ask for is for one letter.")
    with opened(at) as here:
        slots = read_slots(meetings, day_or_today(on), here.school.postal_calendar) if meetings else []
        run = _Run(here, here.today(policy, on, assumptions), letter, by, slots, wishes)
        before = run.count_before()
        numbers = [number_of(here.memory, here.school, pupil)] if pupil else list(run.find_letters())
        press = here.desk.press if out and kind == "pdf" else None
        files = LetterFiles(out, bool(press), press, word_instead=True) if out else None
        try:
            with closing(press) if press else nullcontext(), files or nullcontext():
                run.issue_all(numbers, files)
        except BaseException:
            _say_stopped(run, out)
            raise
    return _say_issued(run, before, out, files)


@dataclass
class _Run:
    """The letters of one run of the command."""

    here: Opened
    today: Today
    letter: str
    by: str
    slots: list[dict[str, str]]
    wishes: Wishes = NO_WISHES
    totals: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    waiting: int = 0
    """Pupils who are due a further letter, but had one on this day."""
    undecided: int = 0

    def count_before(self) -> int:
        """How many letters of this day were issued before."""
        return len(letters_of_day(self.here.memory, self.today.school, self.today.on))

    def find_letters(self) -> Iterator[int]:
        """The pupils for whom a letter is due; the undecided are counted."""
        for item in find_due(self.here.memory, self.today):
            if item.decision and item.decision.letter:
                yield item.remembered.stored.id
            self.undecided += bool(item.decision and item.decision.outcome == "undecided")

    def issue_all(self, numbers: list[int], files: LetterFiles | None) -> None:
        """Issue and remember what each pupil is due, and write it where there is a folder."""
        for place, number in enumerate(numbers, 1):
            try:
                done = self._issue(number)
            except RequestError as error:
                self.problems += error.problems
                continue
            self.waiting += done.waits
            self.totals.update(kept.letter.label for kept in done.kept)
            self.problems += (replace(item, file=_key(done), pointer="") for item in done.issue.problems)
            if files:
                files.write(_row(place, done))

    def _issue(self, number: int) -> Issued:
        slot = self.slots[0] if self.slots else None
        self._check_recipients(number)
        done = issue_for(self.here.memory, self.today, number, self.letter, self.by, slot, wishes=self.wishes)
        if slot and done.kept and done.remembered.pupil.record.meeting is slot:
            self.slots.pop(0)
        return done

    def _check_recipients(self, number: int) -> None:
        """Raise RequestError where the recipients that were asked for cannot be chosen."""
        if self.wishes.recipients:
            check_choice(remember(self.here.memory, self.today, number).pupil, self.wishes.recipients)


def _read_wishes(sentence: str | None, choice: ChosenRecipients, by: str, on: date) -> Wishes:
    """What is wanted of the letter. Raises UsageError where the sentence cannot be printed."""
    text = read_sentence(sentence or "")
    if fault := find_sentence_fault(text):
        raise click.UsageError(fault)
    written = None if sentence is None else PersonalSentence(text, by=by, on=on)
    return Wishes(written, None if choice.changes_nothing else choice.signed(by, on))


def _say_stopped(run: _Run, out: Path | None) -> None:
    """Letters that were issued before the run ended early stay issued, though the folder is gone."""
    if out and (count := run.totals.total()):
        letters = "1 letter was" if count == 1 else f"{count} letters were"
        click.echo(
            f"{letters} issued before this stopped, but {out} was not finished. {_again(run.today.on)}", err=True
        )


def _again(day: date) -> str:
    return f"Write every letter of the day with: attendance-letters reprint --of-day {day} --out FOLDER"


def _say_issued(run: _Run, before: int, out: Path | None, files: LetterFiles | None) -> int:
    for label, count in run.totals.most_common():
        click.echo(f"{count:>7}  {label}")
    count = run.totals.total()
    letters = f"{say_count(count, 'letter')} issued"
    click.echo(letters + (f"; {'it is' if count == 1 else 'they are'} in {out}." if out and count else "."))
    if before:
        were = "1 letter of this day was" if before == 1 else f"{before} letters of this day were"
        click.echo(f"{were} issued before, and {'is' if before == 1 else 'are'} not repeated. {_again(run.today.on)}")
    for sentence in _say_left(run):
        click.echo(sentence)
    if run.problems:
        say_problems("Some letters could not be issued", run.problems)
    if files and files.totals.word_files:
        say_problems(
            f"No PDF could be made of these letters. They are issued; print the Word files in {out}",
            files.totals.word_files,
        )
    return SOME_NOT_USED if run.problems or (files and files.totals.word_files) else DONE


def _say_left(run: _Run) -> Iterator[str]:
    """Who got no letter in this run, and what to do about it."""
    if run.waiting:
        pupils = "1 pupil is" if run.waiting == 1 else f"{run.waiting} pupils are"
        yield f"{pupils} due a further letter, but had one today. Issue it tomorrow, or now with --pupil and --letter."
    if run.undecided:
        pupils = "1 pupil is" if run.undecided == 1 else f"{run.undecided} pupils are"
        yield f"{pupils} not decided until there is an answer; `due` says what is asked."


def _key(done: Issued) -> str:
    return done.remembered.pupil.record.key


def _row(place: int, done: Issued) -> RunRow:
    """A pupil's letters as a row of an index."""
    record = done.remembered.pupil.record
    return RunRow(PupilRow(place, "memory", record.key, record), done.issue)
