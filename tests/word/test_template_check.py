"""Every fault of a template is named at once, with its part, its paragraph, the words around it and what was meant."""

from __future__ import annotations

import pytest

from service.errors import TemplateError
from service.word.filling.lint import Words
from service.word.filling.template import LetterTemplate, check_template
from tests.word.letter_making import cell, make_docx, make_parts, make_zip, paragraph, run, table

KNOWN = Words(
    {"first_name", "last_name", "meeting_place", "late", "sessions", "sessions.date", "sessions.session", "school"},
    {"sessions"},
)


def faults_of(body: str, **others: object) -> list[tuple[str, str]]:
    return [(problem.code, problem.detail) for problem in check_template(make_docx(body, **others), KNOWN)]


def test_a_template_without_faults_has_no_problems() -> None:
    body = paragraph("Dear {{ first_name }}{% if late %}, late{% else %}, on time{% endif %}") + table(
        cell("{%tr for row in sessions %}") + cell(""),
        cell("{{ row.date }} {{ loop.index }}") + cell("{{ row.session|upper }}"),
        cell("{%tr endfor %}") + cell(""),
    )
    assert faults_of(body, headers=(paragraph("{{ school }}"),), title="{{ school }}") == []


def test_smart_quotes_and_split_runs_are_fine() -> None:
    body = paragraph("{", run("{ fir", "<w:b/>"), "st_", run("name }", "<w:i/>"), "}") + paragraph(
        "{% if first_name == “Ann” or last_name != ‘Bob’ %}x{% endif %}"
    )
    assert faults_of(body) == []


def test_a_misspelt_word_is_named_with_its_place_and_what_was_probably_meant() -> None:
    body = paragraph("Nothing here") + paragraph("We will meet at {{ meting_place }} next week, if that suits you.")
    assert faults_of(body) == [
        (
            "unknown-word",
            'In the letter, paragraph 2, "We will meet at {{ meting_place }} next week, if that suits you.": '
            'nothing fills the word "meting_place". Did you mean "meeting_place"?',
        )
    ]


def test_a_word_of_a_row_is_looked_up_among_the_words_of_rows() -> None:
    body = paragraph("{% for row in sessions %}{{ row.dtae }} {{ row.date }} {{ row }}{% endfor %}")
    ((code, detail),) = faults_of(body)
    assert code == "unknown-word"
    assert '"sessions.dtae". Did you mean "sessions.date"?' in detail


