"""Whatever a pupil's record says, every letter of every policy is whole or is refused by name."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.attendance.reading.records import read_record
from service.attendance.school import School
from service.attendance.words import FACTS, OUTCOMES, PER_PARENT_EVENTS
from service.desk import Desk
from service.issue import issue_letters
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.invented import CALENDAR, ON

FEW = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a letter of 26 templates is not worth minutes of shrinking
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DESK = Desk(read_settings({}), SAMPLE_SCHOOL)
LETTERS = sorted(
    {(name, rule.letter) for name, policy in DESK.policies.items() for rule in policy.rules if rule.letter}
)
EVENTS = sorted(frozenset.intersection(*(policy.events for policy in DESK.policies.values())))
HARD_NAMES = [
    *("O'Brien & Sons", "Llŷr", "Nguyễn", "العربية", "<b>", "{{7*7}}", "{_{", "}_}", "{% raw %}", "&amp;", "&#10;"),
    *(
        "Smythe-Cole",
        "D’Arcy",
        "Łucja",
        "ਸਿੰਘ",
        "王",
        "José-María",
        'Sam "Sunny"',
        "None",
        "A{#x#}",
        "Ji\u200dho",
        "\\n",
        "%}",
    ),
]
FENCE = "ꙮ"  # stands on both sides of every value that a person typed, so that a letter's own words can be told from it
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp", "Cf"), exclude_characters=FENCE
)
NAMES = (st.sampled_from(HARD_NAMES) | st.text(CHARACTERS, max_size=20)).map(lambda name: f"{FENCE}{name}{FENCE}")
CODES = st.sampled_from("IIIMNNOOGULCXBJDY/")
DAYS = [ON - timedelta(days=number) for number in range(79)]
PLACES = [f"{day} {half}" for day in DAYS if CALENDAR.is_open(day) for half in ("AM", "PM")]


@st.composite
def summaries(draw):
    attended, late = draw(st.integers(0, 110)), draw(st.integers(0, 5))
    authorised, unauthorised = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    values = {
        "sessions_possible": attended + authorised + unauthorised,
        "sessions_attended": attended,
        "sessions_authorised": authorised,
        "sessions_unauthorised": unauthorised,
        "sessions_late": min(late, attended),
        "sessions_unexplained": draw(st.integers(0, unauthorised)),
        "sessions_illness": draw(st.integers(0, authorised)),
        "sessions_unauthorised_since_last_letter": draw(st.integers(0, 9)),
        "broken_weeks": draw(st.integers(0, 9)),
        "weeks_in_session": draw(st.integers(9, 12)),
    }
    kept = draw(st.sets(st.sampled_from(sorted(values))))
    return {word: value for word, value in values.items() if word in kept}


@st.composite
def marks(draw):
    codes = draw(st.dictionaries(st.sampled_from(PLACES), CODES, max_size=40))
    return {
        "marks": [{"date": place[:10], "session": place[11:], "code": codes.get(place, "/")} for place in PLACES],
    }


EVENT = st.fixed_dictionaries(
    {"on": st.sampled_from(DAYS).map(str), "event": st.sampled_from(EVENTS)},
    optional={
        "outcome": st.sampled_from(sorted(OUTCOMES)),
        "recipient": st.sampled_from(["1", "2", "Jo Ash"]),
        "note": NAMES,
    },
).filter(lambda event: event["event"] not in PER_PARENT_EVENTS or "recipient" in event)
CONTACT = st.fixed_dictionaries(
    {
        "last_name": NAMES,
        "parental_responsibility": st.just(True),
        "address_line_1": NAMES,
        "postcode": st.just("ZE8 4QT"),
    },
    optional={
        "title": st.sampled_from(["Ms", "Dr", ""]),
        "first_name": NAMES,
        "address_line_2": NAMES,
        "address_line_5": NAMES,
        "confidential_address": st.booleans(),
        "lives_with_pupil": st.booleans(),
        "receives_post": st.booleans(),
    },
)
MEETING = st.fixed_dictionaries(
    {"meeting_date": st.just("2026-12-01"), "meeting_time": st.just("9:30"), "meeting_place": NAMES},
    optional={"meeting_with": NAMES},
)


@st.composite
def records(draw):
    return {
        "pupil_reference": "4711",
        **draw(st.fixed_dictionaries({}, optional={"first_name": NAMES, "last_name": NAMES, "preferred_name": NAMES})),
        **draw(st.just({}) | st.fixed_dictionaries({"registration_group": NAMES})),
        **draw(summaries() | marks()),
        **draw(st.just({}) | MEETING),
        **draw(st.dictionaries(st.sampled_from(sorted(FACTS)), st.booleans(), max_size=4)),
        "contacts": draw(st.lists(CONTACT, max_size=3)),
        "history": draw(st.lists(EVENT, max_size=6)),
    }


SCHOOLS = st.builds(
    School,
    words=st.just(SAMPLE_SCHOOL.words)
    | st.just({"school_name": "Weir & <Lane>", "sender_name": "Mr O'Hara", "local_authority_name": "Oxley"}),
    without_contacts=st.sampled_from(["", "by hand"]),
    print_profile=st.sampled_from(["dl", "notify"]),
    shared_households=st.booleans(),
    lessons_per_day=st.integers(0, 6),
)


def paragraphs(docx: bytes) -> list[str]:
    """Every paragraph of the body, headers and footers, as text."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        for name in package.namelist():
            if re.match(r"word/(document|header|footer)\d*\.xml|word/header_?\w*\.xml", name):
                root = ElementTree.fromstring(package.read(name))  # noqa: S314  # the letter that we just made
                for paragraph in root.iter(f"{W}p"):
                    texts.append(
                        "".join(
                            {f"{W}tab": "\t", f"{W}br": "\n"}.get(item.tag, item.text or "")
                            for item in paragraph.iter()
                            if item.tag in (f"{W}t", f"{W}tab", f"{W}br") and item.get(f"{W}val") is None
                        )
                    )
    return texts


