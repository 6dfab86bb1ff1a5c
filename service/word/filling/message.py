"""Plain-text messages, for a text message or the school's app."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.errors import FillError, Problem, TemplateError

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)  # plain text
_ENVIRONMENT.globals.clear()
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Getattr, nodes.For)


class MessageTemplate:
    """A message with {{ words }} in it, compiled once."""

    def __init__(self, name: str, source: str, wants: frozenset[str]) -> None:
        self.name = name
        self.wants = wants
        self._template = _ENVIRONMENT.from_string(source)

    @classmethod
    def open(cls, source: str, name: str) -> MessageTemplate:
        """The template in a text. Raises TemplateError when its tags cannot be read or do more than name words."""
        try:
            tree = _ENVIRONMENT.parse(source)
        except TemplateSyntaxError as error:
            raise TemplateError(Problem("wrong-tag", f"{error.message}.", file=name, row=error.lineno)) from None
        found = [node for node in tree.find_all(nodes.Node) if not isinstance(node, _ALLOWED)]
        if found:
            sentence = "A message may only name words, with if and for around them."
            raise TemplateError(Problem("forbidden-tag", sentence, file=name, row=found[0].lineno))
        return cls(name, source.strip(), frozenset(meta.find_undeclared_variables(tree)))

    def missing(self, fields: Mapping[str, object]) -> tuple[str, ...]:
        """The words that the message asks for and `fields` does not have."""
        return tuple(sorted(self.wants - fields.keys()))

    def fill_text(self, fields: Mapping[str, object]) -> str:
        """The message. Raises FillError naming every missing word."""
        if missing := self.missing(fields):
            raise FillError(Problem("missing-word", f'"{word}" has no value.', f"/{word}") for word in missing)
        return self._template.render(fields)
