"""Lists stay on one page with the line that leads to them, and are one list to who listens."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from builders.letters.shelf import example_values, read_letters
from builders.letters.template import write_template
from builders.letters.wording import read_wording
from service.printing.typeset.letter_call import CallWriter
from service.printing.typeset.translate.translate import translate
from service.word.package import write_parts
from service.word.parts import DOCUMENT, read_parts
from tests.printing.typeset.setting import read_aloud

FILLED = "Subject: A\nClosing: B\n\n{% for line in earlier_letters %}\nLine.\n{% endfor %}\n\n"
STATIC = "Leads:\n\n- item one\n- item two\n- item three\n- item four"
LOOP = "Leads:\n{% for support in support_given %}\n- item {{ support.what }}\n{% endfor %}"
MIXED = "Leads:\n\n- item one\n{% for support in support_given %}\n- item {{ support.what }}\n{% endfor %}\n- item last"
KEPT = b"<w:keepNext/>"
ROOM = range(18, 32)  # lines above the list, so that it stands before, on and behind the end of the first page


def template_of(tmp_path, body: str) -> bytes:
    file = tmp_path / "letter.md"
    file.write_text(f"{FILLED}{body}\n\nEnd.\n")
    return write_template(read_wording(file), "Title")


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def fill(typesetter, docx: bytes, lines: int, items: int) -> bytes:
    values = example_values(read_letters()["notice_to_improve"])
    values |= {"earlier_letters": [{"date": "", "what": ""}] * lines}
    values |= {"support_given": [{"what": f"{number}", "date": ""} for number in range(items)]}
    return typesetter.set_tagged([CallWriter(translate(docx, typesetter.faces)).fill(values)])


@pytest.mark.parametrize("body", [STATIC, LOOP, MIXED])
def test_no_page_begins_with_a_bullet_of_a_list_that_began_before(typesetter, tmp_path, body) -> None:
    docx, seen = template_of(tmp_path, body), set()
    for lines in ROOM:
        pages = pages_of(fill(typesetter, docx, lines, 4))
        counts = tuple(page.count("item ") for page in pages)
        assert sorted(counts)[:-1] == [0] * (len(pages) - 1)
        assert "Leads:" in next(page for page in pages if "item " in page)
        seen.add(next(number for number, count in enumerate(counts) if count))
    assert seen == {0, 1}, "the list has stood on either page"


@pytest.mark.parametrize("items", [13, 60])
def test_a_list_of_many_runs_on_and_loses_nothing(typesetter, tmp_path, items) -> None:
    pages = pages_of(fill(typesetter, template_of(tmp_path, LOOP), 20, items))
    assert "".join(pages).count("item ") == items
    assert pages[0].count("item ") > 0


@pytest.mark.parametrize("body", [STATIC, LOOP])
def test_items_that_are_kept_together_are_one_list(typesetter, tmp_path, body) -> None:
    tags = [
        line.split()[0] for line in read_aloud(fill(typesetter, template_of(tmp_path, body), 1, 4), tmp_path) if line
    ]
    assert tags.count("L") == 1
    assert tags.count("LI") == 4


def changed(docx: bytes, document: bytes) -> bytes:
    return write_parts(read_parts(docx) | {DOCUMENT: document})


def test_where_only_the_first_is_kept_the_others_may_part(typesetter, tmp_path) -> None:
    docx = template_of(tmp_path, STATIC)
    head, first, others = read_parts(docx)[DOCUMENT].partition(b"item one")
    assert others.count(KEPT) == 2
    docx = changed(docx, head + first + others.replace(KEPT, b"", 2))
    assert translate(docx, typesetter.faces).unknown == ()
    counts = {tuple(page.count("item ") for page in pages_of(fill(typesetter, docx, lines, 0))) for lines in ROOM}
    assert (1, 3) not in counts
    assert {(2, 2), (3, 1)} & counts


def test_a_loop_whose_last_is_not_the_last_of_its_list_needs_libreoffice(typesetter, tmp_path) -> None:
    docx = template_of(tmp_path, LOOP)
    head, end, after = read_parts(docx)[DOCUMENT].rpartition(b"{%p endfor %}</w:t></w:r></w:p>")
    item = b'<w:p><w:pPr><w:pStyle w:val="ListBullet"/></w:pPr><w:r><w:t>item</w:t></w:r></w:p>'
    (unknown,) = translate(changed(docx, head + end + item + after), typesetter.faces).unknown
    assert "the list of which only some items are kept with the next" in unknown