def check_letter(letter) -> None:
    lines = paragraphs(letter.content) if letter.content else [letter.message]
    plain = [re.sub(f"{FENCE}[^{FENCE}]*{FENCE}", "Value", line) for line in lines]
    whole = "\n".join(plain)
    assert FENCE not in whole
    assert not re.search(r"[{}]|%\}|\bNone\b|\bTrue\b|\bFalse\b|Undefined|\[\]", whole)
    assert all(line.strip() for line in lines)
    assert not [line for line in plain if re.match(r"\s*[,;:.]", line)]
    assert "  " not in whole
    assert not re.search(r" [,.;](\s|$)|,,|\.\.|\(\s*\)|\bfor \.", whole)


def check_values(letter, record, wants) -> None:
    """Every value that this letter is about stands in it as it was typed."""
    text = letter.text
    if letter.content:
        expected = [*letter.recipient.address_lines, letter.recipient.salutation, letter.reference]
        expected += [f"{record.first_name} {record.last_name}".strip(), record.registration_group]
        assert [line for line in expected if line not in text] == []
    if "known_as" in wants:
        assert (record.preferred_name or record.first_name) in text
    if "meeting_place" in wants and letter.letter != "stage_2_letter":  # one of its openings invites to no meeting
        assert record.meeting["meeting_place"] in text


@pytest.mark.parametrize(("policy", "letter"), LETTERS)
@settings(FEW, max_examples=20)
@given(values=records(), school=SCHOOLS)
def test_a_named_letter_is_whole_or_says_what_it_lacks(policy, letter, values, school) -> None:
    record = read_record(values, events=DESK.policy(policy).events)
    issue = issue_letters(DESK, Pupil(record, school, DESK.policy(policy), ON, CALENDAR), letter)
    assert issue.letters or issue.problems
    for made in issue.letters:
        check_letter(made)
        check_values(made, record, DESK.open_letter(letter, policy, school).template.wants)


@pytest.mark.parametrize("policy", sorted(DESK.policies))
@settings(FEW, max_examples=30)
@given(values=records(), on=st.sampled_from([ON, date(2026, 9, 3), date(2026, 12, 31), date(2027, 8, 31)]))
def test_a_letter_that_is_due_is_made_or_is_a_problem(policy, values, on) -> None:
    record = read_record(values, events=DESK.policy(policy).events)
    issue = issue_letters(DESK, Pupil(record, SAMPLE_SCHOOL, DESK.policy(policy), on, CALENDAR))
    assert bool(issue.letters or issue.problems) == bool(issue.decision.letter)
    for made in issue.letters:
        assert made.letter == issue.decision.letter
        check_letter(made)


@pytest.mark.parametrize("name", HARD_NAMES)
@pytest.mark.parametrize(("policy", "letter"), [("bradford", "letter_1"), ("primary", "attendance_message")])
def test_a_hard_name_arrives_exactly_as_it_was_typed(name, policy, letter) -> None:
    values = {
        "pupil_reference": "1",
        "first_name": name,
        "last_name": name,
        "marks": [{"date": place[:10], "session": place[11:], "code": "I"} for place in PLACES],
        "contacts": [
            {
                "first_name": name,
                "last_name": name,
                "address_line_1": f"1 {name}",
                "postcode": "ZE8 4QT",
                "parental_responsibility": True,
            }
        ],
    }
    record = read_record(values)
    issue = issue_letters(DESK, Pupil(record, SAMPLE_SCHOOL, DESK.policy(policy), ON, CALENDAR), letter)
    assert issue.problems == ()
    text = issue.letters[0].text
    assert text.count(name) >= (7 if letter == "letter_1" else 1)
    assert ("49" in text) == ("49" in name)