@pytest.mark.parametrize(
    ("part", "others"),
    [
        ("header 1", {"headers": (paragraph("{{ scool }}"),)}),
        ("footer 2", {"footers": (paragraph("x"), paragraph("{{ scool }}"))}),
        ("footnotes", {"footnotes": paragraph("{{ scool }}")}),
        ("endnotes", {"endnotes": paragraph("{{ scool }}")}),
        ("the document properties", {"title": "Letter of {{ scool }}"}),
        ("the document properties", {"custom": "{{ scool }}"}),
    ],
)
def test_a_fault_outside_the_body_is_found_where_it_stands(part: str, others: dict[str, object]) -> None:
    ((code, detail),) = faults_of(paragraph("x"), **others)
    assert code == "unknown-word"
    assert detail.startswith(f"In {part}, ")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Dear {{ first_name }", "tag-not-closed", '"{{" is not closed'),
        ("Dear { first_name }}", "tag-not-closed", '"}}" closes nothing'),
        ("{% if late }", "tag-not-closed", '"{%" is not closed'),
        ("late %}", "tag-not-closed", '"%}" closes nothing'),
        ("{{ }}", "tag-not-readable", "cannot be read"),
        ("{{ first name }}", "tag-not-readable", "cannot be read"),
        ("{% if late = 3 %}x{% endif %}", "tag-not-readable", "cannot be read"),
        ("{{ " + "x" * 400 + " }}", "tag-not-readable", "the limit is 300"),
        ("{% if late %}", "block-not-closed", "write {% endif %} where it ends"),
        ("{% for row in sessions %}", "block-not-closed", "write {% endfor %} where it ends"),
        ("{% endif %}", "block-not-open", "outside any if"),
        ("{% for row in sessions %}{% endif %}{% endfor %}", "block-not-open", "inside {% for row in sessions %}"),
        ("{% for row in sessions %}{% elif late %}{% endfor %}", "block-not-open", "inside {% for row"),
        ("{% esle %}", "tag-not-allowed", 'Did you mean "else"?'),
        ("{% endfr %}", "tag-not-allowed", 'Did you mean "endfor"?'),
        ("{% if late %}x{% endif late %}", "tag-not-readable", "write only {% endif %}"),
        ("{{ loop.index }}", "loop-outside", "between {% for … %}"),
        ("{% for row in sessions %}{{ loop.nth }}{% endfor %}", "tag-not-allowed", "loop.index"),
        ("{{ first_name|safe }}", "tag-not-allowed", '"|safe" cannot be used'),
        ("{{ 'x' if late }}", "tag-not-allowed", "needs its other half"),
        ("{{ first_name() }}", "tag-not-allowed", "a call with brackets"),
        ("{{ late + 1 }}", "tag-not-allowed", "arithmetic"),
        ("{{ [1, 2] }}", "tag-not-allowed", "a list"),
        ("{%p if late %} text", "text-beside-block", "give it its own paragraph"),
        ("text {#p note #}", "text-beside-block", "give it its own paragraph"),
        ("{%p if late %}{%p endif %}", "text-beside-block", "give it its own paragraph"),
        ("{% vm %}", "tag-not-readable", "do not fit together"),
    ],
)
def test_a_fault_says_what_is_wrong_and_what_to_do(text: str, code: str, words: str) -> None:
    faults = faults_of(paragraph("before") + paragraph(text))
    assert [fault for fault in faults if fault[0] == code and words in fault[1]], faults
    assert all("paragraph 2" in detail for _, detail in faults)


@pytest.mark.parametrize(
    "body",
    [
        paragraph("{% for row in sessions %}") + table(cell("{{ row.date }}{% endfor %}")),
        table(cell("{%tr for row in sessions %}") + cell(""), cell("x") + cell("{% endfor %}")),
        "<w:p><w:r><w:t>{% if late %}a</w:t></w:r><w:hyperlink><w:r><w:t>b{% endif %}</w:t></w:r></w:hyperlink></w:p>",
    ],
    ids=["into a table", "row and cell", "into a link"],
)
def test_a_block_that_starts_and_ends_at_different_levels_is_refused_with_its_place(body: str) -> None:
    ((code, detail),) = [fault for fault in faults_of(body) if fault[0] in ("block-crosses", "tag-cut")]
    assert "paragraph" in detail, code


@pytest.mark.parametrize("tag", ["vm", "hm", "colspan 2", "cellbg late"])
@pytest.mark.parametrize("twice", [True, False])
def test_a_merged_or_coloured_cell_needs_a_plain_cell(tag: str, twice: bool) -> None:
    bare = cell(f"{{% {tag} %}}", properties="")
    body = table(cell(f"{{% {tag} %}} {{% {tag} %}}") if twice else bare)
    assert ("tag-not-allowed", True) in {
        (code, "can be used once in a cell" in detail) for code, detail in faults_of(body)
    }


def test_a_row_or_cell_that_would_lose_text_is_refused() -> None:
    row = table(cell("{%tr for row in sessions %}{{ row.date }}") + cell("{%tr endfor %}"))
    column = table(cell("{%tc for row in sessions %}", "text") + cell("x") + cell("{%tc endfor %}"))
    assert "give it its own row" in dict(faults_of(row))["text-beside-block"]
    assert "give it its own cell" in dict(faults_of(column))["text-beside-block"]


def test_a_tag_cut_by_a_link_is_refused() -> None:
    body = "<w:p><w:r><w:t>{{ first</w:t></w:r><w:hyperlink><w:r><w:t>_name }}</w:t></w:r></w:hyperlink></w:p>"
    assert {code for code, _ in faults_of(body)} == {"tag-cut"}


@pytest.mark.parametrize(
    "body",
    [
        '<w:p><w:r><w:instrText>HYPERLINK "{{ school }}"</w:instrText></w:r></w:p>',
        "<w:p><w:del><w:r><w:delText>{{ school }}</w:delText></w:r></w:del></w:p>",
        '<w:p><w:r><a:t xmlns:a="urn:a">{{ school }}</a:t></w:r></w:p>',
        '<w:p><w:hyperlink w:tooltip="{{ school }}"><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>',
        "<w:p>{{ school }}</w:p>",
        '<w:p><w:r><w:instrText>HYPERLINK "{{ school"</w:instrText></w:r></w:p>',
    ],
)
def test_a_tag_where_word_would_print_it_as_typed_is_refused(body: str) -> None:
    assert "tag-not-filled" in {code for code, _ in faults_of(body)}


@pytest.mark.parametrize("name", ["word/comments.xml", "word/charts/chart1.xml", "word/glossary/document.xml"])
def test_a_tag_in_a_part_that_is_not_filled_is_refused(name: str) -> None:
    parts = make_parts(paragraph("{{ school }}"))
    split = '<r xmlns="urn:x"><p><t>{{ </t><t>school }}</t></p></r>'
    with pytest.raises(TemplateError, match="would print as typed"):
        LetterTemplate.open(make_zip({**parts, name: split.encode()}), "letter")


def test_a_tag_in_the_description_of_a_picture_is_filled() -> None:
    body = '<w:p><w:r><w:drawing><wp:docPr id="1" name="x" descr="Logo of {{ scool }}"/></w:drawing></w:r></w:p>'
    ((code, detail),) = faults_of(body)
    assert code == "unknown-word"
    assert "paragraph 1, the description of a picture" in detail


def test_all_faults_of_all_parts_come_together_and_name_the_file() -> None:
    content = make_docx(
        paragraph("{{ a.__class__ }}") + paragraph("{{ b") + paragraph("{% if c %}"),
        headers=(paragraph("{% endfor %}"),),
        title="{{ x() }}",
    )
    with pytest.raises(TemplateError) as caught:
        LetterTemplate.open(content, "letter_1.docx")
    assert sorted(problem.code for problem in caught.value.problems) == [
        "block-not-closed",
        "block-not-open",
        "tag-not-allowed",
        "tag-not-allowed",
        "tag-not-closed",
    ]
    assert {problem.file for problem in caught.value.problems} == {"letter_1.docx"}


def test_what_is_no_word_document_is_a_problem_too() -> None:
    assert [problem.code for problem in check_template(b"plain text", KNOWN)] == ["not-a-word-document"]
