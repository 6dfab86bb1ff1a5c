"""A letter template: a Word document with {{ words }} in it, prepared once and then filled again and again."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError
from lxml import etree

from service.did_you_mean import did_you_mean
from service.errors import FillError, Problem, TemplateError
from service.file_access import UnusableFileError, read_bounded
from service.word.filling.blocks import Filling, Write
from service.word.filling.compile import Fault, PartCompiler
from service.word.filling.lint import ANY_WORDS, Words, check_part, check_unfilled_part
from service.word.filling.long_values import set_aside
from service.word.filling.syntax import ENVIRONMENT, find_forbidden
from service.word.filling.tags import find_places, find_tags
from service.word.gate import find_unsafe_content
from service.word.package import MAX_PACKED, Package, PackageWriter
from service.word.parts import WORD_NAMESPACE, Part, list_parts, w
from service.word.plain_xml import parse_xml

DECLARATION = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
TAG_OR_BREAK = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})|\n", re.DOTALL)
MOST_OPEN = 256  # a cohort may name a school in each row, and each with a logo has templates of its own
FIRST_PICTURE_ID = 1_000  # as docxtpl counts them


@dataclass(frozen=True, slots=True)
class PreparedPart:
    """One part that holds tags: the function that writes it, its words, and whether docxtpl must repair the result."""

    part: Part
    write: Write
    wants: frozenset[str]
    optional: frozenset[str]
    is_repaired: bool

    def fill(self, filling: Filling) -> bytes:
        """The XML of this part for one letter."""
        pieces = [DECLARATION]
        self.write(filling, pieces)
        content = b"".join(pieces)
        return _repair_tables(content) if self.is_repaired and not filling.problems else content


class LetterTemplate:
    """One Word letter, opened once.

    Its tags are prepared by docxtpl's own `patch_xml`, read by Jinja's parser and compiled to plain functions here.
    Nothing of a template is ever run as code. Each letter costs only the writing of its words and one deflate a part.
    """

    def __init__(self, name: str, package: Package, parts: tuple[PreparedPart, ...]) -> None:
        self.name = name
        self.wants = frozenset[str]().union(*(part.wants for part in parts))
        self.is_fast = not any(part.is_repaired for part in parts)
        self._required = self.wants.difference(*(part.optional for part in parts))
        self._parts = parts
        self._writer = PackageWriter(package, [part.part.name for part in parts])

    @classmethod
    def open(cls, content: bytes, name: str) -> LetterTemplate:
        """The template in the bytes of a DOCX; TemplateError with every fault it has, each with its place."""
        try:
            package = Package.open(content)
            prepared, problems = _prepare(package, ANY_WORDS)
        except TemplateError as error:
            raise _named(name, error.problems) from None
        if problems:
            raise _named(name, problems)
        return cls(name, package, prepared)

    def missing(self, fields: Mapping[str, object]) -> tuple[str, ...]:
        """The words that this template asks for and `fields` does not have, in alphabetical order.

        Words that the template asks about first ("is defined", "|default") may be absent.
        """
        return tuple(sorted(self._required - fields.keys()))

    def fill(self, fields: Mapping[str, object]) -> bytes:
        """The letter as the bytes of a DOCX; the same template and fields give the same bytes.

        Text and whole numbers are printed, None prints nothing; True and False are for conditions, lists of groups for
        loops. A newline becomes a line break, a tab a tab. FillError names every word that is missing or unusable.
        """
        missing = self.missing(fields)
        if missing:
            raise FillError([self._missing(word, fields) for word in missing])
        filling = Filling(dict(fields))
        contents = [part.fill(filling) for part in self._parts]
        if filling.problems:
            raise FillError(list(dict.fromkeys(filling.problems)))
        return self._writer.write(contents)

    def _missing(self, word: str, fields: Mapping[str, object]) -> Problem:
        guess = did_you_mean(word, fields)
        detail = f'The template "{self.name}" asks for "{word}", which has no value.{guess}'
        return Problem("missing-word", detail, f"/{word}")


def read_template(path: Path) -> bytes:
    """The bytes of a template's file. Raises TemplateError when it is no ordinary file, or too large."""
    try:
        return read_bounded(path, MAX_PACKED)
    except UnusableFileError as error:
        sentence = f"This cannot be used: {error.strerror}."
        raise TemplateError(Problem("file-not-usable", sentence, file=path.name)) from None


def check_is_word(content: bytes, name: str) -> bytes:
    """The same bytes, where they are a Word document that is safe to read; TemplateError with what is wrong."""
    try:
        list_parts(Package.open(content))
    except TemplateError as error:
        raise _named(name, error.problems) from None
    return content


