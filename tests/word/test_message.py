"""Messages: plain text with words, and what they may not do."""

from __future__ import annotations

import pytest

from service.errors import FillError, TemplateError
from service.word.filling.lint import ANY_WORDS, Words
from service.word.filling.message import MessageTemplate

WORDS = Words({"known_as", "school_name", "lines", "absences", "absences.date"}, {"lines", "absences"})


def open_message(source: str, known: Words = WORDS) -> MessageTemplate:
    return MessageTemplate.open(source, "message.txt", known)


def told(source: str) -> list[str]:
    with pytest.raises(TemplateError) as refused:
        open_message(source)
    assert {problem.file for problem in refused.value.problems} == {"message.txt"}
    return [problem.detail for problem in refused.value.problems]


def test_words_conditions_and_lists_are_filled() -> None:
    source = "{% if known_as %}{{ known_as }}: {% endif %}{% for one in absences %}{{ one.date }} {% endfor %}\nEnd"
    filled = open_message(source).fill_text({"known_as": "Robin & co", "absences": [{"date": "1 May"}]})
    assert filled == "Robin & co: 1 May \nEnd"


def test_a_missing_word_is_named() -> None:
    with pytest.raises(FillError, match='"known_as" has no value'):
        open_message("{{ known_as }}").fill_text({})


def test_every_fault_is_told_at_once_with_its_line() -> None:
    found = told("{{ known_ass }}\n{{ school_name\n{% for a in school_name %}{% endfor %}")
    assert found == [
        'In the message, line 1, "{{ known_ass }}": nothing fills the word "known_ass". Did you mean "known_as"?',
        'In the message, line 2, "{{ school_name": "{{" is not closed: write "}}" in the same paragraph.',
        'In the message, line 3, "{% for a in school_name %}{% endfor %}": '
        '"school_name" is no list, so there is nothing to go through: take the loop away.',
    ]


@pytest.mark.parametrize(
    "source",
    [
        "{{ known_as|upper }}",
        "{{ known_as.__class__ }}",
        "{% set x = 1 %}",
        "{{ cycler }}",
        "{% include 'x' %}",
        "{{ known_as() }}",
        "{% raw %}{{ x }}{% endraw %}",
        "{# hidden #}{% if known_as == 'x' %}{% endif %}",
    ],
)
def test_a_message_only_names_words(source: str) -> None:
    assert told(source)


def test_loops_stand_at_most_three_in_one_another() -> None:
    loops = "{% for a in lines %}" * 4 + "{% endfor %}" * 4
    assert "loops stand at most 3 in one another" in told(loops)[0]


def test_loops_together_have_a_limited_number_of_rows() -> None:
    source = "{% for a in lines %}{% for b in lines %}{{ b }}{% endfor %}{% endfor %}"
    template = open_message(source)
    assert template.fill_text({"lines": ["x"] * 100}) == "x" * 10_000
    with pytest.raises(FillError, match="more than 20,000 rows"):
        template.fill_text({"lines": ["x"] * 200})


def test_a_loop_over_what_is_no_list_is_not_gone_through() -> None:
    template = open_message("{% for a in lines %}{% endfor %}", ANY_WORDS)
    with pytest.raises(FillError, match="no list"):
        template.fill_text({"lines": "a text"})
