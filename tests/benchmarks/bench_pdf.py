"""How fast our converter makes PDFs and print runs by LibreOffice, beside other ways, in one run on this machine.

    python -m tests.benchmarks.bench_pdf [--letters 200] [--single 20] [--others 5] [--docx 60]

Prints milliseconds a letter and how many times faster ours is. `--others` is how often LibreOffice is started for one
file and how many letters unoserver converts; `--docx` how many letters docxcompose puts together (its time grows with
the square). unoserver and docxcompose are compared where they are installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from service.printing.office.converter import Converter, ConverterSettings
from service.printing.pdf_pages import PdfLetter
from service.printing.print_run import PrintLetter, bind_docx_run, bind_print_run
from service.printing.to_pdf import letter_to_pdf, letters_to_pdf
from service.word.document import DOCX, Document
from tests.word.sample_docx import make_letter


def milliseconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def median_of(times: int, what: Callable[[int], object]) -> float:
    return statistics.median(milliseconds(lambda n=n: what(n)) for n in range(times))


def ours(letters: list[Document], single: int) -> dict[str, float]:
    converter = Converter(ConverterSettings())
    letters_to_pdf(converter, letters[: 20 * converter.settings.processes])  # warm
    figures = {"one letter, warm": median_of(single, lambda n: letter_to_pdf(converter, letters[n]))}
    began = time.perf_counter()
    made = [one for one in letters_to_pdf(converter, letters) if isinstance(one, PdfLetter)]
    figures["one more in a cohort"] = (time.perf_counter() - began) * 1000 / len(letters)
    run = bind_print_run([PrintLetter(one, one.name, "letter") for one in made])
    whole = (time.perf_counter() - began) * 1000
    figures["one more in a print run (PDF)"] = whole / len(letters)
    figures["one more, cut into its own file"] = milliseconds(lambda: [one.content for one in made]) / len(made)
    print(f"{len(made):,} letters as one PDF to print: {whole / 1000:.1f} s, {len(run.content) / 1e6:.1f} MB")
    figures |= {
        f"one of {n:,} in a cohort": cohort_cost(converter, letters, n) for n in (100, 1_000) if n < len(letters)
    }
    converter.close()
    return figures


def cohort_cost(converter: Converter, letters: list[Document], count: int) -> float:
    """Milliseconds a letter when so many are asked for at once."""
    return milliseconds(lambda: letters_to_pdf(converter, letters[:count])) / count


def soffice_for_each(letters: list[Document], folder: Path) -> float:
    """LibreOffice's own command, started for every file, on a profile that is already there."""
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf"]

    def convert(number: int) -> None:
        source = folder / f"{number}.docx"
        source.write_bytes(letters[number].content)
        subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True)
        assert source.with_suffix(".pdf").exists()

    convert(0)
    return median_of(len(letters), convert)


def unoserver(letters: list[Document], folder: Path) -> float:
    """A warm unoserver, asked by its own client in one program."""
    code = (
        "import sys, time, statistics\nfrom unoserver.client import UnoClient\n"
        "client, times = UnoClient(port=sys.argv[1]), []\n"
        "for name in sys.argv[2:]:\n    began = time.perf_counter()\n"
        "    client.convert(inpath=name, outpath=name + '.pdf')\n    times.append(time.perf_counter() - began)\n"
        "print(statistics.median(times[1:]) * 1000)"
    )
    names = []
    for number, letter in enumerate(letters):
        names.append(str(folder / f"u{number}.docx"))
        Path(names[-1]).write_bytes(letter.content)
    port, other = free_port(), free_port()
    packages = str(Path(importlib.util.find_spec("unoserver").origin).parents[1])  # type: ignore[union-attr, arg-type]
    environment = os.environ | {"PYTHONPATH": packages}
    words = ["--port", str(port), "--uno-port", str(other), "--user-installation", str(folder / "uno")]
    server = subprocess.Popen(
        ["/usr/bin/python3", "-m", "unoserver.server", *words],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_for_port(port)
        command = ["/usr/bin/python3", "-c", code, str(port), names[0], *names]
        return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for_port(port: int) -> None:
    for _ in range(200):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError


def docxcompose(letters: list[Document]) -> float:
    import docx
    from docxcompose.composer import Composer

    def compose() -> None:
        composer = Composer(docx.Document(io.BytesIO(letters[0].content)))
        for letter in letters[1:]:
            composer.append(docx.Document(io.BytesIO(letter.content)))
        composer.save(io.BytesIO())

    return milliseconds(compose) / len(letters)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    for name, size in (("letters", 200), ("single", 20), ("others", 5), ("docx", 60)):
        wanted.add_argument(f"--{name}", type=int, default=size)
    sizes = wanted.parse_args()
    letters = [Document(f"{n}.docx", DOCX, make_letter(number=n)) for n in range(max(sizes.letters, sizes.docx))]
    figures = ours(letters[: sizes.letters], sizes.single)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        each = soffice_for_each(letters[: sizes.others], Path(folder))
        other = unoserver(letters[: sizes.others], Path(folder)) if importlib.util.find_spec("unoserver") else None
    for name, figure in figures.items():
        beside = f"{each / figure:6.0f} times soffice for each file"
        print(f"{name:32} {figure:8.1f} ms   {beside}" + (f", {other / figure:5.1f} times unoserver" if other else ""))
    print(
        f"{'soffice --convert-to for each':32} {each:8.1f} ms"
        + (f"\n{'unoserver, warm':32} {other:8.1f} ms" if other else "")
    )
    one_docx = [letter.content for letter in letters[: sizes.docx]]
    merged = milliseconds(lambda: bind_docx_run(one_docx)) / sizes.docx
    print(f"{f'one of {sizes.docx} in a print run (DOCX)':32} {merged:8.2f} ms")
    if importlib.util.find_spec("docxcompose"):
        composed = docxcompose(letters[: sizes.docx])
        ratio = f"{composed / merged:.0f} times ours, and one footer for all"
        print(f"{'the same by docxcompose':32} {composed:8.2f} ms   {ratio}")


if __name__ == "__main__":
    sys.exit(main())