def check_template(content: bytes, known: Words) -> list[Problem]:
    """Everything that is wrong with a letter template, each with part, paragraph and words; empty when nothing is."""
    try:
        package = Package.open(content)
        return _prepare(package, known)[1]
    except TemplateError as error:
        return list(error.problems)


def _named(name: str, problems: Collection[Problem]) -> TemplateError:
    return TemplateError([Problem(problem.code, problem.detail, file=name) for problem in problems])


def _prepare(package: Package, known: Words) -> tuple[tuple[PreparedPart, ...], list[Problem]]:
    """The parts of a template that hold tags, ready to fill, and every fault found in any part."""
    parts = list_parts(package)
    problems = find_unsafe_content(package, parts)
    prepared = []
    for part in parts:
        if part.kind == "other":
            problems += check_unfilled_part(part)
            continue
        faults = check_part(part, known)
        problems += faults
        unreadable = [fault for fault in faults if fault.code != "unknown-word"]
        if not unreadable and b"{" in part.content:
            compiled, found = _prepare_part(part)
            prepared.append(compiled)
            problems += found
    return tuple(prepared), list(dict.fromkeys(problems))


def _prepare_part(part: Part) -> tuple[PreparedPart, list[Problem]]:
    """One part compiled, and what only shows when it is read as a whole."""
    root = parse_xml(part.content)
    xml, kept = set_aside(etree.tostring(root, encoding="unicode"))
    source = prepare_source(xml)
    compiler = PartCompiler(kept)
    try:
        template = ENVIRONMENT.parse(source)
        faults = [Fault("tag-not-allowed", 1, reason) for reason in find_forbidden(template, made_by_docxtpl=True)]
    except TemplateSyntaxError as error:
        faults = [Fault("tag-not-readable", error.lineno, f"the tags here do not fit together ({error.message})")]
    write = _nothing if faults else compiler.compile(template)
    is_repaired = part.kind == "letter" and (compiler.changes_columns or compiler.repeats_pictures)
    faults += compiler.faults
    if part.kind != "properties" and root.nsmap.get("w") != WORD_NAMESPACE:
        faults.append(Fault("unusual-xml", 1, "the file was not written by Word: open it in Word and save it again."))
    if is_repaired and any(table.find(w("tblGrid")) is None for table in root.iter(w("tbl"))):
        faults.append(Fault("unusual-xml", 1, "a table declares no columns: open the file in Word and save it again."))
    prepared = PreparedPart(part, write, frozenset(compiler.wants), frozenset(compiler.optional), is_repaired)
    return prepared, [_place(part, source, fault) for fault in faults]


def _nothing(_filling: Filling, _out: list[bytes]) -> None:
    """What a part with faults writes."""


def prepare_source(xml: str) -> str:
    """docxtpl's own preparation: split runs joined, quotes straightened, {%p and {%tr moved; one line a paragraph."""
    patched: str = DocxTemplate(io.BytesIO()).patch_xml(xml)
    one_line = TAG_OR_BREAK.sub(lambda found: _plain_tag(found[1]) if found[1] else "&#10;", patched)
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", one_line)


def _plain_tag(tag: str) -> str:
    """A tag on one line with the characters that XML writes as entities (docxtpl undoes only < and >)."""
    return tag.replace("\n", " ").replace("&quot;", '"').replace("&amp;", "&")


def _place(part: Part, source: str, fault: Fault) -> Problem:
    """A fault of the prepared source, in the paragraph of the document that has the same tag."""
    line = re.sub(r"<[^>]*>", "", source.split("\n")[fault.line - 1])
    for place in find_places(part):
        for tag in find_tags(place):
            if tag.says and tag.says in line:
                return tag.problem(fault.code, fault.sentence)
    return Problem(fault.code, f"In {part.label}: {fault.sentence}")


def _repair_tables(content: bytes) -> bytes:
    """docxtpl's own repairs after filling: columns counted again, pictures in loops numbered apart."""
    docxtpl = DocxTemplate(io.BytesIO())
    docxtpl.docx_ids_index = FIRST_PICTURE_ID
    try:
        tree = docxtpl.fix_tables(content.removeprefix(DECLARATION).decode())
    except ValueError:
        raise FillError(Problem("not-a-number", "A colspan in the template was not filled with a number.")) from None
    docxtpl.fix_docpr_ids(tree)
    repaired: bytes = DECLARATION + etree.tostring(tree, encoding="UTF-8")
    return repaired
