"""A personal sentence and other recipients: kept until letters are issued, with them afterwards, and gone with both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from service.attendance.wishes import NO_WISHES, ChosenRecipients, PersonalSentence, Wishes
from service.errors import RequestError
from service.memory.approval.approving import approve, find_approvals
from service.memory.due_today import find_due
from service.memory.keeping.erasing import erase_pupil
from service.memory.keeping.purging import purge
from service.memory.looking.own_tables import keep_approved
from service.memory.people.staff import invite, person_of
from service.memory.remembered import Remembered, number_of, remember
from service.memory.reversing import read_again, take_back
from service.memory.wishing.keeping_wishes import choose_recipients, keep_recipients, keep_sentence, take_back_wish
from service.storage.audit_chain import list_links, verify
from service.storage.issued import list_letters, read_words
from service.storage.pupil_rows import rows_about
from service.storage.wishes.wishes_kept import list_used
from service.word.text import read_text
from tests.invented import ON, contact
from tests.memory.living import history, ill, issue, memory_of, school, take, today

SENTENCE = "We are so glad that Robin is better."
GRAN = contact(first_name="Gran", parental_responsibility=False, lives_with_pupil=False)
FAMILY = [contact(), contact(first_name="Sam"), GRAN]
WRITTEN = PersonalSentence(SENTENCE, "letter_1", "JA", ON)
TO_GRAN = ChosenRecipients(frozenset({2}), frozenset({3}), "Sam is abroad", "letter_1", "JA", ON)


@pytest.fixture
def memory(url, tmp_path):
    with memory_of(tmp_path, url) as opened:
        take(opened, ill(contacts=FAMILY))
        yield opened


def about(memory, on=ON) -> Remembered:
    return remember(memory, today(memory, on), number_of(memory, school(memory), "4711"))


def rows(memory) -> dict[str, list[dict[str, object]]]:
    with memory.database.read() as connection:
        return rows_about(connection, school(memory).id, about(memory).stored.id)


def links(memory) -> list[str]:
    with memory.database.read() as connection:
        return [link.what for link in list_links(connection, school(memory).id)]


def test_a_sentence_is_in_the_letter_that_is_issued_next_and_not_in_the_one_after(memory) -> None:
    before = about(memory).stored.version
    keep_sentence(
        memory, school(memory), about(memory), replace(WRITTEN, text="  We are so glad\r\n that Robin is better. ")
    )
    assert about(memory).pupil.wishes == Wishes(WRITTEN)
    assert about(memory).stored.version == before + 1
    made = issue(memory, by="MB")
    assert all(SENTENCE in kept.letter.text for kept in made.kept)
    assert about(memory).pupil.wishes == NO_WISHES
    _, content = read_again(memory, school(memory), made.kept[0].letter.reference)
    assert SENTENCE in read_text(content)
    take_back(memory, school(memory), made.kept[0].letter.reference, "a mistake")
    again = issue(memory, by="MB")
    assert all(SENTENCE not in kept.letter.text for kept in again.kept)


def test_what_was_issued_says_who_wrote_the_sentence_and_to_whom_it_went_and_why(memory) -> None:
    here = school(memory)
    keep_sentence(memory, here, about(memory), WRITTEN)
    keep_recipients(memory, here, about(memory), TO_GRAN)
    made = issue(memory, by="MB")
    with memory.database.read() as connection:
        letters = list_letters(connection, here.id, about(memory).stored.id)
        words = [read_words(connection, here.id, letter.id) for letter in letters]
        used = list_used(connection, here.id, [made.decision])[made.decision]
        assert verify(connection, here.id) == []
    assert [letter.recipient for letter in letters] == ["1", "3"]
    assert all(SENTENCE in filled for filled in words)
    assert [(wish.kind, wish.by, wish.why) for wish in used] == [
        ("sentence", "JA", ""),
        ("recipients", "JA", "Sam is abroad"),
    ]
    assert [(event.event.recipient, event.event.by) for event in history(memory).events] == [
        ("Ms Jo Ash", "MB"),
        ("Ms Gran Ash", "MB"),
    ]
    assert links(memory)[2:4] == ["recipients chosen", "personal sentence written"]


def test_a_wish_is_taken_back_before_it_is_issued_and_the_audit_says_so(memory) -> None:
    here, number = school(memory), about(memory).stored.id
    assert not take_back_wish(memory, here, number, "sentence")
    keep_sentence(memory, here, about(memory), WRITTEN)
    keep_recipients(memory, here, about(memory), TO_GRAN)
    assert take_back_wish(memory, here, number, "sentence")
    keep_recipients(memory, here, about(memory), replace(TO_GRAN, left_out=frozenset(), added=frozenset()))
    assert about(memory).pupil.wishes == NO_WISHES
    assert links(memory)[:2] == ["recipients as usual again", "personal sentence taken out"]
    assert [kept.letter.recipient.id for kept in issue(memory).kept] == ["1", "2"]
    assert rows(memory)["wish"] == []


def test_people_keep_their_place_when_an_export_names_them_in_another_order(memory) -> None:
    keep_recipients(memory, school(memory), about(memory), TO_GRAN)
    take(memory, ill(contacts=[GRAN, FAMILY[1], FAMILY[0]]))
    chosen = about(memory).pupil.wishes.recipients
    assert (chosen.left_out, chosen.added) == ({2}, {1})
    assert [kept.letter.recipient.name for kept in issue(memory).kept] == ["Ms Gran Ash", "Ms Jo Ash"]


def test_whoever_is_no_contact_any_more_is_a_problem_and_never_somebody_else(memory) -> None:
    keep_recipients(memory, school(memory), about(memory), TO_GRAN)
    take(memory, ill(contacts=FAMILY[:1]))
    made = issue(memory)
    assert [kept.letter.recipient.name for kept in made.kept] == ["Ms Jo Ash"]
    assert [problem.code for problem in made.issue.problems] == ["no-such-contact"]


def test_whoever_must_not_be_written_to_since_then_gets_nothing(memory) -> None:
    keep_recipients(memory, school(memory), about(memory), TO_GRAN)
    take(memory, ill(contacts=[*FAMILY[:2], {**GRAN, "receives_post": False}]))
    made = issue(memory)
    assert [kept.letter.recipient.name for kept in made.kept] == ["Ms Jo Ash"]
    assert [problem.code for problem in made.issue.problems] == ["not-to-be-written-to"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"why": " "}, "no-reason"),
        ({"why": "a\x07b"}, "unusable-text"),
        ({"left_out": frozenset({1, 2}), "added": frozenset()}, "nobody-left"),
        ({"added": frozenset({4})}, "no-such-contact"),
        ({"left_out": frozenset({9})}, "no-such-contact"),
    ],
)
def test_a_choice_that_cannot_be_is_not_kept(memory, change, code) -> None:
    with pytest.raises(RequestError) as refused:
        keep_recipients(memory, school(memory), about(memory), replace(TO_GRAN, **change))
    assert code in [problem.code for problem in refused.value.problems]
    assert about(memory).pupil.wishes == NO_WISHES


@pytest.mark.parametrize("flag", [{"receives_post": False}, {"court_order": True}, {"postcode": ""}])
def test_nobody_who_must_not_or_cannot_be_written_to_is_added(tmp_path, flag) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill(contacts=[*FAMILY[:2], {**GRAN, **flag}]))
        with pytest.raises(RequestError) as refused:
            keep_recipients(memory, school(memory), about(memory), TO_GRAN)
    assert {problem.column for problem in refused.value.problems} == {"recipients"}


@pytest.mark.parametrize("words", ["", " \n ", "x" * 301, "a\u202eb"])
def test_a_sentence_that_cannot_be_printed_is_not_kept(memory, words) -> None:
    with pytest.raises(RequestError) as refused:
        keep_sentence(memory, school(memory), about(memory), replace(WRITTEN, text=words))
    assert [problem.column for problem in refused.value.problems] == ["personal_sentence"]


def test_ticking_says_who_is_left_out_and_who_is_added(memory) -> None:
    pupil = about(memory).pupil
    assert choose_recipients(pupil, {1, 2}, "why", "letter_1").changes_nothing
    chosen = choose_recipients(pupil, {1, 3}, "why", "letter_1")
    assert (chosen.left_out, chosen.added) == ({2}, {3})


def test_wishes_that_come_with_the_letter_win_over_those_that_were_kept(memory) -> None:
    keep_sentence(memory, school(memory), about(memory), WRITTEN)
    keep_recipients(memory, school(memory), about(memory), TO_GRAN)
    made = issue(memory, wishes=Wishes(PersonalSentence("Another one.", by="API", on=ON)))
    assert [kept.letter.recipient.id for kept in made.kept] == ["1", "3"]
    assert all("Another one." in kept.letter.text and SENTENCE not in kept.letter.text for kept in made.kept)
    found = {(row["kind"], row["words"][:12], row["by"], row["decision"]) for row in rows(memory)["wish"]}
    assert ("sentence", "Another one.", "API", made.decision) in found
    assert len(found) == 2


def test_no_sentence_is_a_wish_too(memory) -> None:
    keep_sentence(memory, school(memory), about(memory), WRITTEN)
    made = issue(memory, wishes=Wishes(PersonalSentence("")))
    assert all(SENTENCE not in kept.letter.text for kept in made.kept)
    assert rows(memory)["wish"] == []


def test_a_sentence_for_a_letter_that_is_not_due_any_more_waits_for_somebody(memory) -> None:
    keep_sentence(memory, school(memory), about(memory), replace(WRITTEN, letter="letter_2"))
    made = issue(memory)
    assert made.kept == ()
    assert [problem.code for problem in made.issue.problems] == ["unfit-wish"]
    assert about(memory).pupil.wishes.sentence


def test_wishes_go_with_the_letters_and_with_the_pupil(memory) -> None:
    keep_sentence(memory, school(memory), about(memory), WRITTEN)
    issue(memory)
    keep_sentence(memory, school(memory), about(memory), replace(WRITTEN, on=ON + timedelta(days=1)))
    assert len(rows(memory)["wish"]) == 2
    purge(memory, school(memory), date(2028, 8, 31))
    assert len(rows(memory)["wish"]) == 2
    purge(memory, school(memory), date(2030, 9, 1))
    assert rows(memory)["wish"] == []
    keep_sentence(memory, school(memory), about(memory), WRITTEN)
    erase_pupil(memory, school(memory), about(memory).stored.id)
    with memory.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM wish")).scalar() == 0
    assert SENTENCE.encode() not in b"".join(path.read_bytes() for path in memory.data.rglob("*") if path.is_file())
    assert list(find_due(memory, today(memory))) == []


def test_wishes_wait_with_the_letter_for_a_signatory_who_approves_what_was_seen(memory) -> None:
    here = school(memory)
    head = person_of(memory, invite(memory, here.id, "head@school.example", "Ms H Teacher", "signatory"))
    keep_approved(memory, here, ["letter_1"])
    wishes = Wishes(PersonalSentence(SENTENCE, by="JM", on=ON), replace(TO_GRAN, letter="", by="JM"))
    asked = issue(memory, by="JM", wishes=wishes)
    assert (asked.kept, asked.is_asked) == ((), True)
    kept = about(memory)
    assert kept.pupil.wishes.sentence == replace(wishes.sentence, letter="letter_1")
    (one,) = find_approvals(memory, school(memory)).waiting
    done = approve(memory, today(memory), one.id, kept.stored.version, head)
    assert [one.letter.recipient.id for one in done.kept] == ["1", "3"]
    assert all(SENTENCE in one.letter.text for one in done.kept)
    assert [row["by"] for row in rows(memory)["wish"]] == ["JM", "JM"]
    assert about(memory).pupil.wishes == NO_WISHES


def test_a_sentence_that_changes_while_the_letter_waits_is_looked_at_again(memory) -> None:
    here = school(memory)
    head = person_of(memory, invite(memory, here.id, "head@school.example", "Ms H Teacher", "signatory"))
    keep_approved(memory, here, ["letter_1"])
    issue(memory, by="JM")
    (one,) = find_approvals(memory, school(memory)).waiting
    seen = about(memory).stored.version
    keep_sentence(memory, here, about(memory), WRITTEN)
    with pytest.raises(RequestError, match="changed since you looked"):
        approve(memory, today(memory), one.id, seen, head)
