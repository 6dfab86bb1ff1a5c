"""The letters use known words only, leave no holes, and say nothing that a letter must not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, nodes

from builders.letters.build import MESSAGE
from builders.letters.shelf import read_fields, read_letters
from service.word.parts import read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LETTERS = read_letters()
FIELDS = read_fields()
ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr),
    *(nodes.If, nodes.For, nodes.Compare, nodes.Operand, nodes.Const),
)
PRONOUNS = {"he", "she", "his", "her", "hers", "him", "himself", "herself", "they", "them", "their", "theirs"}
FORBIDDEN = [
    *("diagnos", "protection plan", "child protection", "child in need", "social worker", "roll", "expel", "exclu"),
    *("will be fined", "will get a fine", "will be prosecuted", "will receive a penalty", "will issue", "prison"),
    *("sibling", "brother", "sister", "lazy", "excuse", "criminal"),
]
LONGEST_SENTENCE = 30  # words
READING_GRADE = 6.5  # Flesch-Kincaid; 6 is a reading age of about 11


def template_text(name: str) -> str:
    """All tags and words of a template, a paragraph a line."""
    parts = read_parts(LETTERS[name].template.read_bytes())
    paragraphs = (
        paragraph
        for part, content in parts.items()
        if re.match(r"word/(document|header\d|footer\d)\.xml", part)
        for paragraph in ElementTree.fromstring(content).iter(f"{W}p")  # noqa: S314 - our own file
    )
    text = "\n".join("".join(piece.text or "" for piece in paragraph.iter(f"{W}t")) for paragraph in paragraphs)
    return re.sub(r"{%(p|tr) ", "{% ", text)


def parse(name: str) -> nodes.Template:
    text = MESSAGE.read_text(encoding="utf-8") if name == "attendance_message" else template_text(name)
    return Environment(autoescape=True).parse(text)


EVERY = [*LETTERS, "attendance_message"]


def uses(node: nodes.Node, known: frozenset[str], rows: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Each word that is used ("meeting_time", "earlier_letters.date"), and whether an `if` on it stands around it."""
    if isinstance(node, nodes.If):
        condition = node.test.name if isinstance(node.test, nodes.Name) else ""
        yield from ((word, True) for word, _ in uses(node.test, known, rows))
        for child in node.body:
            yield from uses(child, known | {condition}, rows)
        for child in (*node.elif_, *node.else_):
            yield from uses(child, known, rows)
    elif isinstance(node, nodes.For):
        yield from uses(node.iter, known, rows)
        for child in node.body:
            yield from uses(child, known, rows | {node.target.name: node.iter.name})
    elif isinstance(node, nodes.Getattr):
        yield from () if node.node.name == "loop" else ((f"{rows[node.node.name]}.{node.attr}", True),)
    elif isinstance(node, nodes.Name):
        yield from () if node.name in rows else ((node.name, node.name in known),)
    else:
        for child in node.iter_child_nodes():
            yield from uses(child, known, rows)


def all_uses(name: str) -> list[tuple[str, bool]]:
    return list(uses(parse(name), frozenset(), {}))


def sentences(name: str) -> list[str]:
    """The sentences of a letter's wording, with a short name for every tag."""
    body = LETTERS[name].wording.read_text(encoding="utf-8").split("\n\n", 1)[1]
    text = "\n".join(line for line in body.splitlines() if not line.startswith(("|", "##")))
    text = re.sub(r"{%.*?%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}", "Amy", text, flags=re.DOTALL).replace("\n- ", ". ")
    return [sentence for sentence in re.split(r"[.!?:]+\s", text) if len(sentence.split()) > 1]


def count_syllables(word: str) -> int:
    bare = re.sub(r"(?<=[^aeiouy])e$|es$|(?<=[^td])ed$", "", word.lower()) or word
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


@pytest.mark.parametrize("name", EVERY)
def test_tags_are_only_names_items_conditions_loops_and_comparisons(name) -> None:
    assert {type(node) for node in parse(name).find_all(nodes.Node)} <= set(ALLOWED)


