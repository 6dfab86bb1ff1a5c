"""Every letter filled the fast way has the same XML as docxtpl's own rendering of the same template.

Where we differ on purpose (each has a test at the end):
- a tab stays inside its run, docxtpl closes the run and opens two more;
- CR LF and CR are one line break, docxtpl writes two or none;
- `{_{` and its sisters in a value are printed as they are, docxtpl turns them into braces;
- a value in a document property is escaped once, docxtpl escapes it twice and refuses more than 255 characters;
- endnotes and the document properties that docxtpl leaves alone are filled as well;
- a row's word is never a method of the row: {{ row.items }} prints the word "items";
- pictures keep the numbers that Word gave them unless a loop repeats them;
- a table whose declared columns disagree with its cells, or that loses all its rows, keeps the columns Word saved;
- an ampersand or a double quote inside a tag is itself, docxtpl leaves &amp; and &quot; there.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docxtpl import DocxTemplate, RichText
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from service.word.filling.template import LetterTemplate
from service.word.text import read_text
from tests.word.letter_making import cell, make_docx, paragraph, run, table

SHIPPED = sorted(Path(__file__).parents[2].glob("letter_templates/**/*.docx"))
COMPARED = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
SPLIT_RUNS = make_docx(
    paragraph("Dear ", "{", "{ carer", "_name }", "}, about ", run("{{ pupil", "<w:b/>"), run(" }}", "<w:b/>"))
    + paragraph("{", "% if late", " %}", "Late {{count}} times.", "{% else %}On time.{% endif %}")
)
SMART_QUOTES = make_docx(
    paragraph("{% if pupil == “Ann” %}Ann{% elif pupil != ‘Bob’ %}{{ pupil }}{% else %}Bob{% endif %}")
    + paragraph("{% if count &lt; 3 %}few{% elif count &gt;= 3 and not late %}many{% endif %}")
)
BLOCKS = make_docx(
    paragraph("{%p if late %}", properties="<w:keepNext/>")
    + paragraph("Late: {{ pupil }}")
    + paragraph("{%p else %}")
    + paragraph("Never late")
    + paragraph("{%p endif %}")
    + paragraph("{% for row in sessions %}")
    + paragraph("{{ loop.index }} of {{ loop.length }}: {{ row.date }}{% if not loop.last %},{% endif %}")
    + paragraph("{% endfor %}")
    + paragraph("{%p for row in sessions %}")
    + paragraph("{{ row.session }}{% if loop.first %} (first){% endif %}")
    + paragraph("{%p else %}")
    + paragraph("No sessions.")
    + paragraph("{%p endfor %}")
)
ROWS = make_docx(
    table(
        cell("Date") + cell("Session"),
        cell("{%tr for row in sessions %}") + cell(""),
        cell("{{ row.date }}") + cell("{{ row.session }}"),
        cell("{%tr endfor %}") + cell(""),
        cell("Total: {{ count }}", properties='<w:gridSpan w:val="2"/>'),
    )
    + table(cell("{% cellbg colour %}{{ pupil }}") + cell("plain"))
    + paragraph("{#p a note to ourselves #}")
    + paragraph("the end {# nothing #}")
)
MERGED = make_docx(
    table(
        cell("{%tr for row in sessions %}") + cell(""),
        cell("{% vm %}{{ pupil }}") + cell("{{ row.date }}"),
        cell("{%tr endfor %}") + cell(""),
    )
)
COLUMNS = make_docx(
    table(cell("{% colspan count %}Heading"), cell("x") + cell("y") + cell("z"), columns=3)
    + table(
        cell("{%tc for row in sessions %}") + cell("{{ row.date }}") + cell("{%tc endfor %}"),
        columns=3,
    )
)
MERGED_ACROSS = make_docx(
    table(
        cell("{%tc for row in sessions %}") + cell("{% hm %}{{ pupil }}") + cell("{%tc endfor %}"),
        cell("{%tc for row in sessions %}") + cell("{{ row.date }}") + cell("{%tc endfor %}"),
        columns=3,
    )
)
EVERYWHERE = make_docx(
    paragraph("{{ pupil }}", '<w:r><w:footnoteReference w:id="2"/></w:r>')
    + '<w:p><w:r><w:t xml:space="preserve">  two  </w:t><w:tab/><w:t>{{ pupil }} </w:t></w:r></w:p>'
    + "<w:p><w:r><w:t>{{ a }} {{b}} &amp; more</w:t><w:br/><w:t>{_{ literal }_}</w:t></w:r></w:p>",
    headers=(paragraph("{{ school }}"), paragraph("First: {{ school }}{% if late %}!{% endif %}")),
    footers=(paragraph("Page of {{ pupil }}"),),
    footnotes=paragraph("A note on {{ pupil }}"),
)
PICTURE = make_docx(
    paragraph("{% for row in sessions %}")
    + '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="Logo" descr="Logo of {{ school }}"/></wp:inline>'
    "</w:drawing></w:r></w:p>" + paragraph("{% endfor %}")
)
MINUS = make_docx(
    paragraph("Before") + paragraph("{%- if late %} late {% endif -%}") + paragraph("after {{- pupil }}.")
)
CONDITIONS = make_docx(
    paragraph("{% if (late or count &gt; 3) and sessions %}{{ 'yes' if late else \"no\" }}{% endif %}")
    + paragraph("{% if count in [1, 2, 3] %}low{% endif %}{% if pupil not in ('Ann', 'Bob') %}other{% endif %}")
    + paragraph("{{ nothing }}{{ absent|default('none') }}{% if absent is defined %}here{% endif %}")
    + paragraph("{{ pupil|upper }} {{ pupil|lower|title }} {{ pupil|trim|capitalize }} {{ pupil|length }}")
    + paragraph("{{ sessions[0].date }} {{ group['inner'].word }} {{ names|join(', ') }} {{ '&lt;b&gt;' }}")
    + paragraph("{% if 1 &lt; count &lt;= 3 %}{{ count }}{% endif %}")
)
TEMPLATES = {
    "split runs": SPLIT_RUNS,
    "smart quotes": SMART_QUOTES,
    "blocks": BLOCKS,
    "rows": ROWS,
    "cells merged downwards": MERGED,
    "columns": COLUMNS,
    "cells merged across": MERGED_ACROSS,
    "headers, footers and notes": EVERYWHERE,
    "a picture in a loop": PICTURE,
    "minus signs": MINUS,
    "conditions": CONDITIONS,
}
REPAIRED = {"columns", "cells merged across", "a picture in a loop"}


def words_of(**changes: Any) -> dict[str, Any]:
    """The words for every template here."""
    rows = [{"date": "2 November", "session": "AM"}, {"date": "3 November", "session": "PM"}]
    words = {
        "carer_name": "Mr O'Brien & Ms <Ng>",
        "pupil": "Llŷr Nguyễn",
        "late": True,
        "count": 3,
        "sessions": rows,
        "colour": "FF0000",
        "school": 'St "Anne\'s" العربية',
        "a": " a ",
        "b": "b",
        "nothing": None,
        "group": {"inner": {"word": "]]>"}},
        "names": ["Ann", "Bob & Co"],
    }
    return words | changes


def fill_with_docxtpl(content: bytes, words: dict[str, Any]) -> bytes:
    """The same letter by docxtpl, with an environment that is as strict as we are."""
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, finalize=lambda value: "" if value is None else value
    )
    template = DocxTemplate(io.BytesIO(content))
    template.render(words, environment)
    filled = io.BytesIO()
    template.save(filled)
    return filled.getvalue()


def canonical_parts(docx: bytes) -> dict[str, str]:
    """Part name -> canonical XML, pictures numbered from 1 where no loop repeats them."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        for name in package.namelist():
            if COMPARED.fullmatch(name):
                root = etree.fromstring(package.read(name), etree.XMLParser(remove_blank_text=True))
                parts[name] = etree.tostring(root, method="c14n2").decode()
    return parts


