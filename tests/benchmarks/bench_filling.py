"""How fast letters are filled: this service, docxtpl, docx-mailmerge2, and two Node libraries where Node is present.

    python tests/benchmarks/bench_filling.py [--letters N] [--sizes N,N,…] [--rounds N]

Every way writes the same letter (a page with a logo, header, footer, 20 words, a condition, a table of four rows) to
disk, one file each, in one process; the best of the rounds counts. Then the cost of a letter and the peak memory
against how many are filled, each size in a process of its own.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent / "documents")]

from service.file_access import write_new_file  # noqa: E402
from service.word.filling.template import LetterTemplate  # noqa: E402
from tests.benchmarks.folders import files_a_second, new_folder  # noqa: E402
from tests.word.letter_making import cell, make_parts, make_zip, paragraph, run, table  # noqa: E402

NODE_LIBRARIES = ("docxtemplater", "easy-template-x")
NAMES = ["Llŷr O'Brien", "Zoë Nguyễn", "Amira Khan & Sons", "Jo Smith", "Łukasz Wójcik"]
WORDS = [
    *("carer_title", "carer_name", "address_line_1", "address_line_2", "postcode", "letter_date", "pupil_name"),
    *("registration_group", "percentage", "sessions_missed", "days_missed", "period", "contact_name"),
    *("contact_telephone", "contact_email", "sender_name", "sender_role", "school_name", "school_address", "reference"),
]
SENTENCE = "Every day in school counts, and we would like to help if anything makes it difficult to attend. "


def make_words(number: int) -> dict[str, Any]:
    """The words of one letter; no two letters are alike."""
    words: dict[str, Any] = {word: f"{word.replace('_', ' ')} {number}" for word in WORDS}
    words |= {"pupil_name": NAMES[number % len(NAMES)], "carer_name": f"Ms {NAMES[(number + 1) % len(NAMES)]}"}
    words["late"] = number % 2 == 0
    days = ("2 November 2026", "3 November 2026", "4 November 2026", "5 November 2026")
    words["sessions"] = [{"date": day, "session": "AM", "reason": f"reason {number}"} for day in days]
    return words


def make_letter(brackets: str, block: dict[str, str]) -> bytes:
    """The letter in the tags of one library: `brackets` around a word, and the four marks of its blocks."""
    word = brackets.format
    bold = '<w:b/><w:sz w:val="22"/>'
    logo = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/>'
        '<wp:docPr id="1" name="Logo" descr="School logo"/></wp:inline></w:drawing></w:r></w:p>'
    )
    address = "".join(paragraph(word(name)) for name in WORDS[1:5])
    body = (
        paragraph(word("letter_date"))
        + address
        + paragraph(f"Dear {word('carer_title')} {word('carer_name')}")
        + paragraph(run(f"{word('pupil_name')}, {word('registration_group')}", bold))
        + paragraph(f"Attendance is {word('percentage')}: {word('sessions_missed')} sessions in {word('period')}. ")
        + "".join(paragraph(SENTENCE * 3, run("Please read this.", bold)) for _ in range(12))
        + block["if"]
        + paragraph(f"{word('pupil_name')} was also late. {SENTENCE}")
        + block["endif"]
        + table(
            *("".join(cell(heading) for heading in ("Date", "Session", "Reason")), *block["rows"].split("|")), columns=3
        )
        + "".join(paragraph(word(name)) for name in WORDS[10:17])
    )
    parts = make_parts(
        body,
        headers=(logo + paragraph(word("school_name")) + paragraph(word("school_address")),),
        footers=(paragraph(f"Reference {word('reference')}"),),
    )
    parts["word/media/logo.png"] = make_picture()
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{n}"><w:name w:val="S{n}"/></w:style>' for n in range(150)
    )
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"/>", f">{styles}</w:styles>".encode())
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"<Override", b'<Default Extension="png" ContentType="image/png"/><Override', 1
    )
    return make_zip(parts)


def make_picture() -> bytes:
    """A PNG of about 18 KB that does not pack any further."""
    noise = random.Random(1).randbytes(18_000)
    chunks = [(b"IHDR", b"\0\0\0\x4b\0\0\0\x50\x08\x02\0\0\0"), (b"IDAT", zlib.compress(noise, 0)), (b"IEND", b"")]
    packed = [len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _rows(opening: str, closing: str, word: Callable[[str], str]) -> str:
    """The row of a loop whose marks stand inside its first and last cell."""
    return cell(opening + word("date")) + cell(word("session")) + cell(word("reason") + closing)


JINJA = {
    "if": paragraph("{%p if late %}"),
    "endif": paragraph("{%p endif %}"),
    "rows": f"{cell('{%tr for s in sessions %}') + cell('') + cell('')}|"
    f"{cell('{{ s.date }}') + cell('{{ s.session }}') + cell('{{ s.reason }}')}|"
    f"{cell('{%tr endfor %}') + cell('') + cell('')}",
}
CURLY = {
    "if": paragraph("{#late}"),
    "endif": paragraph("{/late}"),
    "rows": _rows("{#sessions}", "{/sessions}", "{{{}}}".format),
}


def merge_field(name: str) -> str:
    """A Word mail-merge field, as MERGEFIELD templates have them."""
    return f'<w:fldSimple w:instr=" MERGEFIELD {name} ">{run(name)}</w:fldSimple>'


def fill_ours(folder: Path, cohort: list[dict[str, Any]]) -> None:
    template = LetterTemplate.open(make_letter("{{{{ {} }}}}", JINJA), "letter")
    for number, words in enumerate(cohort):
        write_new_file(folder / f"{number}.docx", template.fill(words))


def fill_docxtpl(folder: Path, cohort: list[dict[str, Any]]) -> None:
    from docxtpl import DocxTemplate

    content = make_letter("{{{{ {} }}}}", JINJA)
    for number, words in enumerate(cohort):
        template = DocxTemplate(io.BytesIO(content))
        template.render(words, autoescape=True)
        template.save(str(folder / f"{number}.docx"))


def fill_mailmerge(folder: Path, cohort: list[dict[str, Any]]) -> None:
    from mailmerge import MailMerge

    fields = {"if": "", "endif": "", "rows": "".join(f"<w:tc>{paragraph(merge_field(n))}</w:tc>" for n in ROW_WORDS)}
    (folder / "letter.docx").write_bytes(make_letter("§{}§", fields))
    content = _with_merge_fields((folder / "letter.docx").read_bytes())
    for number, words in enumerate(cohort):
        with MailMerge(io.BytesIO(content)) as document:
            document.merge(**{name: words[name] for name in WORDS})
            document.merge_rows("date", words["sessions"])
            document.write(str(folder / f"{number}.docx"))


ROW_WORDS = ("date", "session", "reason")


def _with_merge_fields(content: bytes) -> bytes:
    """The same letter with its words as merge fields of their own runs."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    field = f'</w:t></w:r>{merge_field("WORD")}<w:r><w:t xml:space="preserve">'
    for name, xml in parts.items():
        if name.startswith(("word/document", "word/header", "word/footer")):
            changed = re.sub("§(.+?)§", lambda found: field.replace("WORD", found[1]), xml.decode())
            parts[name] = changed.encode()
    return make_zip(parts)


