"""A worker of one machine among many: its processes take messages, and each looks for work in the database."""

from __future__ import annotations

from contextlib import ExitStack

from service.batches.engines.beat import Beat
from service.batches.engines.labour import Labour
from service.batches.engines.message_queue import LOOK, TURN_SECONDS, open_queue
from service.desk import Desk
from service.errors import AttendanceLettersError
from service.faults import log_fault
from service.memory.memory import open_memory
from service.settings import Settings


def work_for_queue(settings: Settings) -> int:
    """Work until stopped: chunks in hand are finished first; the exit status.

    Raises SettingsError when the settings are not those of many machines, or the database cannot be reached.
    """
    app = open_queue(settings)
    with open_memory(Desk(settings)):
        pass  # each process opens its own; what is wrong is said here, once
    app.task(Looking(settings).look, name=LOOK)
    app.steps["consumer"].add(Beat)
    worker = app.Worker(
        pool="prefork",
        optimization="fair",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


class Looking:
    """What each process of a worker does: it opens the memory at its first message, and keeps it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = ExitStack()
        self._labour: Labour | None = None

    def look(self) -> None:
        """Look for work, and do it until nothing is left or the turn is over."""
        try:
            self._labour = self._labour or self._begin()
            self._labour.run(TURN_SECONDS)
        except AttendanceLettersError:
            return  # what is away comes back: the next message tries again
        except Exception as error:  # said without its words, which may be a pupil's
            log_fault(error)

    def _begin(self) -> Labour:
        return Labour(self._open.enter_context(open_memory(Desk(self.settings))), until_done=True)
