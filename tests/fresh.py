"""Processes that begin afresh, apart from this one, without each reading in the whole program again.

They are forked from a server that has read it in and done nothing else: no thread, connection or open file of a test
comes along. What the environment is to say has to be said in the process itself.
"""

from __future__ import annotations

import multiprocessing

READ_IN = ("service.commands.main", "service.commands.memory.issue_due", "tests.memory.living")

FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload([*READ_IN])
