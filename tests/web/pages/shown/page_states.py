"""Every state in which a page can be seen, collected from the application: pages, and forms filled in wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.web.pages.office import Visitor
from tests.web.pages.shown.page_forms import VARIANTS, Form, forms_in

LAST = ("site.settings_now", "site.set_up_now", "site.sign_out_now")
"""Forms that are sent last: what follows would be at a school without a policy, at another school, or signed out."""


@dataclass(frozen=True, slots=True)
class State:
    """A page as somebody gets it: what it is, the address, the answer, and the endpoint whose form was refused."""

    name: str
    path: str
    status: int
    html: str
    headers: Mapping[str, str]
    refused: str = ""

    @property
    def shape(self) -> frozenset[str]:
        """Its elements without their words and numbers: axe has nothing new to find where they were seen before."""
        html = re.sub(r'\s(?:value|href|action|content)="[^"]*"|[0-9a-f]{32,}|\d+', "", self.html)
        html = re.sub(r">\s*<", "><", re.sub(r">[^<]*[^\s<][^<]*<", ">x<", html))
        return frozenset(re.findall(r"<[a-z][^>]*>x?", html))


@dataclass(slots=True)
class Gallery:
    """The states that one visitor has seen, and the forms in them."""

    visitor: Visitor
    school: str
    states: dict[str, State] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)

    def visit(self, path: str, name: str = "") -> str:
        """Look at a page, and keep it where it is one; the HTML."""
        return self.keep(self.visitor.get(path), name or path)

    def send(self, path: str, name: str, /, **words: Any) -> str:
        """Send a form rightly, and keep the page that answers, where one does; its address where it leads on."""
        answer = self.visitor.send(path, **words)
        assert answer.status_code < 400, (path, answer.text)
        self.keep(answer, name)
        return answer.headers.get("Location", "")

    def visit_all(self, rules: Iterable[Rule], values: Mapping[str, Mapping[str, Any]]) -> None:
        """Look at every page that the application has; `values` fills in the addresses, by endpoint or under ""."""
        adapter = self.visitor.client.application.url_map.bind("localhost")
        for rule in rules:
            is_file = "." in rule.rule or rule.arguments & {"kind", "filename"}
            if "GET" in rule.methods and not is_file:
                given = {**values.get("", {}), **values.get(rule.endpoint, {})}
                path = adapter.build(rule.endpoint, {word: given[word] for word in rule.arguments})
                self.visit(path, rule.endpoint)

    def keep(self, answer: TestResponse, name: str, refused: str = "") -> str:
        """Keep an answer that is a page."""
        if answer.mimetype != "text/html" or answer.status_code in (301, 302, 303):
            answer.close()
            return ""
        html = answer.get_data(as_text=True)
        state = State(f"{self.school}: {name}", answer.request.path, answer.status_code, html, answer.headers, refused)
        self.states.setdefault(state.name, state)
        for form in forms_in(html):
            key = f"{form.action} {sorted({item.name for item in form.fields})}"
            self.forms.setdefault(key, form)
        return html

    def post_all_wrongly(self) -> None:
        """Send every form that asks for something with nothing in it, and with nonsense."""
        token = self.visitor.token("/password")
        for form in sorted(self.forms.values(), key=self._turn):
            for path, button in form.posts() if form.asks else ():
                for variant in VARIANTS:
                    endpoint = endpoint_of(self.visitor, path)
                    sent = {**form.fill(variant), **button, "form_token": [token]}
                    answer = self.visitor.client.post(path, data=sent)
                    name = f"{endpoint} with {variant} {' '.join(*button.values()) if button else ''}"
                    self.keep(answer, name, endpoint)

    def asking(self) -> set[str]:
        """The endpoints of the forms in which something can be filled in."""
        asking = (form for form in self.forms.values() if form.asks)
        return {endpoint_of(self.visitor, path) for form in asking for path, _ in form.posts()}

    def _turn(self, form: Form) -> int:
        endpoint = endpoint_of(self.visitor, form.action)
        return LAST.index(endpoint) + 1 if endpoint in LAST else 0

    def posted(self) -> set[str]:
        """The endpoints of all forms that were seen."""
        return {endpoint_of(self.visitor, path) for form in self.forms.values() for path, _ in form.posts()}


def endpoint_of(visitor: Visitor, path: str) -> str:
    """The endpoint that a form posts to."""
    adapter = visitor.client.application.url_map.bind("localhost")
    endpoint, _ = adapter.match(urlsplit(path).path, method="POST")
    return str(endpoint)
