"""What a tag may say: the small part of Jinja that a letter needs, and nothing that could run or grow.

Jinja only parses here; nothing of it ever runs, so what its sandbox would have to stop cannot start.
Jinja's parser does not fold constants, so not even `'A' * 10**9` costs anything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = ("capitalize", "default", "join", "length", "lower", "title", "trim", "upper")
TESTS = ("defined", "undefined")
LOOP_WORDS = ("index", "index0", "revindex", "first", "last", "length")
RESERVED = {"self", "super", "caller", "varargs", "kwargs", "loop"}
RESERVED |= {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}
OPERATIONS = {"eq", "ne", "lt", "lteq", "gt", "gteq", "in", "notin"}
MAX_DEPTH, MAX_NODES, MAX_LOOPS, MAX_BRACKETS, MAX_LIST = 40, 20_000, 3, 10, 50
MAX_TAG = 300  # characters

PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.And, nodes.Or, nodes.Not, nodes.Operand)


def make_environment() -> ImmutableSandboxedEnvironment:
    """The environment that templates are parsed with: no globals, no loader, no extensions."""
    environment = ImmutableSandboxedEnvironment(autoescape=True)
    environment.globals.clear()
    return environment


ENVIRONMENT = make_environment()


def parse_tag(kind: str, says: str, length: int) -> nodes.Node | str:
    """The one node a tag of this many characters stands for, or the sentence that says why it cannot be read."""
    if length > MAX_TAG:
        return f"this tag has {length:,} characters, the limit is {MAX_TAG}: make it shorter."
    if says.count("(") + says.count("[") > MAX_BRACKETS:
        return f"this tag has more than {MAX_BRACKETS} brackets: make it simpler."
    keyword = says.split()[0] if kind == "statement" else ""
    source = {
        "": f"{{{{ {says} }}}}",
        "if": f"{{% {says} %}}{{% endif %}}",
        "elif": f"{{% if true %}}{{% {says} %}}{{% endif %}}",
        "for": f"{{% {says} %}}{{% endfor %}}",
    }[keyword]
    return _parse_alone(source)


@lru_cache(maxsize=1_024)
def _parse_alone(source: str) -> nodes.Node | str:
    """The one node of a source; kept, because a letter says the same few words again and again."""
    try:
        body = ENVIRONMENT.parse(source).body
    except (TemplateSyntaxError, RecursionError):
        return (
            "this tag cannot be read: write for example {{ first_name }}, {% if x %} or {% for session in sessions %}."
        )
    if len(body) != 1:
        return "this tag holds more than one thing: give each its own braces."
    return body[0]


def find_forbidden(root: nodes.Node, made_by_docxtpl: bool = False) -> list[str]:
    """Why these nodes may not stand in a letter, one sentence for each reason; empty when they may.

    `made_by_docxtpl`: also allows the one sum that docxtpl writes for {% hm %}, `2 * loop.length`.
    """
    reasons, count = [], 0
    waiting = [(root, 1, 0)]
    while waiting:
        node, depth, loops = waiting.pop()
        count += 1
        loops += isinstance(node, nodes.For)
        if is_loop_word(node) or (made_by_docxtpl and _is_span(node)):
            continue
        reason = _why_forbidden(node)
        if reason:
            reasons.append(reason)
            continue
        if depth > MAX_DEPTH or loops > MAX_LOOPS or count > MAX_NODES:
            limits = f"{MAX_LOOPS} loops in one another, {MAX_DEPTH} levels and {MAX_NODES:,} pieces"
            return [*reasons, f"the template goes beyond {limits}: make it simpler."]
        waiting += [(child, depth + 1, loops) for child in _children(node)]
    return list(dict.fromkeys(reasons))


def is_loop_word(node: nodes.Node) -> bool:
    """Whether this is loop.index or one of its sisters."""
    if not isinstance(node, nodes.Getattr) or not isinstance(node.node, nodes.Name):
        return False
    return node.node.name == "loop" and node.attr in LOOP_WORDS


def _is_span(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Mul)
        and isinstance(node.left, nodes.Const)
        and isinstance(node.left.value, int)
        and node.right == nodes.Getattr(nodes.Name("loop", "load"), "length", "load")
    )


def _why_forbidden(node: nodes.Node) -> str:
    """The reason against this one node, not looking at its children."""
    for kind, find_reason in CHECKS:
        if isinstance(node, kind):
            return find_reason(node)
    if isinstance(node, PLAIN):
        return ""
    return f"{_describe(node)} cannot be used in a letter: it is handed finished words and only places them."


def _describe(node: nodes.Node) -> str:
    if isinstance(node, nodes.Call):
        return "a call with brackets, as in x(),"
    if isinstance(node, nodes.List | nodes.Tuple | nodes.Dict):
        return 'a list (except a short one of plain words behind "in")'
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr | nodes.Concat):
        return "arithmetic"
    return f"{type(node).__name__.lower()!r}"


def _check_name(node: nodes.Name) -> str:
    if node.name.startswith("_") or (node.name in RESERVED and node.name != "loop"):
        return f'the word "{node.name}" cannot be used in a letter.'
    return f"loop is used as loop.{', loop.'.join(LOOP_WORDS)}." if node.name == "loop" else ""


def _check_attribute(node: nodes.Getattr) -> str:
    if node.attr.startswith("_"):
        return f'the word "{node.attr}" cannot be used in a letter.'
    return ""


def _check_item(node: nodes.Getitem) -> str:
    key = node.arg.value if isinstance(node.arg, nodes.Const) else None
    if isinstance(key, str) and not key.startswith("_"):
        return ""
    if isinstance(key, int) and not isinstance(key, bool):
        return ""
    return 'square brackets hold one plain word or number, as in sessions[0] or school["name"].'


def _check_constant(node: nodes.Const) -> str:
    return (
        "" if isinstance(node.value, str | int | float | None) else "only plain words and numbers can be written here."
    )


def is_plain_list(node: nodes.Node) -> bool:
    """Whether this is a short list of words or numbers: ("10", "11")."""
    if not isinstance(node, nodes.List | nodes.Tuple):
        return False
    return len(node.items) <= MAX_LIST and all(isinstance(item, nodes.Const) for item in node.items)


def _check_for(node: nodes.For) -> str:
    if not isinstance(node.target, nodes.Name) or not isinstance(node.iter, nodes.Name | nodes.Getattr):
        return "a loop is written {% for session in sessions %}, with one word on each side."
    if node.test is not None or node.recursive:
        return "a loop has no condition of its own: put {% if … %} inside it."
    return ""


def _check_compare(node: nodes.Compare) -> str:
    return "" if all(operand.op in OPERATIONS for operand in node.ops) else "this comparison cannot be used."


def _children(node: nodes.Node) -> list[nodes.Node]:
    """What is looked at next; a list of plain words may only stand behind "in"."""
    if isinstance(node, nodes.Operand) and node.op in ("in", "notin") and is_plain_list(node.expr):
        return []
    return list(node.iter_child_nodes())


def _check_test(node: nodes.Test) -> str:
    if node.name not in TESTS:
        return f'"is {node.name}" cannot be used in a letter, only "is defined" and "is undefined".'
    if not isinstance(node.node, nodes.Name | nodes.Getattr | nodes.Getitem):
        return '"is defined" asks about one word.'
    return ""


def _check_filter(node: nodes.Filter) -> str:
    if node.name not in FILTERS:
        return f'"|{node.name}" cannot be used in a letter, only {", ".join(FILTERS)}.'
    most = {"default": 1, "join": 1}.get(node.name, 0)
    plain = all(isinstance(argument, nodes.Const) for argument in node.args)
    if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > most or not plain:
        return f'"|{node.name}" takes at most {most} plain words here.'
    return ""


def _check_choice(node: nodes.CondExpr) -> str:
    return "" if node.expr2 is not None else 'a choice inside a tag needs its other half: "a" if x else "b".'


CHECKS: tuple[tuple[type[nodes.Node], Callable[[Any], str]], ...] = (
    (nodes.Name, _check_name),
    (nodes.Getattr, _check_attribute),
    (nodes.Getitem, _check_item),
    (nodes.Const, _check_constant),
    (nodes.For, _check_for),
    (nodes.Compare, _check_compare),
    (nodes.Test, _check_test),
    (nodes.Filter, _check_filter),
    (nodes.CondExpr, _check_choice),
)
