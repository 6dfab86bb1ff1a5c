"""A child of the office with nothing behind it: it draws a page for each letter, and has accidents when it is told to.

Run by the office as its child (see service/printing/office/child.py), so it imports the standard library only. The
program it is given as `soffice` is its plan: accidents by letter ("REF-00005": every time it is seen) or by document
("#3": the third that any child of this plan is given, the warm-up not counted). Every document and accident is noted.
A child whose start is planned as "waits" ("start2": the second; "starts": any other) is ready only once the plan's
".go" is there; one that "ends" never is, and one that "has-no-filter" cannot read even the document of the warm-up.
A plan's "seconds" are what each letter takes, as on a machine of that speed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import runpy
import signal
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

NOTES = ".notes"
STARTS = ".starts"
GO = ".go"


def main() -> None:
    """Serve until the input closes."""
    settings = json.loads(sys.argv[1])
    folder, plan = Path(settings["folder"]), Path(settings["soffice"])
    planned = json.loads(plan.read_text())
    real = runpy.run_path(planned["guard"])
    real["watch_over"](folder, f"fake{os.getpid()}")
    starting = start(planned["accidents"], plan)
    say({"ready": "0"})
    for line in sys.stdin:
        job = json.loads(line)
        if "check" in job:
            say({"alive": "0"})
            continue
        words = read_words(folder / job["source"])
        accident = (
            starting if ">Ready<" in words else note_document(Path(f"{plan}{NOTES}"), words, planned["accidents"])
        )
        if have_accident(accident, plan):
            continue
        pages = split_letters(words)
        time.sleep(planned["seconds"] * len(pages))
        (folder / job["target"]).write_bytes(draw(pages))
        say({"done": job["target"]})
    os.killpg(0, signal.SIGKILL)


def start(accidents: dict[str, str], plan: Path) -> str:
    """Start as planned for this start, or else for every start; the accident that its warm-up brings."""
    number = note_start(Path(f"{plan}{STARTS}"))
    planned = accidents.get(f"start{number}", accidents.get("starts"))
    if planned == "ends":
        sys.exit("it does not start")
    while planned == "waits" and not Path(f"{plan}{GO}").exists():
        time.sleep(0.02)
    return "says-it-cannot" if planned == "has-no-filter" else "-"


def read_words(source: Path) -> str:
    with zipfile.ZipFile(source) as package:
        return package.read("word/document.xml").decode()


def note_start(starts: Path) -> int:
    """Which child of the plan this is, from 1."""
    with starts.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(f"{os.getpid()}\n")
        file.flush()
        file.seek(0)
        return len(file.readlines())


def note_document(notes: Path, words: str, accidents: dict[str, str]) -> str:
    """The accident that this document brings, noted before it happens; the documents of all children are counted."""
    with notes.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        number = len(file.readlines()) + 1
        found = [what for key, what in accidents.items() if key == f"#{number}" or key in words]
        accident = found[0] if found else "-"
        file.write(f"{os.getpid()} {number} {accident}\n")
    return accident


def have_accident(accident: str, plan: Path) -> bool:
    """Whether an answer has been given already."""
    if accident == "hangs":
        signal.pause()
    elif accident == "freezes":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif accident == "crashes":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif accident == "is-removed":
        plan.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    elif accident == "eats":
        kept = [bytes([1]) * 10_000_000 for _ in range(30)]
        signal.pause()
        kept.clear()
    elif accident == "is-killed-while-loading":
        say({"failed": "load", "why": "it has ended"})
        os.kill(os.getpid(), signal.SIGKILL)
    elif accident == "talks-rubbish":
        sys.stdout.write("this is no JSON\n")
        sys.stdout.flush()
        return True
    elif accident == "says-it-cannot":
        say({"failed": "load", "why": "it cannot"})
        return True
    return False


def split_letters(words: str) -> list[str]:
    letters = re.split(r'(?="letterStart\d+")', words)
    return letters[1:] if len(letters) > 1 else letters


def draw(letters: list[str]) -> bytes:
    """A PDF with a page for each letter of the document; its reference is in the page's own text."""
    references = [(re.findall(r"REF-\d+", letter) or ["REF-none"])[0] for letter in letters]
    pages = [3 + 2 * n for n in range(len(references))]
    kids = " ".join(f"{page} 0 R" for page in pages)
    places = "".join(
        f"(!letterStart{n})[{page} 0 R/Fit](!letterEnd{n})[{page} 0 R/Fit]" for n, page in enumerate(pages)
    )
    objects = [f"<</Type/Catalog/Pages 2 0 R/Names<</Dests<</Names[{places}]>>>>>>"]
    objects.append(f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>")
    for page, reference in zip(pages, references, strict=True):
        drawn = f"BT ({reference})Tj ET"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>/Contents {page + 1} 0 R>>")
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    return write_pdf(objects)


def write_pdf(objects: list[str]) -> bytes:
    written, starts = b"%PDF-1.6\n", []
    for number, one in enumerate(objects, 1):
        starts.append(len(written))
        written += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    end = f"xref\n0 {len(starts) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer<</Root 1 0 R/Size {len(starts) + 1}>>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + (end + tail).encode()


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