def assert_equal(content: bytes, words: dict[str, Any]) -> None:
    ours = LetterTemplate.open(content, "letter").fill(words)
    theirs = fill_with_docxtpl(content, words)
    assert canonical_parts(ours) == canonical_parts(theirs)
    assert read_text(ours) == read_text(theirs)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_letter_has_the_xml_that_docxtpl_gives_it(name: str) -> None:
    assert_equal(TEMPLATES[name], words_of())


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_letter_without_rows_and_with_other_answers_has_the_same_xml_too(name: str) -> None:
    rows = [] if name not in ("conditions", "cells merged downwards") else [{"date": "", "session": ""}]
    assert_equal(TEMPLATES[name], words_of(late=False, count=1, sessions=rows, pupil="Bob\nSmith\n"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_only_templates_that_change_columns_or_repeat_pictures_need_docxtpl_behind_us(name: str) -> None:
    assert LetterTemplate.open(TEMPLATES[name], name).is_fast == (name not in REPAIRED)


legal = st.characters(
    exclude_categories=("Cs", "Cc"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff",
)
texts = st.text(st.one_of(legal, st.sampled_from("&<>\"'\n{}%]_ "))).filter(
    lambda text: not any(mark in text for mark in ("{_", "_}", "_%", "%_"))
)
rows = st.lists(st.fixed_dictionaries({"date": texts, "session": texts}), min_size=1, max_size=4)
contexts = st.fixed_dictionaries(
    {
        "carer_name": texts,
        "pupil": texts,
        "late": st.booleans(),
        "count": st.integers(0, 5),
        "sessions": rows,
        "school": texts,
        "a": texts,
        "b": st.none() | texts,
        "group": st.fixed_dictionaries({"inner": st.fixed_dictionaries({"word": texts | st.integers(-9, 9**9)})}),
        "names": st.lists(texts, max_size=3),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=contexts, name=st.sampled_from([name for name in TEMPLATES if name not in REPAIRED]))
def test_whatever_the_words_are_the_xml_is_the_one_docxtpl_gives(words: dict[str, Any], name: str) -> None:
    assert_equal(TEMPLATES[name], words_of(**words))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: "/".join(path.parts[-2:]))
def test_every_shipped_letter_has_the_xml_that_docxtpl_gives_it(path: Path) -> None:
    content = path.read_bytes()
    template = LetterTemplate.open(content, path.stem)
    assert template.is_fast
    for late in (True, False):
        assert_equal(content, invent_words(content, template, late))


def invent_words(content: bytes, template: LetterTemplate, answer: bool) -> dict[str, Any]:
    """Words for any template: lists for what it loops over, numbers for what it counts, else text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    source = html.unescape(re.sub(r"<[^>]+>", "", xml))
    rows = {}
    for variable, name in re.findall(r"for\s+(\w+)\s+in\s+(\w+)", source):
        inner = {word: f"{word} O'Brien & Söns" for word in re.findall(rf"\b{variable}\.(\w+)", source)}
        rows[name] = [inner or "one & <two>", inner or "three\nfour"] if answer else []
    counted = set(re.findall(r"(\w+)\s*(?:[<>]=?|[=!]=)\s*\d", source))
    plain = {name: 1 if name in counted else f"{name} <Llŷr> & Co" if answer else "" for name in template.wants}
    return plain | rows


def fill_paragraph(text: str, **words: Any) -> str:
    content = make_docx(paragraph(run("{{ value }}", "<w:b/>")))
    return canonical_parts(LetterTemplate.open(content, "letter").fill({"value": text, **words}))["word/document.xml"]


def test_a_tab_stays_inside_its_run_with_the_runs_properties() -> None:
    inside = fill_paragraph("a\tb")
    assert inside.count("<w:r>") == 1
    assert re.search(r"<w:b></w:b></w:rPr><w:t [^>]*>a</w:t><w:tab></w:tab><w:t [^>]*>b</w:t></w:r>", inside)
    content = make_docx(paragraph(run("{{ value }}", "<w:b/>")))
    assert read_text(fill_with_docxtpl(content, {"value": "a\tb"})) == "a\tb"


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_every_kind_of_line_end_is_one_break(ending: str) -> None:
    assert fill_paragraph(f"a{ending}b").count("<w:br>") == 1


def test_braces_in_a_value_are_printed_as_they_are() -> None:
    content = make_docx(paragraph("{{ value }}"))
    value = "{_{ x }_} {_% y %_} {{7*7}} {% if %}"
    assert read_text(LetterTemplate.open(content, "letter").fill({"value": value})) == value


def test_a_value_in_a_document_property_is_escaped_once() -> None:
    content = make_docx(
        paragraph("x"), title="Letter about {{ value }}", custom="{{ value }}", endnotes=paragraph("{{ value }}")
    )
    filled = LetterTemplate.open(content, "letter").fill({"value": "O'Brien & Sons"})
    with zipfile.ZipFile(io.BytesIO(filled)) as package:
        for name in ("docProps/core.xml", "docProps/custom.xml", "word/endnotes.xml"):
            assert "O'Brien & Sons" in "".join(etree.fromstring(package.read(name)).itertext())


def test_a_rows_word_is_never_a_method_of_the_row() -> None:
    content = make_docx(paragraph("{% for row in rows %}{{ row.items }}{% endfor %}"))
    assert read_text(LetterTemplate.open(content, "letter").fill({"rows": [{"items": "two books"}]})) == "two books"


def test_an_ampersand_inside_a_tag_is_an_ampersand() -> None:
    content = make_docx(paragraph("{% if value == 'A &amp; B' %}the same{% endif %}"))
    assert read_text(LetterTemplate.open(content, "letter").fill({"value": "A & B"})) == "the same"


def test_a_text_asked_for_as_a_run_of_its_own_is_the_rich_text_of_docxtpl() -> None:
    content = make_docx(paragraph("before {{r value }} after"))
    ours = LetterTemplate.open(content, "letter").fill({"value": "O'Brien & Sons\nsecond"})
    theirs = fill_with_docxtpl(content, {"value": RichText("O'Brien & Sons\nsecond")})
    assert canonical_parts(ours) == canonical_parts(theirs)
