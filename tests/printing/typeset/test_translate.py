"""A Word template becomes a Typst function: what comes out on paper, and what is named as not known."""

from __future__ import annotations

import pytest

from service.errors import FillError
from service.printing.typeset.letter_call import CallWriter
from service.printing.typeset.translate.translate import translate
from tests.printing.typeset.setting import call_of, lines_of, translated
from tests.word.letter_making import cell, make_parts, make_zip, paragraph, run, table

TEXT_BOX = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
    'Requires="wps"/></mc:AlternateContent></w:r>'
)
IN_A_CONDITION = "".join(map(paragraph, ("{%p if a %}", "b", run("x", '<w:em w:val="dot"/>'), "{%p endif %}")))

_BEGIN, _ON = ('<w:vMerge w:val="restart"/>', "<w:vMerge/>")
MERGED_PAST_A_CONDITION = table(
    cell("a", properties=_BEGIN), cell("{%tr if a %}"), cell("b", properties=_ON), cell("{%tr endif %}")
)


def field(instruction: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def test_words_conditions_and_loops_stand_where_the_template_says(typesetter) -> None:
    body = (
        paragraph("Dear {{ name }},")
        + paragraph("{%p if late %}")
        + paragraph("You were late on {{ days|length }} days.")
        + paragraph("{%p else %}")
        + paragraph("You were on time.")
        + paragraph("{%p endif %}")
        + paragraph("{%p for day in days %}")
        + paragraph("{{ loop.index }}. {{ day.date }}{% if day.half %} ({{ day.half }}){% endif %}")
        + paragraph("{%p endfor %}")
        + paragraph("Printed as typed: {_{ name }_}")
    )
    days = [{"date": "Monday", "half": "morning"}, {"date": "Friday", "half": ""}]
    pdf = typesetter.set_tagged([call_of(typesetter, body, {"name": "Robin", "late": True, "days": days})])
    assert lines_of(pdf) == [
        "Dear Robin,",
        "You were late on 2 days.",
        "1. Monday (morning)",
        "2. Friday",
        "Printed as typed: {{ name }}",
    ]
    pdf = typesetter.set_tagged([call_of(typesetter, body, {"name": "Robin", "late": False, "days": []})])
    assert lines_of(pdf) == ["Dear Robin,", "You were on time.", "Printed as typed: {{ name }}"]


def test_rows_of_a_table_come_from_a_loop(typesetter) -> None:
    rows = (
        cell("Day") + cell("Half"),
        cell("{%tr for day in days %}") + cell(""),
        cell("{{ day.date }}") + cell("{{ day.half }}"),
        cell("{%tr endfor %}") + cell(""),
    )
    days = [{"date": f"{n} May", "half": "morning"} for n in (3, 4)]
    pdf = typesetter.set_tagged([call_of(typesetter, table(*rows), {"days": days})])
    assert [line.split(maxsplit=2) for line in lines_of(pdf)] == [
        ["Day", "Half"],
        ["3", "May", "morning"],
        ["4", "May", "morning"],
    ]


def test_a_cell_reaches_down_over_the_rows_that_it_is_merged_with(typesetter) -> None:
    begin, on = cell("Both days", properties='<w:vMerge w:val="restart"/>'), cell("", properties="<w:vMerge/>")
    call = call_of(typesetter, table(begin + cell("Monday"), on + cell("Friday"), cell("Later") + cell("Never")))
    shown = [line.split("  ") for line in lines_of(typesetter.set_tagged([call]))]
    assert [[one.strip() for one in line if one] for line in shown] == [
        ["Both days", "Monday"],
        ["Friday"],
        ["Later", "Never"],
    ]


def test_each_letter_counts_its_own_pages(typesetter) -> None:
    long = paragraph("{%p for line in lines %}") + paragraph("{{ line }}") + paragraph("{%p endfor %}")
    foot = paragraph(run("Page ") + field("PAGE") + run(" of ") + field("NUMPAGES") + run(" of {{ reference }}"))
    calls = [
        call_of(typesetter, long, {"lines": ["words"] * count, "reference": name}, footers=(foot, foot))
        for count, name in ((80, "first"), (1, "second"), (160, "third"))
    ]
    shown = [line for line in lines_of(typesetter.set_to_print(calls)) if line.startswith("Page")]
    assert shown == [
        *(f"Page {n} of 2 of first" for n in (1, 2)),
        "Page 1 of 1 of second",
        *(f"Page {n} of 3 of third" for n in (1, 2, 3)),
    ]


@pytest.mark.parametrize("first_page", [True, False])
def test_a_header_on_every_page_pushes_the_text_down_as_far_as_it_reaches(typesetter, first_page) -> None:
    head = "".join(paragraph(f"{{{{ school }}}} {n}") for n in range(8))
    body = "".join(paragraph(f"line {n}") for n in range(130))
    first = (paragraph("first"),) if first_page else ()
    call = call_of(typesetter, body, {"school": "Ash School"}, headers=(head, *first))
    pages = typesetter.set_tagged([call])
    shown = lines_of(pages)
    start = ["first"] if first_page else []
    assert shown[: len(start) + 1] == [*start, "line 0"]
    second = next(at for at, line in enumerate(shown) if at > 8 and line == "Ash School 0")
    assert shown[second : second + 8] == [f"Ash School {n}" for n in range(8)]
    assert shown[second + 8] == f"line {int(shown[second - 1].removeprefix('line ')) + 1}"


def test_a_word_that_is_missing_or_cannot_be_printed_is_named(typesetter) -> None:
    writer = CallWriter(translated(typesetter, paragraph("{{ name }} of {{ group }}")))
    with pytest.raises(FillError, match='"group" has no value') as raised:
        writer.fill({"name": "Robin\u202eAsh"})
    assert "U+202E" in str(raised.value)
    with pytest.raises(FillError, match="more than 100,000 characters"):
        writer.fill({"name": "A" * 100_001, "group": ""})


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (paragraph("one") + paragraph(TEXT_BOX), "the text box or shape in paragraph 2"),
        (paragraph(field("TOC")), 'the field "TOC" in paragraph 1'),
        (paragraph(run("x", '<w:highlight w:val="yellow"/>')), "the highlighted text in paragraph 1"),
        (paragraph(run("x", "<w:smallCaps/>")), "the small capitals in paragraph 1"),
        (paragraph(run("x", '<w:rFonts w:ascii="Nowhere"/>')), 'the font "Nowhere" in paragraph 1'),
        (paragraph("\u16a0"), "the character U+16A0 RUNIC LETTER FEHU FEOH FE F in paragraph 1"),
        (paragraph('<w:ins w:id="1"><w:r><w:t>x</w:t></w:r></w:ins>'), "the tracked change in paragraph 1"),
        (paragraph("x", properties='<w:framePr w:w="9" w:y="1"/>'), "the frame placed by the text in paragraph 1"),
        (MERGED_PAST_A_CONDITION, "the cells merged downwards beside a condition or loop in paragraph 3"),
        (IN_A_CONDITION, "the emphasised text in paragraph 3"),
    ],
)
def test_what_only_libreoffice_prints_is_named_with_its_paragraph(typesetter, body, named) -> None:
    assert translated(typesetter, body).unknown == (named,)


def test_a_construct_in_a_header_is_named_with_it(typesetter) -> None:
    found = translated(typesetter, paragraph("x"), headers=(paragraph("a"), paragraph(TEXT_BOX))).unknown
    assert found == ("the text box or shape in header 2, paragraph 1",)


@pytest.mark.parametrize("kind", ["header", "footer"])
def test_a_header_or_footer_that_is_not_in_the_file_is_named(typesetter, kind) -> None:
    parts = make_parts(paragraph("x"), **{f"{kind}s": (paragraph("a"),)})
    relationships = "word/_rels/document.xml.rels"
    pointing = parts[relationships].replace(f"{kind}1.xml".encode(), b"styles.xml")
    assert pointing != parts[relationships]
    found = translate(make_zip(parts | {relationships: pointing}), typesetter.faces).unknown
    assert found == (f"the {kind} that is not in the file",)


def test_a_template_is_the_same_function_each_time(typesetter) -> None:
    body = paragraph("Dear {{ name }}") + table(cell("a") + cell("b"))
    assert translated(typesetter, body) == translated(typesetter, body)
