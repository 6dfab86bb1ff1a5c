"""What the page Issue offers follows what has become known since it was last looked at."""

from __future__ import annotations

import re

from service.issue import issue_letters
from service.web.shared import issuable
from service.web.shared.issuable import IssuableKept


def offered(visitor) -> list[str]:
    """The pupils whose letters can be issued, by number."""
    return re.findall(r'name="pupil" value="(\d+):', visitor.text("/issue"))


def test_a_letter_held_meanwhile_is_offered_no_more_and_offered_again_later(office) -> None:
    visitor = office.visit()
    number = offered(visitor)[0]
    visitor.send(f"/pupils/{number}/hold", until="31/12/2026", why="moved house")
    assert number not in offered(visitor)
    visitor.send(f"/pupils/{number}/lift")
    assert number in offered(visitor)


def test_a_decision_is_worked_out_once_and_anew_when_it_is_another(office, monkeypatch) -> None:
    visitor = office.visit()
    asked = []
    monkeypatch.setattr(issuable, "issue_letters", lambda *about: asked.append(about) or issue_letters(*about))
    numbers = offered(visitor)
    before = len(asked)
    assert before >= len(numbers)
    assert offered(visitor) == numbers
    assert len(asked) == before
    visitor.send(f"/pupils/{numbers[0]}/event", event="parent_contact", on="2026-11-19")
    offered(visitor)
    assert len(asked) == before + 1


def test_only_so_many_are_kept(office, monkeypatch) -> None:
    monkeypatch.setattr(issuable, "MOST_PUPILS", 1)
    kept: IssuableKept = office.app.extensions["issuable"]
    assert len(offered(office.visit())) > 1
    assert len(kept._found) == 1
