"""The engine of the settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from service.batches.engines.local import LocalEngine
from service.batches.engines.many_machines import ManyMachines
from service.memory.memory import Memory
from service.settings import Settings


def engine_for(settings: Settings, find_memory: Callable[[], Memory | None]) -> AbstractContextManager[object]:
    """Who works as long as this is open. Raises SettingsError when the settings are not those of many machines.

    `find_memory` says where there may be work; None while nothing is remembered.
    """
    if settings.engine == "celery":
        return ManyMachines(settings, find_memory)
    return LocalEngine(find_memory, settings.batch_processes)
