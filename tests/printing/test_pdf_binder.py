"""Pages of many PDFs bound into one file, however many there are and whoever wrote them."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader, PdfWriter

from service.printing.pdf_binder import PdfBinder, make_plain, split_dictionary
from service.printing.pdf_pages import PdfFile, PdfLetter
from service.printing.print_run import Binding, BoundLetter

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"


def plain_pdf(pages: list[str]) -> bytes:
    """A PDF with a line on each page, its objects one after another."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages))).encode()
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids), FONT]
    for n, words in enumerate(pages):
        drawn = b"BT /F 12 Tf 72 720 Td (%s) Tj ET" % words.encode()
        drawn += b" " * 2000  # about as much as a page of a letter
        bodies.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
            % (5 + 2 * n)
        )
        bodies.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn))
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table))
    return out.getvalue()


def read_pages(pdf: bytes | Path) -> list[str]:
    return [page.extract_text().strip() for page in PdfReader(pdf if isinstance(pdf, Path) else io.BytesIO(pdf)).pages]


def test_pages_come_in_the_order_that_is_asked_for_and_what_they_share_is_there_once() -> None:
    target = io.BytesIO()
    binder = PdfBinder(target)
    first, second = binder.add(plain_pdf(["one", "two"])), binder.add(plain_pdf(["three"]))
    blank = binder.add_blank()
    binder.finish([*second, blank, *first], "A (title) \\ of any kind")
    assert read_pages(target.getvalue()) == ["three", "", "one", "two"]
    assert PdfReader(target).metadata.title == "A (title) \\ of any kind"
    assert target.getvalue().count(FONT) == 1
    pikepdf.open(io.BytesIO(target.getvalue())).check_pdf_syntax()


def packed(content: bytes) -> bytes:
    """The same PDF with its objects and their table packed into streams."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def rewritten(content: bytes) -> bytes:
    """The same PDF as pypdf writes it."""
    out = io.BytesIO()
    PdfWriter(clone_from=io.BytesIO(content)).write(out)
    return out.getvalue()


@pytest.mark.parametrize("write_anew", [packed, rewritten])
def test_a_pdf_that_another_program_wrote_is_bound_as_well(write_anew) -> None:
    target = io.BytesIO()
    binder = PdfBinder(target)
    pages = binder.add(make_plain(write_anew(plain_pdf(["one", "two"]))))
    binder.finish([*pages], "Run")
    assert read_pages(target.getvalue()) == ["one", "two"]


def test_a_dictionary_is_cut_at_its_own_keys_only() -> None:
    said = split_dictionary(b"<</A<</B 1/C[2 0 R (a\\)>> ]) ]>>/D (x/E) /F/G/H<AB 0D>>>")
    assert said == {b"/A": b"<</B 1/C[2 0 R (a\\)>> ]) ]>>", b"/D": b"(x/E)", b"/F": b"/G", b"/H": b"<AB 0D>"}


def bind(path: Path, pages: int) -> None:
    """Bind so many different letters of one page, fifty in a file."""
    with path.open("wb") as target:
        binding, letters = Binding(target, "both"), []
        for first in range(0, pages, 50):
            file = PdfFile(plain_pdf([f"page {n}" for n in range(first, first + 50)]))
            for place in range(50):
                taken, enclosed = binding.take(PdfLetter("", 1, "", "", file, place, whole=False), (), "")
                letters.append(BoundLetter("REF", "Letter", taken, enclosed))
        assert binding.finish(letters, None, "Run") == 2 * pages - 1, "a blank back behind every letter but the last"


def test_what_is_kept_of_a_page_is_less_than_a_kilobyte(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        peaks = []
        for pages in (500, 2500):
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            bind(tmp_path / f"{pages}.pdf", pages)
            peaks.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    assert (tmp_path / "2500.pdf").stat().st_size > 5_000_000
    assert (peaks[1] - peaks[0]) / 2000 < 1000
