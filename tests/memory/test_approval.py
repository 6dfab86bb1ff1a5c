"""Letters that a signatory approves: one person asks, another approves what was seen; nobody issues them alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.errors import RequestError, SettingsError
from service.memory.approval.approving import Approval, approve, drop, find_approvals, refuse
from service.memory.keeping.auditing import verify_one
from service.memory.looking.own_tables import keep_approved
from service.memory.memory import open_school
from service.memory.people.staff import invite, person_of
from service.memory.reading_notes import Hold, Notes
from service.memory.remembered import number_of, remember
from service.memory.reversing import take_back
from service.memory.school_files import write_settings
from service.storage.approval.approvals_kept import DROPPED, REFUSED
from service.word.text import read_text
from tests.batches.stored.working_batches import decided, now, release, take_many, work
from tests.memory.living import SLOT, history, ill, invited, issue, memory_of, note, take, today


@pytest.fixture
def memory(url, tmp_path):
    """A memory in which a signatory approves Letter 1 and the Notice, with one pupil who is due Letter 1."""
    with memory_of(tmp_path, url) as opened:
        take(opened, ill())
        keep_approved(opened, open_school(opened), ["letter_1", "enforcement"])
        yield opened


def person(memory, name: str, role: str = "signatory"):
    """A person of the school."""
    email = f"{name.split()[-1].lower()}@school.example"
    return person_of(memory, invite(memory, open_school(memory).id, email, name, role))


def waiting(memory) -> list[Approval]:
    """The letters that wait."""
    return find_approvals(memory, open_school(memory)).waiting


def settled(memory) -> Approval:
    """What was said last."""
    return find_approvals(memory, open_school(memory), 9).settled[0]


def version(memory) -> int:
    """The version of the pupil that somebody looks at."""
    return remember(memory, today(memory), number_of(memory, open_school(memory), "4711")).stored.version


def test_a_letter_waits_until_another_person_approves_it(memory) -> None:
    officer, head = person(memory, "Mr J Marlowe", "officer"), person(memory, "Ms H Teacher")
    asked = issue(memory, by="JM", asker=officer.id)
    assert (asked.kept, asked.is_asked) == ((), True)
    assert "waits for a signatory" in asked.issue.problems[0].detail
    assert history(memory).letters == ()
    issue(memory, by="JM", asker=officer.id)
    (one,) = waiting(memory)
    assert (one.letter, one.asked_by, one.asker) == ("letter_1", "JM", officer.id)
    done = approve(memory, today(memory), one.id, version(memory), head)
    assert [kept.letter.letter for kept in done.kept] == ["letter_1"]
    (event,), (letter,) = history(memory).events, history(memory).letters
    assert (event.event.by, letter.state) == ("JM, HT", "issued")
    assert waiting(memory) == []
    assert (settled(memory).state, settled(memory).settled_by) == ("approved", "HT")
    assert verify_one(memory, open_school(memory)).problems == ()
    with pytest.raises(RequestError, match="waits no more"):
        approve(memory, today(memory), one.id, version(memory), head)


def test_nobody_approves_what_they_asked_for_or_may_not(memory) -> None:
    head, officer = person(memory, "Ms H Teacher"), person(memory, "Mr J Marlowe", "administrator")
    issue(memory, by="HT", asker=head.id)
    (one,) = waiting(memory)
    for who, sentence in ((head, "asked for this letter yourself"), (officer, "Only a signatory")):
        with pytest.raises(RequestError, match=sentence):
            approve(memory, today(memory), one.id, version(memory), who)
        with pytest.raises(RequestError, match=sentence):
            refuse(memory, open_school(memory), one.id, "because", who)
    assert history(memory).letters == ()
    assert len(waiting(memory)) == 1


def test_a_program_or_command_asks_and_its_initials_do_not_approve(memory) -> None:
    head = person(memory, "Ms H Teacher")
    issue(memory, by="HT")
    with pytest.raises(RequestError, match="asked for this letter yourself"):
        approve(memory, today(memory), waiting(memory)[0].id, version(memory), head)
    other = person(memory, "Mx D Deputy")
    assert approve(memory, today(memory), waiting(memory)[0].id, version(memory), other).kept


def test_what_is_approved_is_what_was_seen(memory) -> None:
    head = person(memory, "Ms H Teacher")
    issue(memory)
    seen = version(memory)
    note(memory, "4711", Notes(hold=Hold(None, "a court order")))
    with pytest.raises(RequestError, match="changed since you looked"):
        approve(memory, today(memory), waiting(memory)[0].id, seen, head)
    held = approve(memory, today(memory), waiting(memory)[0].id, version(memory), head)
    assert held.kept == ()
    assert "a court order" in held.issue.problems[0].detail
    assert len(waiting(memory)) == 1


def test_a_letter_that_is_not_due_any_more_waits_no_more(memory) -> None:
    head = person(memory, "Ms H Teacher")
    issue(memory)
    keep_approved(memory, open_school(memory), ["enforcement"])
    assert issue(memory).kept
    with pytest.raises(RequestError, match="not due any more"):
        approve(memory, today(memory), waiting(memory)[0].id, version(memory), head)
    assert (waiting(memory), settled(memory).state) == ([], DROPPED)


def test_a_refusal_needs_a_reason_and_the_letter_can_be_asked_for_again(memory) -> None:
    head, here = person(memory, "Ms H Teacher"), open_school(memory)
    issue(memory)
    number = waiting(memory)[0].id
    for why in (" ", "x" * 501, "\ud800"):
        with pytest.raises(RequestError):
            refuse(memory, here, number, why, head)
    refuse(memory, here, number, "Speak to Ms Ash first.", head)
    assert (settled(memory).state, settled(memory).why) == (REFUSED, "Speak to Ms Ash first.")
    assert history(memory).letters == ()
    issue(memory)
    assert len(waiting(memory)) == 1
    drop(memory, here, waiting(memory)[0].id, "JM")
    assert waiting(memory) == []


def test_the_letter_invites_to_the_meeting_that_was_given_out_with_it(memory) -> None:
    head = person(memory, "Ms H Teacher")
    take(memory, invited())
    keep_approved(memory, open_school(memory), ["all"])
    issue(memory, meeting=SLOT)
    (one,) = waiting(memory)
    assert (one.letter, one.is_named) == ("letter_3", 0)
    done = approve(memory, today(memory), one.id, version(memory), head)
    text = read_text(done.kept[0].letter.content)
    assert "Thursday 26 November 2026" in text


def test_without_a_word_from_the_school_enforcement_waits_once_there_is_a_signatory(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(child_protection_plan=False, child_in_need=False, **SLOT))
        named = {"letter": "enforcement_letter_1", "policy": "bradford"}
        alone = issue(memory, **named)
        assert (len(alone.kept), alone.issue.problems) == (1, ())
        take_back(memory, open_school(memory), alone.kept[0].letter.reference, "to ask")
        person(memory, "Ms H Teacher")
        asked = issue(memory, **named)
        assert (asked.kept, asked.is_asked) == ((), True)
        assert issue(memory).kept


def test_a_batch_leaves_what_needs_approval_with_the_signatory(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take_many(memory, 3)
        number = decided(memory)
        keep_approved(memory, open_school(memory), ["letter_1"])
        release(memory, number)
        work(memory)
        assert (now(memory, number).batch.state, now(memory, number).rows) == ("finished with problems", {"failed": 3})
        asked = waiting(memory)
        assert [one.asked_by for one in asked] == ["JM"] * 3
        head = person(memory, "Ms H Teacher")
        about = [remember(memory, today(memory), one.pupil).stored.version for one in asked]
        for one, seen in zip(asked, about, strict=True):
            assert approve(memory, today(memory), one.id, seen, head).kept


def test_what_a_school_says_is_read_and_written(memory) -> None:
    school = open_school(memory).school
    assert 'needs_approval = ["letter_1", "enforcement"]' in write_settings(school)
    assert "needs_approval = []" in write_settings(replace(school, needs_approval=()))
    assert "needs_approval" not in write_settings(replace(school, needs_approval=None))
    for wrong in (["letter_99"], [""], ["Letter 1"]):
        with pytest.raises(SettingsError, match="List the letters"):
            keep_approved(memory, open_school(memory), wrong)
