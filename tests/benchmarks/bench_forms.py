"""How many forms are filled in a second, beside pypdf, pikepdf and pdf-lib, on the same form in the same run.

python tests/benchmarks/bench_forms.py [--fields 78] [--fillings 300] [--others 10]

The form has two pages with the given number of text fields, six in a hundred of them ticks. pdf-lib runs when Node
and its package are there: npm ci --prefix tests/benchmarks/node_forms
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

sys.path.insert(0, str(Path(__file__).parents[2]))

from service.forms.pdf.template import FormTemplate

NAMES = ("Zoë O'Brien", "Aisha Khan", "Siân Pugh-Jones", "5 October 2026", "Attendance 91.35 per cent")
HERE = Path(__file__).parent / "node_forms"


def draw_form(fields: int) -> bytes:
    """A form of two pages (or more, for many fields) in two columns."""
    stream = BytesIO()
    canvas = Canvas(stream, invariant=1)
    a_page = max(39, fields // 2 + fields % 2)
    for number in range(fields):
        place = number % a_page
        if place == 0 and number:
            canvas.showPage()
        x, y = 40 + 260 * (place % 2), 800 - 19 * (place // 2 % 40)
        if number % 16 == 15:
            canvas.acroForm.checkbox(name=f"field_{number}", x=x, y=y, size=14)
        else:
            canvas.acroForm.textfield(name=f"field_{number}", x=x, y=y, width=240, height=16, fontSize=10, maxlen=200)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def make_values(fields: int) -> dict[str, str | bool]:
    """A value for every field."""
    return {f"field_{n}": True if n % 16 == 15 else NAMES[n % len(NAMES)] for n in range(fields)}


def measure(fill: Callable[[], bytes], times: int) -> tuple[float, int]:
    """Milliseconds a filling (the median), and the size of one."""
    size = len(fill())
    taken = []
    for _ in range(max(times, 3)):
        start = time.perf_counter()
        fill()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000, size


def pypdf_clone(form: bytes, values: dict[str, str | bool]) -> Callable[[], bytes]:
    """pypdf, the file read for every filling."""
    return lambda: _fill_with_pypdf(PdfReader(BytesIO(form)), values)


def pypdf_reuse(form: bytes, values: dict[str, str | bool]) -> Callable[[], bytes]:
    """pypdf, the file read once and copied for every filling."""
    reader = PdfReader(BytesIO(form))
    return lambda: _fill_with_pypdf(reader, values)


def _fill_with_pypdf(reader: PdfReader, values: dict[str, str | bool]) -> bytes:
    writer = PdfWriter(clone_from=reader)
    said = {name: "/Yes" if value is True else value for name, value in values.items()}
    writer.update_page_form_field_values(None, said, auto_regenerate=False)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def pikepdf_fill(form: bytes, values: dict[str, str | bool]) -> Callable[[], bytes]:
    """pikepdf with its own drawings of the values."""
    from pikepdf.form import DefaultAppearanceStreamGenerator, Form

    def fill() -> bytes:
        with pikepdf.open(BytesIO(form)) as pdf:
            fields = Form(pdf, DefaultAppearanceStreamGenerator)
            for name, value in values.items():
                field = fields[name]
                if value is True:
                    field.checked = True
                else:
                    field.value = value
            stream = BytesIO()
            pdf.save(stream)
            return stream.getvalue()

    return fill


def run_pdf_lib(form: bytes, values: dict[str, str | bool], times: int) -> list[tuple[str, float, int]]:
    """pdf-lib's two ways (read each time; filled again and again), or nothing without Node and the package."""
    if shutil.which("node") is None or not (HERE / "node_modules" / "pdf-lib").exists():
        print("pdf-lib is left out: it needs Node, and npm ci --prefix tests/benchmarks/node_forms")
        return []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "form.pdf").write_bytes(form)
        (Path(folder) / "values.json").write_text(json.dumps(values))
        command = ["node", str(HERE / "fill_form.mjs"), folder, str(times)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [(row["way"], row["milliseconds"], row["size"]) for row in found]


def compare(fields: int, fillings: int, others: int) -> None:
    """One table: every way on the same form."""
    form, values = draw_form(fields), make_values(fields)
    start = time.perf_counter()
    template = FormTemplate.open(form, "benchmark.pdf")
    print(f"{fields} fields, form of {len(form):,} bytes, prepared in {(time.perf_counter() - start) * 1000:.0f} ms\n")
    template.fill(values, flat=True)
    rows = [
        ("this service", *measure(lambda: template.fill(values), fillings)),
        ("this service, flat", *measure(lambda: template.fill(values, flat=True), fillings)),
        ("pypdf, clone", *measure(pypdf_clone(form, values), others)),
        ("pypdf, reuse", *measure(pypdf_reuse(form, values), others)),
        ("pikepdf", *measure(pikepdf_fill(form, values), others)),
        *run_pdf_lib(form, values, others),
    ]
    slowest_pypdf = min(milliseconds for way, milliseconds, _ in rows if way.startswith("pypdf"))
    print(f"{'way':22}{'ms':>10}{'a second':>12}{'times pypdf':>13}{'bytes':>12}")
    for way, milliseconds, size in rows:
        print(f"{way:22}{milliseconds:10.3f}{1000 / milliseconds:12.0f}{slowest_pypdf / milliseconds:13.1f}{size:12,}")


def draw_line(fillings: int) -> None:
    """Whether twice the fields take twice the time: the line through the measured times, and how well it fits."""
    counts, times = (20, 39, 78, 156, 312, 624), []
    for count in counts:
        template, values = FormTemplate.open(draw_form(count), "benchmark.pdf"), make_values(count)
        times.append(measure(lambda t=template, v=values: t.fill(v), max(fillings // 2, 3))[0])  # type: ignore[misc]
    mean_x, mean_y = sum(counts) / len(counts), sum(times) / len(times)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(counts, times, strict=True)) / sum(
        (x - mean_x) ** 2 for x in counts
    )
    start = mean_y - slope * mean_x
    missed = sum((y - start - slope * x) ** 2 for x, y in zip(counts, times, strict=True))
    fit = 1 - missed / sum((y - mean_y) ** 2 for y in times)
    print("\n" + "  ".join(f"{count}: {found:.3f} ms" for count, found in zip(counts, times, strict=True)))
    print(f"{slope * 1000:.2f} microseconds a field and {start:.3f} ms a form; R squared {fit:.4f}")


def main() -> None:
    """Reads the sizes and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fields", type=int, default=78)
    parser.add_argument("--fillings", type=int, default=300)
    parser.add_argument("--others", type=int, default=10)
    sizes = parser.parse_args()
    compare(sizes.fields, sizes.fillings, sizes.others)
    draw_line(sizes.fillings)


if __name__ == "__main__":
    main()
