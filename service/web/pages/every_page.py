"""All pages together: added to the application, and the link by which the first person signs in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask

from service.batches.from_memory.invented_term import KEY, PUPILS, find_invented_school, keep_invented_school
from service.memory.looking.due_kept import DueKept
from service.memory.memory import Memory, OpenSchool, open_school, open_schools
from service.memory.people.roles import ADMINISTRATOR
from service.memory.people.signing_in import make_link
from service.memory.people.staff import invite, people_of
from service.web.pages import (
    batch_downloads,
    batches_page,
    decisions_page,
    headings_page,
    issue_page,
    keeping_page,
    keys_page,
    letters_page,
    one_decision,
    one_pupil,
    people_page,
    policy_page,
    pupils_page,
    questions_page,
    settings_page,
    sign_in_page,
    today_page,
    upload_page,
)
from service.web.pages.signatory import approvals_page, approving_settings
from service.web.request_limits import RequestLimit
from service.web.shared.account_provider import open_provider
from service.web.shared.issuable import IssuableKept
from service.web.shared.issue_run import IssueRuns
from service.web.shared.site import prepare, site

PAGES = (
    today_page,
    upload_page,
    questions_page,
    decisions_page,
    one_decision,
    issue_page,
    approvals_page,
    batches_page,
    batch_downloads,
    letters_page,
    pupils_page,
    one_pupil,
    policy_page,
    settings_page,
    approving_settings,
    people_page,
    headings_page,
    keeping_page,
    keys_page,
    sign_in_page,
)
"""The modules whose pages `site` has."""
SIGN_INS_A_MINUTE = 120
"""Attempts to sign in from one address; a third of them may come at once. A whole school may share an address."""
FIRST_EMAIL, FIRST_NAME = "office@weirlane.example", "Mr J Marlowe"


def add_pages(app: Flask, today: Callable[[], date] = date.today) -> None:
    """Give an application its pages; `today` says which day it is."""
    app.extensions["due"] = DueKept()
    app.extensions["issuable"] = IssuableKept()
    app.extensions["runs"] = IssueRuns()
    app.extensions["sign-ins"] = RequestLimit(SIGN_INS_A_MINUTE)
    app.extensions["today"] = today
    app.extensions["provider"] = open_provider(app.extensions["desk"].settings)
    app.register_blueprint(site)
    prepare(app)


def has_invented_school(memory: Memory) -> bool:
    """Whether the invented school has been made already."""
    return find_invented_school(memory) is not None


def first_link(
    memory: Memory,
    is_sample: bool,
    today: date,
    pupils: int = PUPILS,
    is_stopped: Callable[[], bool] = lambda: False,
) -> str:
    """The path of a link that signs in the administrator of the invented school, or of a school without people.

    Nothing where there are people already who can sign in.
    """
    school = keep_invented_school(memory, today, pupils, is_stopped) if is_sample else _only_school(memory)
    if school is None:
        return ""
    people = people_of(memory, school.id)
    if people and not is_sample:
        return ""
    administrators = [one.person.id for one in people if one.role == ADMINISTRATOR]
    return f"/link/{make_link(memory, administrators[0] if administrators else _invite_first(memory, school))}"


def _only_school(memory: Memory) -> OpenSchool | None:
    """The school that a service without a sample is for; None where there are several."""
    own = [school for school in open_schools(memory) if school.stored.key != KEY]
    return None if len(own) > 1 else own[0] if own else open_school(memory)


def _invite_first(memory: Memory, school: OpenSchool) -> int:
    email = FIRST_EMAIL if school.stored.key == KEY else school.school.word("school_email") or "office@school.example"
    name = FIRST_NAME if school.stored.key == KEY else school.school.word("sender_name") or "School office"
    return invite(memory, school.id, email, name, ADMINISTRATOR)
