"""`worker`: a process that works on batches."""

from __future__ import annotations

import signal
from types import FrameType

import click

from service.batches.engines.labour import Labour, stop_with_parent
from service.commands.outcome import DONE
from service.desk import Desk
from service.faults import say_faults_on_stderr
from service.memory.memory import open_memory
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings


@click.command()
@click.option("--until-done", is_flag=True, help="End when nothing is left to do.")
@click.option("--with-parent", is_flag=True, help="End when whoever started it ends.")
@click.option("--sample", is_flag=True, hidden=True, help="Work for the invented school of `serve --sample`.")
def worker(until_done: bool, with_parent: bool, sample: bool) -> int:
    """Work on batches until stopped: the chunk in hand is finished first. Start as many as you like."""
    settings = read_settings()
    if settings.engine == "celery" and not until_done:
        from service.batches.engines.queue_worker import work_for_queue

        say_faults_on_stderr()
        return work_for_queue(settings)
    with open_memory(Desk(settings, SAMPLE_SCHOOL if sample else None)) as memory:
        labour = Labour(memory, until_done)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            labour.stop.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if with_parent:
            stop_with_parent(labour)
        labour.run()
    return DONE
