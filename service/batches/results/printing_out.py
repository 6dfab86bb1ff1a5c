"""A batch's letters as one file to print, from the letters as they were issued."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from service.batches.enclosures import fill_enclosures
from service.batches.print_file import LetterRun
from service.batches.results.outcomes import ResultLetter, content_of_result, letters_of, rows_of
from service.errors import Problem
from service.issue import issue_letters
from service.memory.memory import Memory, OpenSchool
from service.memory.once_for_all import read_assumptions
from service.memory.wishing.read_wishes import used_wishes
from service.printing.press import TOGETHER
from service.printing.print_run import Content, PrintLetter
from service.printing.printable import Printable
from service.printing.to_pdf import ConversionFailure
from service.pupil import Pupil
from service.storage.batched.batch_values import BatchRow
from service.storage.issued import read_decision
from service.storage.packing import unpack
from service.storage.wishes.wishes_kept import list_used


def fill_print_run(memory: Memory, school: OpenSchool, batch: int, run: LetterRun) -> list[Problem]:
    """Put a batch's letters into a run; what kept a letter out of it."""
    letters = (one for row in rows_of(memory, school, batch) for one in letters_of(row) if one.name)
    problems = list[Problem]()
    while some := list(islice(letters, TOGETHER)):
        problems += _add(memory, school, some, run)
    return problems


def _add(memory: Memory, school: OpenSchool, letters: Sequence[ResultLetter], run: LetterRun) -> Iterator[Problem]:
    documents = [Printable(one.name, content_of_result(memory, school, one)) for one in letters]
    if not run.is_pdf:
        run.documents += [_to_print(one, document.content) for one, document in zip(letters, documents, strict=True)]
        return
    for one, made in zip(letters, memory.desk.press.print_kept(documents), strict=True):
        if isinstance(made, ConversionFailure):
            yield from made.problems
        else:
            run.take(_to_print(one, made), _enclosures(memory, school, one.row))


def _to_print(one: ResultLetter, content: Content) -> PrintLetter[Content]:
    line = one.line
    return PrintLetter(
        letter=content,
        reference=line["reference"],
        kind=line["letter"],
        registration_group=line["registration_group"],
        last_name=line["last_name"],
        first_name=line["first_name"],
        postcode=one.postcode,
    )


def _enclosures(memory: Memory, school: OpenSchool, row: BatchRow) -> tuple[bytes, ...]:
    """What goes behind a letter, filled from the record that it was decided from."""
    with memory.database.read() as connection:
        kept = read_decision(connection, school.id, row.decision or 0)
        used = list_used(connection, school.id, [row.decision or 0])
    if kept is None or kept.policy not in memory.desk.policies:
        return ()
    policy, said = memory.desk.policies[kept.policy], read_assumptions(kept.assumptions)
    wishes = used_wishes(used.get(row.decision or 0, ()))
    pupil = Pupil(unpack(kept.record), school.school, policy, kept.day, school.calendar, said, wishes)
    return fill_enclosures(memory.desk, pupil, issue_letters(memory.desk, pupil, row.asked))
