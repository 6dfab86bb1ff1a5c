"""Behind a service that answers already: the invented school is made, and the link to sign in is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Event, Thread

from service.batches.from_memory.invented_term import StoppedError
from service.faults import log_fault
from service.web.pages.every_page import first_link, has_invented_school
from service.web.web_memory import WebMemory

_MAKING = "Making the invented school, with a term behind it: once, for half a minute. Then you get a link to sign in."


class FirstStart:
    """Makes what is missing beside the service, so that nobody waits for it."""

    def __init__(self, memory: WebMemory, is_sample: bool, address: str, say: Callable[[str], object]) -> None:
        self.memory = memory
        self.is_sample = is_sample
        self.address = address
        self.say = say
        self._stop = Event()
        self._thread = Thread(target=self._work, name="first start")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Leave off; what is half made is completed the next time."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        try:
            memory = self.memory.open()
            if self.is_sample and not has_invented_school(memory):
                self.say(_MAKING)
            link = first_link(memory, self.is_sample, date.today(), is_stopped=self._stop.is_set)
        except StoppedError:
            return
        except Exception as error:
            self.say(f"Nobody can sign in: the memory cannot be used (number {log_fault(error)}).")
            return
        if link:
            self.say(f"Open this link to sign in. It works once, for 15 minutes:\n{self.address}{link}")
