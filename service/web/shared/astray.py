"""Somebody with a browser who went astray: a page of ours that says where to go, where a program gets problem+json."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, SecurityError

from service.web.problems import answer_http_error, answer_unexpected
from service.web.shared.browsers import asks_for_page
from service.web.shared.site import POLICY, answer_fault, answer_http
from service.web.shared.visitor import find_visitor


def register_astray(app: Flask) -> None:
    """Answer a browser's errors outside every page with a page, those of a program as before."""
    app.register_error_handler(HTTPException, _or_as_page(answer_http_error, answer_http))
    app.register_error_handler(Exception, _or_as_page(answer_unexpected, answer_fault))


def _or_as_page(as_json: Callable[[Any], Response], as_page: Callable[[Any], Response]) -> Callable[[Any], Response]:
    """What answers an error, according to who asked."""

    @wraps(as_json)
    def answer(error: Any) -> Response:
        is_ours = isinstance(error, HTTPException) and error.code is None  # a redirect that werkzeug made itself
        if is_ours or isinstance(error, SecurityError) or not asks_for_page(request.path, request.accept_mimetypes):
            return as_json(error)
        find_visitor()
        page = as_page(error)
        page.headers["Content-Security-Policy"] = POLICY
        return page

    return answer
