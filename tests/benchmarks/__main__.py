"""Runs every benchmark, one after another: `python -m tests.benchmarks [--quick] [--readme]`.

With --readme what they print takes the place of the block in the README, with the day and the machine.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.readme_block import write_readme

ROOT = Path(__file__).parents[2]
FULL = {
    "bench_deciding": ["--sizes", "1500,10000,100000"],
    "bench_command": ["--letters", "10000"],
    "bench_filling": ["--letters", "3000", "--sizes", "100,1000,10000,100000"],
    "bench_typeset": ["--letters", "1500", "--office", "1500", "--many", "10000"],
    "bench_pdf": ["--letters", "1500", "--others", "4"],
    "bench_post": ["--requests", "300", "--others", "3"],
    "bench_forms": [],
    "bench_memory": ["--sizes", "10000,100000"],
    "bench_batches": ["--sizes", "1000,10000,100000"],
    "bench_machines": ["--letters", "10000"],
    "bench_pages": [],
    "bench_servers": ["--install"],
}
QUICK = {
    "bench_deciding": ["--sizes", "500,1500"],
    "bench_command": ["--letters", "1000", "--printed", "60"],
    "bench_filling": ["--letters", "500", "--sizes", "100,500"],
    "bench_typeset": ["--letters", "60", "--single", "4", "--office", "60", "--tagged", "4", "--many", "100"],
    "bench_pdf": ["--letters", "60", "--others", "2"],
    "bench_post": ["--requests", "20", "--others", "1"],
    "bench_forms": ["--fillings", "50", "--others", "2"],
    "bench_memory": ["--sizes", "1000", "--databases", "sqlite"],
    "bench_batches": ["--sizes", "50,100"],
    "bench_machines": ["--letters", "200", "--hurry"],
    "bench_pages": ["--pupils", "60", "--requests", "30"],
    "bench_servers": ["--seconds", "1", "--drip", "1"],
}


def main() -> None:
    """Print every benchmark; each in a process of its own."""
    ask = argparse.ArgumentParser(description="All benchmarks")
    ask.add_argument("--quick", action="store_true", help="small sizes, to see that they run")
    ask.add_argument("--readme", action="store_true", help="put what is printed into the README")
    told = ask.parse_args()
    install_node_peers()
    printed = []
    for name, arguments in (QUICK if told.quick else FULL).items():
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        print(done.stdout, flush=True)
        printed.append(done.stdout.strip())
    if told.readme:
        write_readme("bench", "\n\n".join(printed))


def install_node_peers() -> None:
    """The peers that run on Node, where there is one; without them their lines are left out."""
    if shutil.which("npm"):
        for folder in ("node", "node_forms"):
            command = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=ROOT / "tests/benchmarks" / folder, check=False, capture_output=True)


if __name__ == "__main__":
    main()
