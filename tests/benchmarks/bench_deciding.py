"""How long deciding takes, from the files of an export to every decision, and how memory grows.

Each size runs as a command of its own on one core; peak memory is that process's. `python -m
tests.benchmarks.bench_deciding [--sizes 1500,10000,100000] [--policy bradford]`
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from service.sample.export import ON, write_sample

MARKS_A_PUPIL = 104


def main() -> None:
    """Print a line for each size: seconds, microseconds a pupil, peak memory, and the growth from the size before."""
    ask = argparse.ArgumentParser(description="Deciding a cohort from CSV")
    ask.add_argument("--sizes", default="1500,10000,100000")
    ask.add_argument("--policy", default="bradford")
    told = ask.parse_args()
    print(f"Deciding ({told.policy}), CSV with {MARKS_A_PUPIL} marks a pupil, one core\n")
    print(f"{'pupils':>8} {'seconds':>9} {'µs a pupil':>11} {'peak MiB':>9} {'time growth':>12} {'memory growth':>14}")
    before: tuple[int, float, float] | None = None
    for size in map(int, told.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            write_sample(Path(folder), size, seed=1)
            seconds, peak = measure_command(Path(folder), told.policy)
        growth = ""
        if before:
            times, sizes = seconds / before[1], size / before[0]
            growth = f"{times:>8.1f} for {sizes:.1f} {peak / before[2]:>10.2f}"
        print(f"{size:>8} {seconds:>9.2f} {seconds / size * 1e6:>11.0f} {peak:>9.0f} {growth}", flush=True)
        before = size, seconds, peak


def measure_command(folder: Path, policy: str) -> tuple[float, float]:
    """Seconds and peak MiB of `decide` over a folder, with every line written to a file."""
    command = [sys.executable, "-m", "service", "decide", str(folder), "--policy", policy, "--on", ON.isoformat()]
    started = time.perf_counter()
    with (folder / "decisions.out").open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, preexec_fn=one_core)
        _, status, usage = os.wait4(process.pid, 0)
        complaints = process.stderr.read() if process.stderr else b""
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(complaints.decode())
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def one_core() -> None:
    """Keep this process to one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
