"""Words after the ? of an address: an unknown one is refused, or a whole list would pass for a part of it; so is one
that changes nothing without another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, current_app, request

from service.attendance.reading.strict_json import pointer_part
from service.did_you_mean import did_you_mean
from service.errors import Problem, RequestError, first_problems

_PLACE = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")
_LONE = '"{word}" stands in the address only together with "shape". Put it beside the pupils, in the body.'
Words = Mapping[tuple[str, str], frozenset[str]]
"""The words of each route, by its method and address."""


def refuse_unknown_words(app: Flask, paths: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse what the document does not name, of every route that it has."""
    app.extensions["query-words"] = dict(_find_words(paths))
    app.before_request(_refuse)


def _find_words(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    for path, item in paths.items():
        for verb, route in item.items():
            if verb != "parameters" and path.startswith("/v1/"):
                parameters = [*item.get("parameters", ()), *route.get("parameters", ())]
                yield (verb, path), frozenset(each["name"] for each in parameters if each["in"] == "query")


def _refuse() -> None:
    if not request.args or request.url_rule is None:
        return
    words: Words = current_app.extensions["query-words"]
    verb = "get" if request.method == "HEAD" else request.method.lower()
    known = words.get((verb, _PLACE.sub(r"{\1}", request.url_rule.rule)))
    if known is not None and (problems := list(_find_unknown(known))):
        raise RequestError("unknown-query", "The address has a word that is not known", first_problems(problems))
    if known and "shape" in known and "shape" not in request.args:
        problems = [Problem("lone-query", _LONE.format(word=word), f"/{word}") for word in request.args]
        raise RequestError("lone-query", "The address has a word that changes nothing", problems)


def _find_unknown(known: frozenset[str]) -> Iterator[Problem]:
    for word in request.args:
        if word not in known:
            near = did_you_mean(word, known)
            all_of_them = f"Known are: {', '.join(sorted(known))}." if known else "It takes none after the ?."
            sentence = f'"{word}" is not a word of this address.{near} {all_of_them}'
            yield Problem("unknown-query", sentence, f"/{pointer_part(word)}")