@pytest.mark.parametrize("name", EVERY)
def test_a_letter_uses_only_words_of_the_vocabulary(name) -> None:
    known = set(FIELDS) | {f"{word}.{item}" for word, field in FIELDS.items() for item in field.get("items", ())}
    assert {word for word, _ in all_uses(name)} <= known


def test_every_word_of_the_vocabulary_is_used_by_a_letter() -> None:
    used = {word for name in EVERY for word, _ in all_uses(name)}
    used |= {word for letter in LETTERS.values() for word in letter.settings["needs"]}
    items = {f"{word}.{item}" for word, field in FIELDS.items() for item in field.get("items", ())}
    assert (set(FIELDS) | items) - used == set()


@pytest.mark.parametrize("name", EVERY)
def test_a_word_that_may_be_empty_stands_behind_an_if_or_among_the_letters_needs(name) -> None:
    needs = set() if name == "attendance_message" else set(LETTERS[name].settings["needs"])
    bare = {word for word, guarded in all_uses(name) if not guarded}
    assert {word for word in bare if FIELDS.get(word, {}).get("optional")} <= needs


@pytest.mark.parametrize("word", FIELDS)
def test_an_example_is_of_the_type_that_the_vocabulary_says(word) -> None:
    field = FIELDS[word]
    types = {"text": str, "number": int, "flag": bool, "list": list}
    assert type(field["example"]) is types[field["type"]]
    assert field["meaning"].endswith(".")
    if "items" in field:
        assert {frozenset(row) for row in field["example"]} == {frozenset(field["items"])}


@pytest.mark.parametrize("name", LETTERS)
def test_settings_agree_with_the_wording(name) -> None:
    settings, used = LETTERS[name].settings, {word for word, _ in all_uses(name)}
    wording = LETTERS[name].wording.read_text(encoding="utf-8")
    assert {word for word in settings["needs"] if FIELDS[word]["type"] != "flag"} <= used
    assert all("hold" in FIELDS[word] for word in settings["needs"]), "say what to do where it is not there"
    assert ("since" in settings) == bool({word for word in used if "since_" in word})
    assert bool(settings["variants"]) == ("variant" in used)
    assert all(f'variant == "{variant}"' in wording or "{% else %}" in wording for variant in settings["variants"])
    assert bool(settings["enclosures"]) == ("Enclosed:" in wording)
    assert (settings["sent_by"] == "local authority") == ("Letterhead: local authority" in wording)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_that_speaks_of_a_penalty_or_a_court_must_be_posted(name) -> None:
    wording = " ".join(LETTERS[name].wording.read_text(encoding="utf-8").split())
    assert LETTERS[name].settings["must_be_posted"] == bool(re.search(r"penalty notice|\bcourt\b", wording))


@pytest.mark.parametrize("name", EVERY)
def test_no_letter_has_a_pronoun_for_the_pupil_or_says_what_it_must_not(name) -> None:
    text = "\n".join(sentences(name)) if name in LETTERS else MESSAGE.read_text(encoding="utf-8")
    text = text.lower() + (LETTERS[name].wording.read_text(encoding="utf-8").lower() if name in LETTERS else "")
    assert PRONOUNS.isdisjoint(re.findall(r"[a-z]+", text))
    assert [words for words in FORBIDDEN if re.search(rf"\b{words}", text)] == []


@pytest.mark.parametrize("name", LETTERS)
def test_sentences_are_short_and_words_plain(name) -> None:
    said = sentences(name)
    words = [word for sentence in said for word in re.findall(r"[A-Za-z’]+", sentence)]
    assert max(len(sentence.split()) for sentence in said) <= LONGEST_SENTENCE
    syllables = sum(map(count_syllables, words))
    assert 0.39 * len(words) / len(said) + 11.8 * syllables / len(words) - 15.59 <= READING_GRADE


def test_the_notice_to_improve_has_its_eight_parts_in_order() -> None:
    wording = LETTERS["notice_to_improve"].wording.read_text(encoding="utf-8")
    assert [line[3] for line in wording.splitlines() if line.startswith("## ")] == list("12345678")
    assert all(words in wording for words in ("Section 7 of the Education Act 1996", "section 444", "£80", "£160"))
