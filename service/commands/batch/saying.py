"""What is said of batches: how far, what is due, what stopped the others, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from service.batches.results.outcomes import index_of, rows_of
from service.batches.stored import releasing
from service.batches.stored.progress import Progress
from service.commands.batch.waiting import say_how_far
from service.commands.memory.opening import Opened
from service.decisions.wording import say_day
from service.storage.batched.batch_values import (
    CANCELLED,
    CHANGED,
    DECIDED,
    DUE,
    FAILED,
    HELD,
    ISSUED,
    LEFT_OUT,
    NEEDS_MEETING,
    NOTHING,
    READY,
    UNDECIDED,
    UNUSABLE,
    WITH_PROBLEMS,
    WORKING,
)

_ROWS = {
    NOTHING: "due no letter",
    LEFT_OUT: "left out",
    UNDECIDED: "undecided: a question must be answered first",
    NEEDS_MEETING: "invited to a meeting, but none is free",
    HELD: "held back",
    CHANGED: "changed since you looked",
    FAILED: "failed",
    UNUSABLE: "rows of the export that could not be used",
}
_DUE = {DUE: "due", READY: "released", ISSUED: "issued"}


def say_list(batches: Sequence[Progress]) -> None:
    """A line for each batch."""
    if not batches:
        click.echo("There is no batch yet. `batch start` begins one.")
    for now in batches:
        issued = now.rows.get(ISSUED, 0)
        click.echo(
            f"{now.batch.id:>5}  {now.batch.day:%d/%m/%Y}  {now.total:>7} pupils  {issued:>7} issued  {_state(now)}"
        )


def _state(now: Progress) -> str:
    return f"{now.batch.state}: {say_how_far(now)}" if now.batch.state in WORKING else now.batch.state


def say_batch(here: Opened, now: Progress) -> None:
    """Everything that somebody should know of a batch, and what to do next."""
    batch = now.batch
    click.echo(f"Batch {batch.id} for {say_day(batch.day)} under {batch.policy}: {_state(now)}.")
    for line in (*_say_letters(now), *_say_rows(now)):
        click.echo(line)
    if batch.state == DECIDED and now.rows.get(DUE):
        click.echo(
            f"To issue these letters: batch release {batch.id} --seen "
            f"{releasing.look(here.memory, here.school, batch.id)}"
        )
    if batch.state == CANCELLED and batch.ended_why:
        click.echo(batch.ended_why)
    if batch.state == WITH_PROBLEMS:
        click.echo(
            f"batch results {batch.id} --index FILE.csv says what stopped each; batch retry {batch.id} decides again."
        )


def _say_letters(now: Progress) -> Iterator[str]:
    """How many of each letter, by what became of them."""
    for state, word in _DUE.items():
        labels = Counter({label: count for (found, label), count in now.letters.items() if found == state})
        for label, count in labels.most_common():
            yield f"{count:>7}  {label} {word}"


def _say_rows(now: Progress) -> Iterator[str]:
    for state, words in _ROWS.items():
        if count := now.rows.get(state):
            yield f"{count:>7}  {words}"


def say_letters(here: Opened, batch: int) -> None:
    """Each pupil of a batch: the letter, to whom, and why, or why not."""
    for row in rows_of(here.memory, here.school, batch):
        for line in index_of(here.memory, here.school, row):
            who = f"{line.get('registration_group', '')} {line.get('last_name', '')}, {line.get('first_name', '')}"
            what = " ".join(
                filter(None, (str(line.get("due", "")), str(line.get("why", "")), str(line.get("problems", ""))))
            )
            click.echo(f"{row.number:>7}  {row.state:<10}  {who}: {what}")
