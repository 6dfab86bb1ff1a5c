"""Jinja's syntax tree of one part -> one function that writes that part, checked on the way for well-formed XML."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import nodes

from service.word.filling import placeholders as words
from service.word.filling.blocks import (
    MISSING,
    Read,
    Step,
    Word,
    Write,
    write_block,
    write_choice,
    write_loop,
    write_value,
)
from service.word.filling.long_values import NONE, SetAside
from service.word.filling.position import CrossingError, Position, break_lines, step_over
from service.word.filling.syntax import is_loop_word
from service.word.filling.tags import ESCAPES, STRAY
from service.word.filling.values import ENCODERS, encode_text

CROSSES = (
    "this block opens at one level of the document and closes at another: put both tags into ordinary text of the same "
    "paragraph or table cell, or use {%p … %} for whole paragraphs and {%tr … %} for whole rows."
)
SPLIT = "a tag is cut by a link, a bookmark or a tracked change: accept the changes and type the tag again in one go."


class Fault(ValueError):  # noqa: N818  # a fault of the template, collected and not an error of the program
    """What is wrong, and the line of the prepared source (a line is a paragraph) where it was found."""

    def __init__(self, code: str, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.line, self.sentence = code, line, sentence


class PartCompiler:
    """Makes of one part's syntax tree the function that writes the part.

    Afterwards it holds the words that the part asks for, its faults, and whether docxtpl must repair what was written.
    """

    def __init__(self, kept: SetAside = NONE) -> None:
        self.position = Position()
        self._kept = kept
        self.wants: set[str] = set()
        self.optional: set[str] = set()
        self.faults: list[Fault] = []
        self.changes_columns = False
        self.repeats_pictures = False
        self._scopes: list[tuple[str, str]] = []  # loop variable -> pointer of its row
        self._floors: list[int] = []  # how many elements were open where each block began

    def compile(self, template: nodes.Template) -> Write:
        """The function that writes the whole part; look at `faults` before using it."""
        write = self._block(template.body)
        if self.position != Position():
            self._note("tag-cut", 1, SPLIT)
        return write

    def _block(self, body: Sequence[nodes.Node]) -> Write:
        steps: list[Step] = []
        literal: list[str] = []
        for node in body:
            for piece in node.nodes if isinstance(node, nodes.Output) else [node]:
                if isinstance(piece, nodes.TemplateData):
                    literal.append(self._literal(piece))
                else:
                    before = "".join(literal).encode()
                    direct = _direct(piece) if self.position.kind in ("text", "plain") else None
                    write = self._statement(piece) if isinstance(piece, nodes.Stmt) else self._value(piece)
                    steps.append(Step(before, write, direct))
                    literal = []
        return write_block(steps, "".join(literal).encode())

    def _literal(self, node: nodes.TemplateData) -> str:
        """Literal text as it is written, after following the elements that it opens and closes."""
        text = node.data.replace("\n", "")  # only ours, in front of paragraphs; others are &#10; by now
        if STRAY.search(text):
            self._note("tag-not-closed", node.lineno, "there is half a tag here: close it or remove it.")
        in_text = self.position.kind == "text"
        try:
            step = step_over(self.position, text)
        except CrossingError:
            self._note("tag-cut", node.lineno, SPLIT)
            return ""
        self._note_repairs(step.opened)
        self.position = step.after
        if "&#10;" in text or "\t" in text:
            text = break_lines(text, in_text)
        for escape, braces in ESCAPES.items():
            text = text.replace(escape, braces)
        return self._kept.put_back(text)

    def _note(self, code: str, line: int, sentence: str) -> None:
        """Remembers the first fault of the structure; those behind it only follow from it."""
        if not self.faults:
            self.faults.append(Fault(code, line, sentence))

    def _note_repairs(self, opened: Sequence[tuple[str, int]]) -> None:
        for name, depth in opened:
            if name == "w:tc" and self._floors and depth <= self._floors[-1]:
                self.changes_columns = True
            if name == "wp:docPr" and self._scopes:
                self.repeats_pictures = True

    def _value(self, node: nodes.Node) -> Write:
        self.changes_columns |= self.position.inside == "<w:gridSpan "
        encode = ENCODERS.get(self.position.kind)
        if encode is None:
            sentence = "this value is outside any text: write it as {{ … }} in ordinary text."
            self._note("tag-cut", node.lineno, sentence)
            encode = encode_text
        return write_value(self._read(node), self._word(node), encode)

    def _statement(self, node: nodes.Stmt) -> Write:
        if isinstance(node, nodes.If):
            return self._choice(node)
        if isinstance(node, nodes.For):
            return self._loop(node)
        raise TypeError(f"{type(node).__name__} has passed the allowlist without being compiled")

    def _branch(self, body: Sequence[nodes.Node], start: Position, line: int) -> Write:
        """The function that writes one branch or loop body, which must close every element that it opens."""
        self.position = start
        self._floors.append(len(start.open))
        write = self._block(body)
        self._floors.pop()
        if self.position != start:
            self._note("block-crosses", line, CROSSES)
            self.position = start
        return write

    def _choice(self, node: nodes.If) -> Write:
        start = self.position
        branches = [
            (self._needed(branch.test), self._branch(branch.body, start, branch.lineno))
            for branch in (node, *node.elif_)
        ]
        return write_choice(branches, self._branch(node.else_, start, node.lineno))

    def _loop(self, node: nodes.For) -> Write:
        assert isinstance(node.target, nodes.Name)  # noqa: S101  # the allowlist lets nothing else through
        start, word = self.position, self._word(node.iter)
        read = self._read(node.iter)
        self._scopes.append((node.target.name, f"{word.pointer}/{{{len(self._scopes)}}}"))
        body = self._branch(node.body, start, node.lineno)
        self._scopes.pop()
        return write_loop(node.target.name, read, word, body, self._branch(node.else_, start, node.lineno))

    def _needed(self, node: nodes.Node) -> Read:
        return words.read_present(self._read(node), self._word(node))

    def _read(self, node: nodes.Node) -> Read:
        """The function that reads one expression from a letter's words."""
        match node:
            case nodes.Const():
                value = node.value
                return lambda filling: value
            case nodes.Name():
                return self._name(node)
            case nodes.Getattr() if is_loop_word(node):
                return self._loop_word(node)
            case nodes.Getattr():
                return words.read_item(self._read(node.node), node.attr)
            case nodes.Getitem(arg=nodes.Const() as key):
                return words.read_item(self._read(node.node), key.value)
            case nodes.List() | nodes.Tuple():
                values = tuple(item.value for item in node.items if isinstance(item, nodes.Const))
                return lambda filling: values
            case _:
                return self._read_operation(node)

    def _read_operation(self, node: nodes.Node) -> Read:
        match node:
            case nodes.Not():
                inner = self._needed(node.node)
                return lambda filling: not inner(filling)
            case nodes.And():
                left, right = self._needed(node.left), self._needed(node.right)
                return lambda filling: left(filling) and right(filling)
            case nodes.Or():
                left, right = self._needed(node.left), self._needed(node.right)
                return lambda filling: left(filling) or right(filling)
            case nodes.Mul(left=nodes.Const(value=int() as columns)):
                length = self._read(node.right)  # docxtpl's own sum, for {% hm %}
                return lambda filling: columns * length(filling)  # type: ignore[operator]
            case nodes.CondExpr(expr2=nodes.Expr() as otherwise):
                test, first, second = self._needed(node.test), self._read(node.expr1), self._read(otherwise)
                return lambda filling: first(filling) if test(filling) else second(filling)
            case nodes.Compare():
                others = [(operand.op, self._needed(operand.expr)) for operand in node.ops]
                return words.read_comparison(self._needed(node.expr), others, self._word(node.expr))
            case nodes.Test():
                return self._defined(node)
            case nodes.Filter(node=nodes.Expr() as inner_node):
                return self._filtered(node, inner_node)
        raise TypeError(f"{type(node).__name__} has passed the allowlist without being compiled")

    def _loop_word(self, node: nodes.Getattr) -> Read:
        if not self._scopes:
            self._note("loop-outside", node.lineno, "this can stand only between {% for … %} and {% endfor %}.")
        return words.read_loop(node.attr)

    def _defined(self, node: nodes.Test) -> Read:
        self._note_optional(node.node)
        read, wanted = self._read(node.node), node.name == "defined"
        return lambda filling: (read(filling) is not MISSING) is wanted

    def _filtered(self, node: nodes.Filter, inner: nodes.Expr) -> Read:
        argument = node.args[0].value if node.args and isinstance(node.args[0], nodes.Const) else ""
        if node.name == "default":
            self._note_optional(inner)
            return words.read_default(self._read(inner), argument)
        return words.read_filtered(self._needed(inner), node.name, str(argument), self._word(inner))

    def _note_optional(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Name):
            self.optional.add(node.name)

    def _name(self, node: nodes.Name) -> Read:
        if all(target != node.name for target, _ in self._scopes):
            self.wants.add(node.name)
        return words.read_name(node.name)

    def _word(self, node: nodes.Node) -> Word:
        """What a value is called in a problem; a sum of several is called after its first word."""
        match node:
            case nodes.Name():
                inner = [pointer for target, pointer in self._scopes if target == node.name]
                return Word(node.name, inner[-1] if inner else f"/{node.name}")
            case nodes.Getattr():
                whole = self._word(node.node)
                return Word(f"{whole.label}.{node.attr}", f"{whole.pointer}/{node.attr}")
            case nodes.Getitem(arg=nodes.Const(value=key)):
                whole = self._word(node.node)
                step = str(key).replace("~", "~0").replace("/", "~1").replace("{", "{{").replace("}", "}}")
                return Word(f"{whole.label}[{key!r}]", f"{whole.pointer}/{step}")
        first = next(node.find_all(nodes.Name), None)
        return self._word(first) if first else Word("", "")


def _direct(node: nodes.Node) -> tuple[str, str] | None:
    """Where a plain word is found: ("", "school_name") among the fields, ("row", "date") in a group or row."""
    match node:
        case nodes.Name():
            return "", node.name
        case nodes.Getattr(node=nodes.Name(name=whole)) if not is_loop_word(node):
            return whole, node.attr
    return None
