"""Inputs made by atheris, which follows what each reaches in the code; what must not happen is the same as for mutants.

    python -m tests.long_run.guided [--runs 20000] [--kind NAME] [--keep DIR]

Each kind has a process of its own; a traceback ends it, as does an input over ten seconds or 300 MB. The exit status is
1 where one was found: it is written to the folder of --keep.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDED = ("CSV export", "JSON cohort", "shape file", "headings.toml", "policy", "cases", "message", "request")
"""Kinds whose bytes are read by our own code; the parts of ZIP files are beyond what atheris changes well."""
MOST_SECONDS, MOST_MEMORY = 10, 700
"""Of one input; megabytes of the whole process, which holds up to 400 with every instrumented module."""


def run_kind(name: str, runs: int, keep: Path) -> subprocess.CompletedProcess[str]:
    """Let atheris make so many inputs of a kind."""
    with tempfile.TemporaryDirectory() as corpus:
        limits = [f"-runs={runs}", f"-timeout={MOST_SECONDS}", f"-rss_limit_mb={MOST_MEMORY}", "-max_len=20000"]
        command = [sys.executable, "-m", "tests.long_run.guided", "--fuzz", name, corpus, *limits]
        return subprocess.run(
            [*command, f"-artifact_prefix={keep}/{name.replace(' ', '-')}-"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )


def fuzz(name: str, corpus: Path, choices: list[str]) -> None:
    """Look at what atheris makes; never returns."""
    import atheris

    with atheris.instrument_imports(include=["service"], enable_loader_override=False):
        from tests.long_run.kinds import KINDS
        from tests.long_run.workshop import Workshop, new_folder
    kind = KINDS[name]
    for number, seed in enumerate(kind.seeds):
        (corpus / f"seed{number}").write_bytes(seed)
    with new_folder() as folder:
        workshop = Workshop(Path(folder))
        atheris.Setup([sys.argv[0], str(corpus), *choices], lambda content: kind.look(workshop, content))
        atheris.Fuzz()


def main() -> int:
    """Print how many inputs of each kind were looked at, and where one was wrong."""
    ask = argparse.ArgumentParser(description="Inputs made by atheris")
    ask.add_argument("--runs", type=int, default=20_000)
    ask.add_argument("--kind", choices=GUIDED, action="append")
    ask.add_argument("--keep", type=Path)
    told = ask.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        keep = told.keep or Path(folder)
        keep.mkdir(parents=True, exist_ok=True)
        for name in told.kind or GUIDED:
            done = run_kind(name, told.runs, keep.resolve())
            reached = re.findall(r"#(\d+)\s+\w+\s+cov: (\d+)", done.stderr)[-1:] or [("0", "0")]
            print(f"{name:16}{int(reached[0][0]):10,} inputs, {int(reached[0][1]):,} places reached", flush=True)
            if done.returncode:
                wrong.append(name)
                print(done.stderr[-2_000:])
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fuzz"]:
        fuzz(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
    sys.exit(main())
