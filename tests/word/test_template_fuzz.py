"""Any mixture of tags, whole or broken, is refused in words or gives a well-formed letter: never anything else."""

from __future__ import annotations

import io
from typing import Any

from docxtpl import DocxTemplate
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from service.errors import FillError, TemplateError
from service.word.filling.lint import Words
from service.word.filling.template import LetterTemplate, check_template
from service.word.package import Package
from tests.word.letter_making import cell, make_docx, paragraph, run, table

FRAGMENTS = [
    *(
        "{{ a }}",
        "{{a}}",
        "{{r a }}",
        "{{- a -}}",
        "{{ row.x }}",
        "{{ a.b }}",
        "{{ rows }}",
        "{{ a|upper }}",
        "{{ loop.index }}",
    ),
    *("{% if a %}", "{% elif b %}", "{% else %}", "{% endif %}", "{%- if a -%}", "{%- endif -%}"),
    *("{%p if a %}", "{%p else %}", "{%p endif %}", "{%r if a %}", "{%r endif %}", "{%tr if a %}", "{%tr endif %}"),
    *("{% for row in rows %}", "{% endfor %}", "{%p for row in rows %}", "{%p endfor %}"),
    *("{%tr for row in rows %}", "{%tr endfor %}", "{%tc for row in rows %}", "{%tc endfor %}"),
    *("{% vm %}", "{% hm %}", "{% colspan n %}", "{% cellbg a %}", "{# note #}", "{#p note #}"),
    *("{{", "}}", "{%", "%}", "{", "}", "{_{", "}_}", "-%}", "“a”", "&lt;", "&amp;", "text ", "\t", "\n", " "),
]
texts = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map("".join)
paragraphs = st.lists(texts, min_size=1, max_size=3).map(lambda items: paragraph(*(run(item) for item in items)))
cells = st.lists(texts, min_size=1, max_size=2).map(lambda items: cell(*items))
tables = st.lists(st.lists(cells, min_size=1, max_size=3).map("".join), min_size=1, max_size=4).map(
    lambda rows: table(*rows, columns=3)
)
bodies = st.lists(paragraphs | tables, min_size=1, max_size=4).map("".join)
blocks = st.sampled_from(["p", "tr", "tc", ""]).flatmap(
    lambda prefix: st.tuples(
        st.sampled_from([("if a", "endif"), ("for row in rows", "endfor")]), paragraphs | tables, st.just(prefix)
    ).map(lambda drawn: _wrap(*drawn))
)
WORDS: list[dict[str, Any]] = [
    {"a": "A & <b>\nx", "b": True, "n": 2, "rows": [{"x": "1"}, {"x": "2"}]},
    {"a": "", "b": False, "n": 1, "rows": []},
]


def _wrap(tags: tuple[str, str], inner: str, prefix: str) -> str:
    """Something inside a block that is opened and closed in paragraphs, rows or cells of their own."""
    opening, closing = (f"{{%{prefix} {tag} %}}" for tag in tags)
    around = (cell(opening), cell("{{ a }}{{ loop.index }}" if "for" in tags[0] else "{{ a }}"), cell(closing))
    if prefix == "tr":
        return table(*around) + inner
    if prefix == "tc":
        return table("".join(around), columns=3) + inner
    return paragraph(opening) + inner + paragraph(closing)


def assert_as_docxtpl_fills_it(content: bytes, words: dict[str, Any], filled: Package) -> None:
    """The same XML as docxtpl's but for tabs, {{r …}}, columns that tables declare, and parts without tags."""
    source = Package.open(content).read("word/document.xml")
    if b"\t" in source or b"{{r " in source or b"{" not in source:
        return
    buffer = io.BytesIO()
    theirs = DocxTemplate(io.BytesIO(content))
    theirs.render(words, SandboxedEnvironment(autoescape=True))
    theirs.save(buffer)
    expected = canonical(Package.open(buffer.getvalue()).read("word/document.xml"))
    assert canonical(filled.read("word/document.xml")) == expected


def canonical(xml: bytes) -> bytes:
    """Canonical XML without the declared columns."""
    root = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    for grid in list(root.iter("{*}tblGrid")):
        grid.getparent().remove(grid)
    return etree.tostring(root, method="c14n2")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=bodies | blocks | st.tuples(blocks, blocks).map("".join), title=texts)
def test_any_mixture_of_tags_is_refused_in_words_or_gives_a_well_formed_letter(body: str, title: str) -> None:
    content = make_docx(body, title=title)
    try:
        template = LetterTemplate.open(content, "letter")
    except TemplateError as error:
        event("refused: " + error.problems[0].code)
        return
    event("opened")
    found = check_template(content, Words({"a", "b", "n", "rows"}, {"rows"}))
    assert {problem.code for problem in found} <= {"unknown-word", "not-a-list"}
    for words in WORDS:
        try:
            filled = Package.open(template.fill(words))
        except FillError as error:
            event("not filled: " + error.problems[0].code)
            continue
        event("filled")
        assert_as_docxtpl_fills_it(content, words, filled)
        for name in ("word/document.xml", "docProps/core.xml"):
            printed = "".join(etree.fromstring(filled.read(name)).itertext())
            assert "{%" not in printed
