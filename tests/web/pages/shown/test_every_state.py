"""Every page in every state: empty, full, every form refused, the longest names, 400 % zoom, without scripts.

The pages and their forms are found in the application, so that a new one is looked at, or fails here until it can be.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.web.pages.office import Office, open_office
from tests.web.pages.shown import schools
from tests.web.pages.shown.browsing import open_viewer
from tests.web.pages.shown.page_states import Gallery, State
from tests.web.pages.shown.plain_words import find_words

TAKES_ANYTHING = {"site.search_pupils"}
"""Forms in which nothing can be wrong: a search that finds nobody says so."""
ZOOMED = {"width": 320, "height": 256}
"""What is left of a screen of 1,280 by 1,024 at 400 %."""


@dataclass(frozen=True)
class Shown:
    """The galleries of everybody who looked, and the office that they looked at."""

    office: Office
    galleries: list[Gallery]

    @property
    def states(self) -> list[State]:
        """Every state, once where several differ in nothing but a token."""
        found = {}
        for gallery in self.galleries:
            for state in gallery.states.values():
                found.setdefault(re.sub(r"[0-9a-f]{32,}", "", state.html), state)
        return list(found.values())


@pytest.fixture(scope="module")
def shown(made_once, tmp_path_factory) -> Iterator[Shown]:
    """Everything that there is to see."""
    folder = tmp_path_factory.mktemp("shown") / "data"
    shutil.copytree(made_once, folder)
    with open_office(folder) as office:
        looked = [school(office) for school in (schools.empty, schools.longest, schools.full)]
        looked += [schools.signatory(office), schools.signed_out(office)]
        for gallery in reversed(looked[2:]):  # the last one leaves a school without a policy
            gallery.post_all_wrongly()
        yield Shown(office, looked)


def test_every_form_was_found_and_every_fault_in_it_is_told(shown) -> None:
    posts = {rule.endpoint for rule in schools.rules_of(shown.office) if "POST" in rule.methods}
    assert posts - set().union(*(gallery.posted() for gallery in shown.galleries)) == set()
    told = {state.refused for gallery in shown.galleries for state in gallery.states.values() if says_errors(state)}
    asking = set().union(*(gallery.asking() for gallery in shown.galleries))
    assert asking - told == TAKES_ANYTHING
    assert [state.name for state in shown.states if state.status >= 500] == []


def says_errors(state: State) -> bool:
    """Whether a state has an error summary."""
    return "govuk-error-summary" in state.html


def test_no_page_needs_a_word_that_an_officer_would_not_use(shown) -> None:
    found = [f"{state.name}: {words}" for state in shown.states if (words := find_words(state.html))]
    assert found == []


@pytest.mark.parametrize("part", ["full", "faults"])
def test_nothing_is_wrong_on_a_wide_screen_or_at_400_per_cent(part, shown, browser) -> None:
    states = [state for state in shown.states if state.name.startswith(("full", "signed out"))]
    chosen = [state for state in states if says_errors(state) == (part == "faults")]
    with open_viewer(browser, shown.office.app.test_client(), has_scripts=True) as viewer:
        assert [fault for state in chosen for fault in viewer.find_faults(state, zoomed=ZOOMED)] == []
    assert len(chosen) > 20


@pytest.mark.parametrize("school", ["empty", "longest names"])
def test_nothing_is_wrong_at_400_per_cent_without_scripts(school, shown, browser) -> None:
    chosen = [state for state in shown.states if state.name.startswith(school)]
    with open_viewer(browser, shown.office.app.test_client(), has_scripts=False, viewport=ZOOMED) as viewer:
        assert [fault for state in chosen for fault in viewer.find_faults(state)] == []
    assert len(chosen) > 20
