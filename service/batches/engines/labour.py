"""A process at work: one chunk after another until there is none, or until it is told to stop."""

from __future__ import annotations

import math
import os
import sys
import threading
import time

from service.batches.engines.owners import free_the_dead, new_owner
from service.batches.stored.working import Trouble, Worker
from service.memory.memory import Memory

LOOK_SECONDS = 1.0
"""How long to wait before looking for work again."""
REPAIR_SECONDS = 30.0
TROUBLE_SECONDS = 2.0
"""How long to wait when the disk or the database cannot go on."""


class Labour:
    """Works until `stop` is set; where it should end by itself, also when nothing can be claimed."""

    def __init__(self, memory: Memory, until_done: bool, batch: int = 0) -> None:
        self.memory, self.until_done, self.batch = memory, until_done, batch
        self.worker = Worker(memory, new_owner())
        self.stop = threading.Event()
        self._repaired = -math.inf

    def run(self, seconds: float = math.inf) -> None:
        """Work; after so many seconds no other chunk is begun."""
        end = time.monotonic() + seconds
        while not self.stop.is_set() and time.monotonic() < end:
            self._repair()
            try:
                if self.worker.do_next(self.batch):
                    continue
            except Trouble:
                self._repaired = -math.inf
                self.stop.wait(TROUBLE_SECONDS)
                continue
            if self.until_done:
                return
            self.stop.wait(LOOK_SECONDS)

    def _repair(self) -> None:
        """Free what the dead have claimed, and what we could not give back when there was trouble."""
        if time.monotonic() - self._repaired > REPAIR_SECONDS:
            free_the_dead(self.memory, "")
            self._repaired = time.monotonic()


def stop_with_parent(labour: Labour) -> None:
    """Stop when whoever started this process has ended: its end of our standard input is closed then."""

    parent = sys.stdin.fileno()  # a thread that waits in a buffered read would break the end of this process

    def watch() -> None:
        while os.read(parent, 1):
            pass
        labour.stop.set()

    threading.Thread(target=watch, name="parent", daemon=True).start()
