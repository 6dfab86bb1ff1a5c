"""Which requests come from somebody who looks at pages, and not from a program."""

from __future__ import annotations

from typing import Final

from werkzeug.datastructures import MIMEAccept

from service.web.problems import PROBLEM_JSON

_OF_PROGRAMS: Final = frozenset(("v1", "health", "ready", "metrics"))
"""What addresses begin with that programs ask for."""


def asks_for_page(path: str, accept: MIMEAccept) -> bool:
    """Whether somebody looks at an address of the pages with a browser: it says that it likes HTML best."""
    if path.lstrip("/").partition("/")[0] in _OF_PROGRAMS:
        return False
    return accept.best_match((PROBLEM_JSON, "application/json", "text/html")) == "text/html"
