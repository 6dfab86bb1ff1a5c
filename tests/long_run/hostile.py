"""Hostile templates filled by a service that answers ordinary requests: those are answered about as fast as before.

    python -m tests.long_run.hostile [--templates 200] [--seconds 60]

First the ordinary requests come alone, twenty a second, then the same ones beside requests for letters with hostile
templates: reaches for Python, loops in loops, brackets without end, parts and attributes of megabytes. The exit status
is 1 where an answer was wrong, or where the 99th percentile of the ordinary requests was twice its quiet value.
"""

from __future__ import annotations

import argparse
import html
import json
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from service.web.example import EXAMPLE
from service.word.document import DOCX
from tests.benchmarks.bench_post import pupil_number
from tests.long_run.asking import Answered, Asked, ask_steadily, say_times, send
from tests.long_run.service import running_service
from tests.word.letter_making import make_docx, paragraph
from tests.word.test_template_hostile import ESCAPES, EXHAUSTING, PLACES

SHIPPED = Path(__file__).parents[2]
POLICY = """title = "Hostile"
source = "A test"
stages = ["0", "1"]
{letters}
[[version]]
from = 2024-09-01
minimum_sessions = 20
[version.expected_level]
at_least = 95
reference = "1"
[version.review]
1 = {{ weeks = 2 }}
{rules}
"""
LETTER = """[[letter]]
id = "hostile_{0}"
title = "Hostile {0}"
"""
RULE = """[[rule]]
id = "hostile_{0}"
stage = "1"
letter = "hostile_{0}"
[[rule.version]]
from = 2024-09-01
reference = "1"
when.all = [{{ measure = "attendance_percentage", below = 100 }}]
"""
LOOP = "{{% for a in absences %}}{0}{{% endfor %}}"
PACE = 20.0


def make_template(number: int) -> bytes:
    """A hostile template; each number gives another one."""
    random = Random(number)
    kind = number % 5
    text = html.escape(random.choice(ESCAPES if kind == 0 else EXHAUSTING))
    if kind < 2:
        return random.choice(list(PLACES.values()))(text)
    if kind == 2:
        inner = "x" * random.randint(1, 5_000)
        for _ in range(random.randint(2, 12)):
            inner = LOOP.format(inner)
        return make_docx(paragraph(inner))
    if kind == 3:
        piece = random.choice(
            ("{{ addressee_name }}", "{% if a %}x{% endif %}", "{{ a", "{%", "<w:r><w:t>x</w:t></w:r>")
        )
        return make_docx(paragraph(piece * random.choice((1_000, 20_000, 100_000))))
    attribute = "y" * random.choice((100_000, 2_000_000))
    return make_docx(f'<w:p w:rsidR="{attribute}"><w:r><w:t>{{{{ addressee_name }}}}</w:t></w:r></w:p>' * 3)


def write_folders(folder: Path, templates: int) -> dict[str, str]:
    """The settings of a service whose letters are the shipped ones and the hostile ones."""
    rules, letters = folder / "rules", folder / "letters"
    shutil.copytree(SHIPPED / "rules", rules)
    shutil.copytree(SHIPPED / "letter_templates", letters)
    numbers = range(templates)
    text = {"letters": "".join(map(LETTER.format, numbers)), "rules": "".join(map(RULE.format, numbers))}
    (rules / "hostile.toml").write_text(POLICY.format(**text), encoding="utf-8")
    for number in numbers:
        (letters / f"hostile_{number}.docx").write_bytes(make_template(number))
        (letters / f"hostile_{number}.toml").write_text("", encoding="utf-8")
    return {"RULES": str(rules), "LETTERS": str(letters)}


def ask_for(number: int) -> bytes:
    """A request for the letter of a hostile template."""
    return json.dumps({**EXAMPLE, "policy": "hostile", "letter": f"hostile_{number}"}).encode()


def ask_hostile(port: int, templates: int, seconds: float, became: Counter[str]) -> None:
    """Ask for each hostile letter, one after another, in at least that time."""
    for number in range(templates):
        became[send(port, Asked("/v1/letters", ask_for(number), DOCX)) or "a letter"] += 1
        time.sleep(seconds / templates)


def ordinary(number: int) -> Asked:
    """A request for an ordinary letter."""
    return Asked("/v1/letters", pupil_number(number), DOCX)


def measure(port: int, seconds: float) -> list[Answered]:
    """What became of ordinary requests."""
    found: list[Answered] = []
    ask_steadily(port, PACE, seconds, ordinary, found.append)
    return found


def compare(templates: int, seconds: float) -> tuple[Sequence[Answered], Sequence[Answered], Counter[str]]:
    """The answers to ordinary requests alone and beside hostile ones, and what became of the hostile ones."""
    became = Counter[str]()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_service(**write_folders(Path(folder), templates)) as (server, _),
    ):
        measure(server.port, min(5, seconds))  # what is opened with the first letters
        quiet, beside = measure(server.port, seconds), list[Answered]()
        hostile = threading.Thread(target=ask_hostile, args=(server.port, templates, seconds, became))
        hostile.start()
        while hostile.is_alive():
            beside += measure(server.port, seconds / 10)
    return quiet, beside, became


def main() -> int:
    """Print both times."""
    ask = argparse.ArgumentParser(description="Hostile templates beside ordinary requests")
    ask.add_argument("--templates", type=int, default=200)
    ask.add_argument("--seconds", type=float, default=60)
    told = ask.parse_args()
    quiet, beside, became = compare(told.templates, told.seconds)
    print(f"{'':28}{'requests':>9}{'wrong':>7}{'median':>8}{'99th':>8}{'longest':>9} ms")
    for name, answers in (("ordinary letters alone", quiet), ("beside hostile templates", beside)):
        wrong = sum(bool(answer.fault) for answer in answers)
        times = "".join(f"{took:{width}.0f}" for took, width in zip(say_times(answers), (8, 8, 9), strict=True))
        print(f"{name:28}{len(answers):9,}{wrong:7}{times}")
    print(f"{sum(became.values())} hostile templates: " + ", ".join(f"{n} {what}" for what, n in became.most_common()))
    is_wrong = any(answer.fault for answer in (*quiet, *beside)) or any("status 5" in what for what in became)
    return 1 if is_wrong or say_times(beside)[1] >= 2 * say_times(quiet)[1] else 0


if __name__ == "__main__":
    sys.exit(main())
