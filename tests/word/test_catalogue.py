"""What the catalogues refuse before any parser reads it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import TemplateError
from service.forms.catalogue import FormCatalogue
from service.letters.catalogue import Catalogue
from tests.word.letter_making import make_parts, make_zip, paragraph

PARTS = make_parts(paragraph("{{ pupil_name }}"), headers=(paragraph("Letterhead"),))
ENTITY = b'<!DOCTYPE a [<!ENTITY b "' + b"boom" * 1_000 + b'">]>'
HOSTILE = {
    "a document type": (
        make_zip({**PARTS, "word/document.xml": ENTITY + b"<a>" + b"&b;" * 20_000 + b"</a>"}),
        "The part word/document.xml declares a document type, which Word never does.",
    ),
    "a document type in a header": (
        make_zip({**PARTS, "word/header1.xml": ENTITY + b"<a>&b;</a>"}),
        "The part word/header1.xml declares a document type, which Word never does.",
    ),
    "a bomb": (
        make_zip({**PARTS, "word/media/bomb.png": bytes(45_000_000)}),
        "The part 'word/media/bomb.png' unpacks to more than 200 times its size.",
    ),
    "a larger bomb": (
        make_zip({**PARTS, "word/document.xml": bytes(144_000_000)}),
        "bytes when unpacked, the limit is 50,000,000: use smaller pictures.",
    ),
}


def open_letter(folder: Path) -> None:
    Catalogue(folder).open("own", "none")


def open_form(folder: Path) -> None:
    FormCatalogue(folder).open_document("own")


@pytest.mark.parametrize("opened", [open_letter, open_form])
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_template_is_refused_with_its_name_before_it_is_unpacked(
    what: str, opened: Callable[[Path], None], tmp_path: Path
) -> None:
    content, sentence = HOSTILE[what]
    (tmp_path / "own.docx").write_bytes(content)
    (tmp_path / "own.toml").write_text('title = "Own"')
    tracemalloc.start()
    with pytest.raises(TemplateError) as refused:
        opened(tmp_path)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (problem,) = refused.value.problems
    assert problem.file == "own.docx"
    assert sentence in problem.detail
    assert used < 3_000_000


@pytest.mark.parametrize("word", ["purpose", "policies", "recipients", "needs_a_meeting"])
def test_a_key_that_nothing_reads_is_refused_rather_than_ignored(word: str, tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_bytes(make_zip(PARTS))
    (tmp_path / "own.toml").write_text(f'{word} = ""')
    with pytest.raises(TemplateError, match=f'"{word}" is not a key we recognise'):
        open_letter(tmp_path)
