"""The answer to a request that never reaches the application: a page for a browser, problem+json for a program."""

from __future__ import annotations

from html import escape
from typing import Final

from waitress.parser import HTTPRequestParser
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from service.web.problems import PROBLEM_JSON, write_http_problem
from service.web.shared.browsers import ASTRAY, asks_for_page

_PAGE: Final = """<!doctype html>
<html lang="en-GB" class="govuk-template">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Attendance letters</title>
<link rel="stylesheet" href="/static/from_npm/components.css"><link rel="stylesheet" href="/static/pages.css"></head>
<body class="govuk-template__body">
<header class="al-header"><div class="govuk-width-container al-header__in">
<a class="al-header__name" href="/">Attendance letters</a></div></header>
<div class="govuk-width-container"><main class="govuk-main-wrapper al-main" id="main">
<h1 class="govuk-heading-l">{title}</h1><p class="govuk-body">{why}</p>
<p class="govuk-body"><a class="govuk-link" href="/">Go to Today</a></p></main></div>
</body></html>
"""


def write_refusal(status: int, asked: HTTPRequestParser | None) -> tuple[str, str, bytes]:
    """The title of a status, the kind of its answer, and the answer, for as much of a request as has arrived."""
    _, phrase, problem = write_http_problem(status)
    accept = asked.headers.get("ACCEPT") if asked else None
    if not asks_for_page(getattr(asked, "path", ""), parse_accept_header(accept, MIMEAccept)):
        return phrase, PROBLEM_JSON, problem
    title, why = ASTRAY.get(status, ASTRAY[400])
    return phrase, "text/html; charset=utf-8", _PAGE.format(title=escape(title), why=escape(why)).encode()
