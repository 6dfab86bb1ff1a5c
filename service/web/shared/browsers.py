"""Which requests come from somebody who looks at pages, and not from a program."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from werkzeug.datastructures import MIMEAccept

from service.web.problems import PROBLEM_JSON

ASTRAY: Final = MappingProxyType(
    {
        400: ("This cannot be read", "Go back, load the page again, and send it anew."),
        404: ("There is no such page", "Check the address for a typing mistake, or find your way from Today."),
        405: ("This address is not a page", "A button of another page leads here. Go back to that page, or to Today."),
        408: ("This took too long to arrive", "Look whether the network is slow, go back, and send it anew."),
        413: ("These files are too large", "Go back and send fewer files at once, or smaller ones."),
        503: ("The service is busy, or is stopping", "Wait a few seconds, then load this page again."),
    }
)
"""What to say to somebody whose browser asked for something that is not to be had, by the status."""
_OF_PROGRAMS: Final = frozenset(("v1", "health", "ready", "metrics"))
"""What addresses begin with that programs ask for."""


def asks_for_page(path: str, accept: MIMEAccept) -> bool:
    """Whether somebody looks at an address of the pages with a browser: it says that it likes HTML best."""
    if path.lstrip("/").partition("/")[0] in _OF_PROGRAMS:
        return False
    return accept.best_match((PROBLEM_JSON, "application/json", "text/html")) == "text/html"
