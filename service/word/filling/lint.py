"""The linter of letter templates: every tag read by itself, so that every fault is found with its place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from jinja2 import nodes

from service.did_you_mean import did_you_mean
from service.errors import Problem
from service.word.filling.syntax import MAX_LOOPS, find_forbidden, is_loop_word, parse_tag
from service.word.filling.tags import STRAY, Place, Tag, find_places, find_stray_braces, find_tags, text_of
from service.word.parts import Part, w
from service.word.plain_xml import parse_xml

MAX_BRACES = 2_000  # docxtpl's preparation needs time with the square of their number
MAX_PART = 2_000_000  # bytes of a part that holds tags
MAX_NESTING = 20
MAX_MESSAGE = 20_000  # characters
MESSAGE = "the message"
MOST_SAID = 20  # problems of one message or one part that is not filled; nobody reads more
CELL_TAG = re.compile(r"\{%\s*(vm|hm|colspan|cellbg)\b")
ENDS = {"endif": "if", "endfor": "for"}
PARTS_WITH = {"elif": ("if",), "else": ("if", "for")}
STATEMENTS = ("if", "elif", "else", "endif", "for", "endfor", "colspan", "cellbg", "vm", "hm")
FORBIDDEN_PLACE = "Word keeps this text for itself and it would print as typed: put the tag into ordinary text."


@dataclass(frozen=True, slots=True)
class Words:
    """The words that letters are filled with ("sessions.date": a word of each row of "sessions"), and those with rows.

    Without words (None) every word may be asked for.
    """

    all: Collection[str] | None = None
    lists: Collection[str] = ()


ANY_WORDS = Words()


@dataclass(slots=True)
class Reader:
    """One part as far as it has been read: the blocks still open, each with its loop's word, and the problems found."""

    known: Words
    blocks: list[tuple[Tag, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check_part(part: Part, known: Words = ANY_WORDS) -> list[Problem]:
    """Every fault in the tags of a part that is filled; and every word that is not known."""
    if part.content.count(b"{") > MAX_BRACES:
        return [_too_many(part.label, "braces", part.content.count(b"{"), MAX_BRACES)]
    if len(part.content) > MAX_PART:
        return [_too_many(part.label, "bytes", len(part.content), MAX_PART)]
    reader = Reader(known)
    for place in find_places(part):
        if "{" in place.text or "}" in place.text:
            _read_place(reader, place)
    reader.problems += _table_problems(part)
    reader.problems += _open_problems(reader)
    return reader.problems


def check_unfilled_part(part: Part) -> list[Problem]:
    """The tags in a part that nothing fills (comments, charts, …): they would print as typed."""
    if part.name.endswith(".rels"):
        return []
    places = (place for place in find_places(part) if "{{" in place.text or "{%" in place.text)
    return [
        place.problem("tag-not-filled", 0, 0, f"{part.name} is not filled, so the tag would print as typed: remove it.")
        for place in itertools.islice(places, MOST_SAID)
    ]


def check_message(text: str, known: Words = ANY_WORDS) -> list[Problem]:
    """Every fault in the tags of a plain-text message, and every word that is not known."""
    for what, count, most in (("braces", text.count("{"), MAX_BRACES), ("characters", len(text), MAX_MESSAGE)):
        if count > most:
            return [_too_many(MESSAGE, what, count, most)]
    reader = Reader(known)
    for number, line in enumerate(text.splitlines(), 1):
        _read_place(reader, Place(MESSAGE, f"line {number}", line))
    return [*reader.problems, *_open_problems(reader)][:MOST_SAID]


def _open_problems(reader: Reader) -> Iterator[Problem]:
    """The blocks that nothing closes."""
    for tag, _, _ in reader.blocks:
        end = f"{{% end{tag.keyword} %}}"
        yield tag.problem("block-not-closed", f"this {tag.keyword} is never closed: write {end} where it ends.")


def _table_problems(part: Part) -> Iterator[Problem]:
    """Rows and cells that docxtpl's preparation takes away with their text, or where it would go wrong or never end."""
    root = parse_xml(part.content)
    for prefix, owner in (("tr", "row"), ("tc", "cell")):
        for element in root.iter(w(prefix)):
            yield from _lost_text(Place(part.label, f"a table {owner}", text_of(element)), prefix, owner)
    for cell in root.iter(w("tc")):
        place = Place(part.label, "a table cell", text_of(cell))
        tags = [(found[1], found.span()) for found in CELL_TAG.finditer(place.text)]
        properties = list(cell.iter(w("tcPr")))
        is_plain = len(properties) == 1 and cell[0] is properties[0] and len(properties[0]) > 0
        if tags and (len(tags) > len({name for name, _ in tags}) or not is_plain):
            sentence = f"{{% {tags[0][0]} %}} can be used once in a cell, which needs a width and no other table in it."
            yield place.problem("tag-not-allowed", *tags[0][1], sentence)


def _too_many(where: str, what: str, count: int, limit: int) -> Problem:
    return Problem("too-many-tags", f"In {where} are {count:,} {what}, the limit is {limit:,}: make it simpler.")


def _read_place(reader: Reader, place: Place) -> None:
    """Reads the tags of one place in order."""
    if not place.filled:
        if STRAY.search(place.text):
            reader.problems.append(place.problem("tag-not-filled", 0, len(place.text), FORBIDDEN_PLACE))
        return
    reader.problems += find_stray_braces(place)
    reader.problems += _lost_text(place, "p", "paragraph")
    for tag in find_tags(place):
        if tag.kind == "value":
            _read_value(reader, tag)
        else:
            _read_statement(reader, tag)


def _lost_text(place: Place, prefix: str, owner: str) -> Iterator[Problem]:
    """A tag with p, tr or tc and anything beside it: docxtpl takes the whole paragraph, row or cell away."""
    alone = re.search(rf"\{{[%{{#]{prefix}\s.*?[%}}#]\}}", place.text)
    if alone and (place.text[: alone.start()] + place.text[alone.end() :]).strip():
        sentence = f"a tag with {prefix} takes its whole {owner} away, and other text with it: give it its own {owner}."
        yield place.problem("text-beside-block", alone.start(), alone.end(), sentence)


def _read_value(reader: Reader, tag: Tag) -> None:
    if tag.prefix in ("p", "tr", "tc"):
        sentence = (
            f"{{{{{tag.prefix} …}}}} puts a whole document in, which letters do not do: write {{{{ {tag.says} }}}}."
        )
        reader.problems.append(tag.problem("tag-not-allowed", sentence))
    else:
        _read_expression(reader, tag, "", tag.says)


def _read_statement(reader: Reader, tag: Tag) -> None:
    word = tag.keyword
    if word in ("if", "for", "elif"):
        node = _read_expression(reader, tag, word, tag.says)
        if word == "elif":
            _check_inside(reader, tag)
        else:
            _open_block(reader, tag, node)
    elif word in ENDS or word == "else":
        if tag.says != word:
            reader.problems.append(tag.problem("tag-not-readable", f"write only {{% {word} %}}."))
        _check_inside(reader, tag)
    elif word in ("colspan", "cellbg"):
        _read_expression(reader, tag, "", tag.says.removeprefix(word).strip())
    elif word not in ("vm", "hm"):
        sentence = (
            f'"{word[:40]}" cannot be used in a letter, only if, for and their ends.{did_you_mean(word, STATEMENTS)}'
        )
        reader.problems.append(tag.problem("tag-not-allowed", sentence))


def _open_block(reader: Reader, tag: Tag, node: nodes.Node | None) -> None:
    target, path = "", ""
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        target, path = node.target.name, _path(reader, node.iter)
    reader.blocks.append((tag, target, path))
    if len(reader.blocks) == MAX_NESTING + 1:
        reader.problems.append(tag.problem("nested-too-deep", f"blocks can be at most {MAX_NESTING} deep."))


def _check_inside(reader: Reader, tag: Tag) -> None:
    """Whether an elif, else or end stands in the block it belongs to; an end closes it."""
    allowed = PARTS_WITH.get(tag.keyword) or (ENDS[tag.keyword],)
    innermost = reader.blocks[-1][0].keyword if reader.blocks else ""
    if innermost in allowed:
        if tag.keyword in ENDS:
            reader.blocks.pop()
        return
    sentence = f"{{% {tag.keyword} %}} is outside any {' or '.join(allowed)}."
    if innermost:
        sentence = f"{{% {tag.keyword} %}} is inside {{% {reader.blocks[-1][0].says[:60]} %}}: close that first."
    reader.problems.append(tag.problem("block-not-open", sentence))


def _read_expression(reader: Reader, tag: Tag, keyword: str, says: str) -> nodes.Node | None:
    """The node of a readable tag, after noting what it may not say and which words it does not know."""
    node = parse_tag("statement" if keyword else "value", says, tag.end - tag.start)
    if isinstance(node, str):
        reader.problems.append(tag.problem("tag-not-readable", node))
        return None
    reasons = find_forbidden(node)
    reader.problems += [tag.problem("tag-not-allowed", reason) for reason in reasons]
    if not reasons:
        reader.problems += _loop_problems(reader, tag, node)
        reader.problems += _word_problems(reader, tag, node)
    return node


def _loop_problems(reader: Reader, tag: Tag, node: nodes.Node) -> Iterator[Problem]:
    loops = sum(block.keyword == "for" for block, _, _ in reader.blocks)
    if isinstance(node, nodes.For) and loops == MAX_LOOPS:
        yield tag.problem("nested-too-deep", f"loops stand at most {MAX_LOOPS} in one another.")
    if isinstance(node, nodes.For) and (word := _no_list(reader, node)):
        yield tag.problem("not-a-list", f'"{word}" is no list, so there is nothing to go through: take the loop away.')
    if not loops and any(is_loop_word(part) for part in node.find_all(nodes.Getattr)):
        yield tag.problem("loop-outside", "loop.… can be used only between {% for … %} and {% endfor %}.")


def _word_problems(reader: Reader, tag: Tag, node: nodes.Node) -> Iterator[Problem]:
    """The words of a tag that are not among the known ones, with the nearest that is."""
    known = reader.known.all
    if known is None:
        return
    for path in dict.fromkeys(_asked_paths(reader, node)):
        nested = "." in path and any(word.startswith(path.rpartition(".")[0] + ".") for word in known)
        word = path if nested else path.partition(".")[0]
        roots = {word.partition(".")[0] for word in known}
        if word and word not in (known if nested else roots):
            guess = did_you_mean(word, known if nested else roots)
            yield tag.problem("unknown-word", f'nothing fills the word "{word}".{guess}')


def _no_list(reader: Reader, node: nodes.For) -> str:
    """The known word that a loop runs over though it has no rows; "" where all is well or the word is not known."""
    path = _path(reader, node.iter)
    return path if path in (reader.known.all or ()) and path not in reader.known.lists else ""


def _asked_paths(reader: Reader, node: nodes.Node) -> Iterator[str]:
    """Each word of a tag as a path from a field: "school_name", "sessions.date"."""
    children = [node.iter] if isinstance(node, nodes.For) else list(node.iter_child_nodes())
    if isinstance(node, nodes.Name | nodes.Getattr):
        if not is_loop_word(node):
            yield _path(reader, node)
        return
    for child in children:
        yield from _asked_paths(reader, child)


def _path(reader: Reader, node: nodes.Node) -> str:
    """The path of a name or attribute, with loop variables replaced by what they run over."""
    if isinstance(node, nodes.Getattr):
        return f"{_path(reader, node.node)}.{node.attr}"
    if not isinstance(node, nodes.Name):
        return ""
    for _, target, path in reversed(reader.blocks):
        if target == node.name:
            return path
    return node.name
