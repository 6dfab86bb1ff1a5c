"""The beat of a worker: every few seconds a message for each of its processes, so that no batch is ever forgotten.

Celery's own beat is a program apart that must be running somewhere, and once. This one belongs to every worker: it
begins again with each connection, and two of them only look twice.
"""

from __future__ import annotations

from typing import Any

from celery import bootsteps

from service.batches.engines.message_queue import ask_to_look

BEAT_SECONDS = 5


class Beat(bootsteps.StartStopStep):
    """Asks for a look as soon as a worker is connected, and then again and again."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **words: Any) -> None:
        super().__init__(consumer, **words)
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        """Begin, on a new connection."""
        self._ask(consumer)
        self._timer = consumer.timer.call_repeatedly(BEAT_SECONDS, self._ask, (consumer,))

    def stop(self, consumer: Any) -> None:
        """End, with the connection."""
        if self._timer:
            self._timer.cancel()

    def _ask(self, consumer: Any) -> None:
        for _ in range(consumer.pool.num_processes):
            ask_to_look(consumer.app)
