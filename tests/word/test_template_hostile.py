"""Templates that try to run code or to use up the machine are refused when they are opened, quickly."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from jinja2 import TemplateSyntaxError

from service.errors import FillError, TemplateError
from service.word.filling.lint import Words
from service.word.filling.syntax import ENVIRONMENT, find_forbidden
from service.word.filling.template import LetterTemplate, check_template
from service.word.package import Package
from tests.steps import steps_of
from tests.word.letter_making import make_docx, paragraph, run

MOST_STEPS = 2_000_000
ESCAPES = [
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os.popen('id').read() }}",
    "{{ namespace.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ lipsum.__globals__.os.system('id') }}",
    "{{ self.__init__.__globals__.__builtins__ }}",
    "{{ self._TemplateReference__context.cycler }}",
    "{{ self.__dict__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__.__subclasses__()[132] }}",
    "{{ [].__class__ }}",
    "{{ ().__class__.__bases__[0] }}",
    "{{ {}.__class__ }}",
    "{{ 1.__class__ }}",
    "{{ name.__class__ }}",
    "{{ name['__class__'] }}",
    "{{ name|attr('__class__') }}",
    "{{ name|attr('__cl' ~ 'ass__') }}",
    "{{ name|attr(['__', 'class', '__']|join) }}",
    "{{ name|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ['a']|map('attr', '__class__')|list }}",
    "{{ ['{0.__class__}']|map('format', name)|list }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ '{a.__class__}'.format_map(fields) }}",
    "{{ '%s'|format(name) }}",
    "{{ name.format }}{{ name.format() }}",
    "{{ name.upper() }}",
    "{{ rows.append(1) }}",
    "{{ pupil.delete() }}",
    "{{ range(10) }}",
    "{{ dict(a=1) }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ kwargs }}",
    "{{ super() }}",
    "{{ cycler }}",
    "{{ loop.__class__ }}",
    "{{ _secret }}",
    "{{ name._secret }}",
    "{{ name['_secret'] }}",
    "{{ name[other] }}",
    "{{ name[0:2] }}",
    "{{ name|safe }}",
    "{{ name|xmlattr }}",
    "{{ name|pprint }}",
    "{{ name|map(attribute='__class__') }}",
    "{{ name|default(other.__class__) }}",
    "{{ name|join(other) }}",
    "{{ name is sameas name }}",
    "{{ name ~ name }}",
    "{{ -1 }}",
    "{% set x = cycler %}",
    "{% set _ = rows.append(1) %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% include '/etc/passwd' %}",
    "{% extends '/etc/passwd' %}",
    "{% macro x() %}{% endmacro %}",
    "{% call x() %}{% endcall %}",
    "{% block x %}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% autoescape false %}{{ name }}{% endautoescape %}",
    "{% with x = 1 %}{% endwith %}",
    "{% do rows.clear() %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{% debug %}",
    "{% if cycler %}x{% endif %}",
    "{% if name.__class__ %}x{% endif %}",
    "{% if name is callable %}x{% endif %}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{% for x in name|list %}{% endfor %}",
    "{% for x in rows recursive %}{% endfor %}",
    "{% for x in rows if x.__class__ %}{% endfor %}",
    "{% for a, b in rows %}{% endfor %}",
    "{% for cycler in rows %}{{ cycler.x }}{% endfor %}",
    "{{p document }}",
    "{{tr document }}",
    "{{r name.__class__ }}",
    "{%r if name.__class__ %}x{%r endif %}",
]
EXHAUSTING = [
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{{ 'A' * 10**9 }}",
    "{{ 'A' * 1000000000 }}",
    "{% if false %}{{ 'A' * 10**9 }}{% endif %}",
    "{{ 9**9**9 }}",
    "{{ [0] * 10**9 }}",
    "{{ lipsum(200000) }}",
    "{{ 'x'.ljust(10**9) }}",
    "{{ 'x'|center(1000000000) }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ name|indent(1000000000) }}",
    "{{ name|batch(1000000000) }}",
    "{{ name|wordwrap(1) }}",
    "{{ rows|sort }}",
    "{{ rows|tojson }}",
    "{{ 1.5|round(100000000) }}",
    "{% for a in r %}{% for b in r %}{% for c in r %}{% for d in r %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}",
    "{{ " + "(" * 100 + "1" + ")" * 100 + " }}",
    "{{ " + " + ".join(["1"] * 50_000) + " }}",
    "{{ " + "not " * 70 + "name }}" + "{{ x.__class__ }}",
    "{% if a %}" * 500 + "{% endif %}" * 500,
    "{%" * 16_000,
    "{{" * 16_000,
    "{_{" * 16_000,
    "{" * 16_000,
    "{{ a" * 900,
]

PLACES: dict[str, Callable[[str], bytes]] = {
    "the body": lambda text: make_docx(paragraph(text)),
    "a header": lambda text: make_docx(paragraph("x"), headers=(paragraph(text),)),
    "a footer": lambda text: make_docx(paragraph("x"), footers=(paragraph("y"), paragraph(text))),
    "a footnote": lambda text: make_docx(paragraph("x"), footnotes=paragraph(text)),
    "an endnote": lambda text: make_docx(paragraph("x"), endnotes=paragraph(text)),
    "a property": lambda text: make_docx(paragraph("x"), title=text),
    "split runs": lambda text: make_docx(
        "<w:p>" + "".join(run(html.escape(c)) for c in html.unescape(text)) + "</w:p>"
    ),
}


def assert_refused(content: bytes) -> None:
    def refuse() -> None:
        with pytest.raises(TemplateError):
            LetterTemplate.open(content, "letter")

    steps = steps_of(refuse)
    assert steps < MOST_STEPS


@pytest.mark.parametrize("payload", ESCAPES)
def test_a_template_that_reaches_for_python_is_refused_wherever_it_stands(payload: str) -> None:
    for place in PLACES.values():
        assert_refused(place(html.escape(payload)))


@pytest.mark.parametrize("payload", [payload for payload in ESCAPES if "raw" not in payload])
def test_the_tree_of_a_whole_part_is_refused_by_itself_as_well(payload: str) -> None:
    try:
        tree = ENVIRONMENT.parse(f"<w:t>before {payload} after</w:t>")
    except TemplateSyntaxError:
        return
    assert find_forbidden(tree)


@pytest.mark.parametrize("payload", EXHAUSTING, ids=lambda payload: payload[:40])
def test_a_template_that_would_use_up_the_machine_is_refused_at_once(payload: str) -> None:
    for place in ("the body", "a header", "a property"):
        assert_refused(PLACES[place](html.escape(payload)))


def test_what_closed_tags_cost_grows_with_their_number_only() -> None:
    def cost(paragraphs: int) -> int:
        content = make_docx("".join(paragraph("{{ a }}" * 10) for _ in range(paragraphs)))
        return steps_of(lambda: LetterTemplate.open(content, "letter"))

    cost(1)  # what is kept after the first letter
    assert cost(40) < 6 * cost(10)


def test_every_fault_of_a_hostile_template_is_named_at_once() -> None:
    body = "".join(paragraph(html.escape(payload)) for payload in ESCAPES[:20])
    problems = check_template(make_docx(body), Words({"name"}))
    assert len(problems) >= 20
    assert all("paragraph" in problem.detail for problem in problems)


def test_a_value_that_looks_like_a_tag_is_printed_and_not_run() -> None:
    template = LetterTemplate.open(make_docx(paragraph("{{ name }}")), "letter")
    for payload in ESCAPES:
        assert html.escape(payload, quote=False).encode() in _document(template.fill({"name": payload}))


def _document(docx: bytes) -> bytes:
    return Package.open(docx).read("word/document.xml")


class Pupil:
    """An object as a careless caller might hand it in."""

    first_name = "Ann"
    deleted = False

    def delete(self) -> str:
        """Must never be called by a template."""
        self.deleted = True
        return "gone"


def test_an_object_in_the_words_is_never_looked_into() -> None:
    template = LetterTemplate.open(make_docx(paragraph("{{ pupil.delete }}{{ pupil.first_name }}")), "letter")
    pupil = Pupil()
    with pytest.raises(FillError) as caught:
        template.fill({"pupil": pupil})
    assert {problem.code for problem in caught.value.problems} == {"missing-word"}
    assert not pupil.deleted


def test_loops_over_long_lists_in_one_another_stop() -> None:
    body = paragraph("{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}{% endfor %}")
    template = LetterTemplate.open(make_docx(body), "letter")
    with pytest.raises(FillError) as caught:
        template.fill({"rows": list(range(5_000))})
    assert [problem.code for problem in caught.value.problems] == ["too-many-rows"]
