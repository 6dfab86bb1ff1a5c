"""Works on a batch until it waits for a person or has ended, and says how far it is."""

from __future__ import annotations

import sys
import time

import click

from service.batches.engines.choosing import engine_for
from service.batches.engines.owners import free_the_dead, new_owner
from service.batches.stored.progress import Progress, tell_progress
from service.batches.stored.working import Trouble, Worker
from service.commands.memory.opening import Opened
from service.storage.batched.batch_values import UPLOADED, WORKING

LOOK_SECONDS = 0.5
FEW_ROWS = 200
"""Rows that are done sooner by this process alone than by others that must be started first."""


def finish_work(here: Opened, number: int) -> Progress:
    """The batch once nothing can be done for it without a person; however it was left before."""
    if not _work_here(here, number):
        with engine_for(here.desk.settings, lambda: here.memory):
            while (now := now_of(here, number)).batch.state in WORKING:
                _say(say_how_far(now))
                time.sleep(LOOK_SECONDS)
        _say("")
    return now_of(here, number)


def _work_here(here: Opened, number: int) -> bool:
    """Do what is little in this process; whether nothing is left."""
    worker = Worker(here.memory, new_owner())
    free_the_dead(here.memory, worker.owner)
    while (now := now_of(here, number)).batch.state in WORKING:
        if now.batch.state != UPLOADED and now.left > FEW_ROWS:
            return False
        try:
            if not worker.do_next(number):
                return False
        except Trouble:
            return False
    return True


def now_of(here: Opened, number: int) -> Progress:
    """How far a batch is. Raises RequestError when there is none of that number."""
    return tell_progress(here.memory, here.school, number)


def _say(line: str) -> None:
    """A line that replaces the one before, where somebody is watching."""
    if sys.stderr.isatty():
        click.echo(f"\r{line:<78}" + ("" if line else "\r"), err=True, nl=False)


def say_how_far(now: Progress) -> str:
    """How many rows are done, and how long the others take."""
    done = f"{now.total - now.left:,} of {now.total:,} rows"
    if now.seconds_left is None:
        return done
    minutes, seconds = divmod(now.seconds_left, 60)
    return f"{done}, about {f'{minutes + (seconds >= 30)} min' if minutes else f'{seconds} s'} left"
