"""`letters`, with something that happens when one of its processes opens its third letter, however fast it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_WATCHED = """
import itertools, os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background work starts with it ignored
out, happening = sys.argv.pop(1), compile(sys.argv.pop(1), "happening", "exec")
opened = itertools.count(1)
def watch(event, given):
    if event == "open" and str(given[0]).startswith(out) and "-letter_" in str(given[0]) and next(opened) == 3:
        exec(happening)
sys.addaudithook(watch)
runpy.run_module("service", run_name="__main__")
"""


def begin_letters(happening: str, out: Path, *words: object) -> subprocess.Popen[str]:
    """The command, begun; in it `happening` is run as Python, with `out` for the folder.

    The command leads a process group of its own: os.getpgrp() is its number in each of its processes.
    """
    command = [sys.executable, "-c", _WATCHED, str(out), happening, "letters", *map(str, words), "--out", str(out)]
    return subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
