"""How many processes `make test` runs in: half of what the tests do is waiting, for queues, browsers and databases.

    python -m tests.workers

Two for each core of a small machine, one of a large one, and no more than one for two gigabytes of memory.
"""

from __future__ import annotations

import os
from typing import Final

MOST_WAITING: Final = 6  # from here on one for each core is enough
MEMORY: Final = 2 << 30  # bytes for each, with the browser and the servers that it starts


def count_workers(cores: int, memory: int) -> int:
    """The processes for so many cores and bytes of memory."""
    return max(1, min(max(cores, min(2 * cores, MOST_WAITING)), memory // MEMORY))


def main() -> None:
    """Print the number for this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(count_workers(cores, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")))


if __name__ == "__main__":
    main()