def fill_node(library: str, folder: Path, cohort: list[dict[str, Any]]) -> float:
    """Letters a second of a Node library, in a process that has warmed up with ten letters."""
    (folder / "letter.docx").write_bytes(make_letter("{{{}}}", CURLY))
    lines = folder / "words.jsonl"
    lines.write_text("\n".join(json.dumps(words) for words in cohort))
    command = ["node", str(HERE / "node" / "fill.mjs"), library, str(folder / "letter.docx"), str(lines), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return float(done.stdout)


def measure(fill: Callable[[Path, list[dict[str, Any]]], None], count: int, rounds: int) -> float:
    """Letters a second, the best of the rounds."""
    best, cohort = float("inf"), [make_words(number) for number in range(count)]
    for _ in range(rounds):
        folder = new_folder()
        started = time.perf_counter()
        fill(folder, cohort)
        best = min(best, time.perf_counter() - started)
    return count / best


def measure_in_memory(count: int, rounds: int) -> tuple[float, float]:
    """Letters a second of docxtpl and of this service when nothing is written to disk."""
    from docxtpl import DocxTemplate

    content = make_letter("{{{{ {} }}}}", JINJA)
    template = LetterTemplate.open(content, "letter")

    def fill_theirs(words: dict[str, Any]) -> None:
        letter = DocxTemplate(io.BytesIO(content))
        letter.render(words, autoescape=True)
        letter.save(io.BytesIO())

    return measure_calls(fill_theirs, max(20, count // 50), rounds), measure_calls(template.fill, count, rounds)


def measure_calls(fill: Callable[[dict[str, Any]], object], count: int, rounds: int) -> float:
    """Calls a second, the best of the rounds."""
    best, cohort = float("inf"), [make_words(number) for number in range(count)]
    for _ in range(rounds):
        started = time.perf_counter()
        for words in cohort:
            fill(words)
        best = min(best, time.perf_counter() - started)
    return count / best


def compare_ways(letters: int, rounds: int) -> None:
    """Prints letters a second and the ratio to docxtpl for every way there is."""
    slow = max(20, letters // 50)
    speeds = {"docxtpl": measure(fill_docxtpl, slow, rounds)}
    speeds["docx-mailmerge2"] = measure(fill_mailmerge, slow, rounds)
    if shutil.which("node") and (HERE / "node" / "node_modules").is_dir():
        for library in NODE_LIBRARIES:
            speeds[library] = fill_node(library, new_folder(), [make_words(number) for number in range(slow)])
    else:
        print("Node or tests/benchmarks/node/node_modules is absent: docxtemplater and easy-template-x are left out.")
    speeds["this service"] = measure(fill_ours, letters, rounds)
    letter = LetterTemplate.open(make_letter("{{{{ {} }}}}", JINJA), "letter").fill(make_words(0))
    speeds["the disk alone, no filling"] = max(files_a_second(letter, letters) for _ in range(rounds))
    theirs, ours = measure_in_memory(letters, rounds)
    print(f"{'way':<28}{'letters/s':>12}{'against docxtpl':>18}")
    for way, speed in speeds.items():
        print(f"{way:<28}{speed:>12,.0f}{speed / speeds['docxtpl']:>18,.1f}")
    print(f"{'docxtpl, in memory':<28}{theirs:>12,.0f}{1:>18.1f}")
    print(f"{'this service, in memory':<28}{ours:>12,.0f}{ours / theirs:>18,.1f}")


def measure_sizes(sizes: list[int]) -> None:
    """Prints the cost of a letter and the peak memory for each number of letters, each in its own process."""
    print(f"\n{'letters':>10}{'µs a letter':>14}{'of it CPU':>12}{'peak MB':>10}")
    for size in sizes:
        child = [sys.executable, __file__, "--only", str(size)]
        done = subprocess.run(child, capture_output=True, text=True, check=True)
        wall, cpu, megabytes = (float(figure) for figure in done.stdout.split())
        print(f"{size:>10,}{wall:>14,.1f}{cpu:>12,.1f}{megabytes:>10,.0f}")


def fill_only(size: int) -> None:
    """Prints for one size in this process: microseconds a letter with its file, CPU of it, peak memory."""
    template = LetterTemplate.open(make_letter("{{{{ {} }}}}", JINJA), "letter")
    folder, cohort = new_folder(), [make_words(number) for number in range(100)]
    started, cpu = time.perf_counter(), time.process_time()
    for number in range(size):
        write_new_file(folder / f"{number}.docx", template.fill(cohort[number % 100]))
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(wall / size * 1e6, cpu / size * 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        fill_only(asked.only)
        return
    compare_ways(asked.letters, asked.rounds)
    measure_sizes([int(size) for size in asked.sizes.split(",")])


if __name__ == "__main__":
    main()
