"""The service's program, in which each process notes what deciding about pupils and filling their letters takes of it.

`python -m tests.benchmarks.filling_timed worker`; FILLING_TIMED is the folder in which it is noted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.__main__ import main
from service.batches.stored import deciding, issuing_rows, working

NOTED_IN = "FILLING_TIMED"


class Timed:
    """Seconds of the processor in some functions of this process."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def time(self, module: Any, name: str) -> None:
        """Time a function that a module calls."""
        act: Callable[..., Any] = getattr(module, name)

        def timed(*words: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return act(*words, **named)
            finally:
                self.seconds += time.thread_time() - began

        setattr(module, name, timed)

    def note_after(self, module: Any, name: str, folder: Path) -> None:
        """Note the seconds whenever a function has come to its end."""
        act: Callable[..., Any] = getattr(module, name)

        def noted(*words: Any, **named: Any) -> Any:
            done = act(*words, **named)
            (folder / str(os.getpid())).write_text(str(self.seconds))
            return done

        setattr(module, name, noted)


def read_noted(folder: Path) -> float:
    """The seconds that all processes have noted so far."""
    return sum(float(path.read_text() or 0) for path in folder.iterdir())


if __name__ == "__main__":
    timed = Timed()
    for module in (deciding, issuing_rows):
        timed.time(module, "make_row")
        timed.time(module, "show")
    for name in ("decide_chunk", "issue_chunk"):
        timed.note_after(working, name, Path(os.environ[NOTED_IN]))
    main()
