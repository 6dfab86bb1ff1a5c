"""Plain-text messages, for a text message or the school's app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.errors import FillError, Problem, TemplateError
from service.word.filling.blocks import MAX_ROWS
from service.word.filling.lint import ANY_WORDS, Words, check_message
from service.word.filling.syntax import find_forbidden

_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Getattr, nodes.For)
_ONLY_WORDS = "A message may only name words, with if and for around them."
_ROWS, _BUDGET = "the rows of", "the rows left"  # no tag can spell these


@dataclass(slots=True)
class _RowsLeft:
    """How many rows all loops of one message may still have together."""

    number: int = MAX_ROWS


@pass_context
def _count_rows(context: Context, rows: object) -> object:
    """The rows of a loop. Raises FillError where they are no list, or too many."""
    if not isinstance(rows, list | tuple):
        raise FillError(Problem("not-a-list", "The message goes through a word that is no list."))
    budget = context[_BUDGET]
    budget.number -= len(rows)
    if budget.number < 0:
        raise FillError(Problem("too-many-rows", f"The message has more than {MAX_ROWS:,} rows: hand in fewer."))
    return rows


def _make_environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)  # plain text
    environment.globals.clear()
    environment.filters[_ROWS] = _count_rows
    return environment


_ENVIRONMENT = _make_environment()


class MessageTemplate:
    """A message with {{ words }} in it, compiled once."""

    def __init__(self, name: str, tree: nodes.Template) -> None:
        self.name = name
        self.wants = frozenset(meta.find_undeclared_variables(tree))
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, _ROWS, [], [], None, None)
        self._template = _ENVIRONMENT.from_string(tree)

    @classmethod
    def open(cls, source: str, name: str, known: Words = ANY_WORDS) -> MessageTemplate:
        """The template in a text.

        Raises TemplateError when its tags cannot be read, ask for a word that is not known, or do more than name words.
        """
        if problems := check_message(source, known):
            raise TemplateError(Problem(found.code, found.detail, file=name) for found in problems)
        try:
            tree = _ENVIRONMENT.parse(source.strip())
        except TemplateSyntaxError as error:
            raise TemplateError(Problem("wrong-tag", f"{error.message}.", file=name, row=error.lineno)) from None
        found = [node for node in tree.find_all(nodes.Node) if not isinstance(node, _ALLOWED)]
        if found:
            raise TemplateError(Problem("forbidden-tag", _ONLY_WORDS, file=name, row=found[0].lineno))
        if reasons := find_forbidden(tree):
            raise TemplateError(Problem("forbidden-tag", reason, file=name) for reason in reasons)
        return cls(name, tree)

    def missing(self, fields: Mapping[str, object]) -> tuple[str, ...]:
        """The words that the message asks for and `fields` does not have."""
        return tuple(sorted(self.wants - fields.keys()))

    def fill_text(self, fields: Mapping[str, object]) -> str:
        """The message. Raises FillError naming every missing word, or saying which list is too long."""
        if missing := self.missing(fields):
            raise FillError(Problem("missing-word", f'"{word}" has no value.', f"/{word}") for word in missing)
        return self._template.render({**fields, _BUDGET: _RowsLeft()})
