"""What the routes answer to a plug-in's author who asks rightly."""

from __future__ import annotations

import copy
import io
import zipfile
from datetime import date

import pytest

from service.attendance.words import FACTS
from service.sample.sample_school import SAMPLE_SCHOOL
from service.web.example import EXAMPLE, say_curl
from service.web.problems import PROBLEM_JSON
from service.word.document import DOCX, PDF
from service.word.text import read_text
from tests.invented import MEETING, contact, make_marks, make_values

REGULAR = {**EXAMPLE["pupil"], "sessions_attended": 104, "sessions_authorised": 0, "sessions_unauthorised": 0}
JUDGED = ("reason_given", "reason_satisfactory")
TWO_PARENTS = {**EXAMPLE["pupil"], "contacts": [contact(), contact(first_name="Sam")]}


def letter(client, accept="", **words):
    headers = {"Accept": accept} if accept else {}
    return client.post("/v1/letters", json={**EXAMPLE, **words}, headers=headers)


def codes(answer) -> list[tuple[str, str]]:
    assert answer.mimetype == PROBLEM_JSON
    return [(problem["code"], problem["pointer"]) for problem in answer.get_json()["problems"]]


def test_decisions_come_in_the_order_of_the_pupils(client) -> None:
    pupils = [EXAMPLE["pupil"], {**REGULAR, "pupil_reference": "4712"}]
    answer = client.post("/v1/decisions", json={"on": "2026-11-20", "pupils": pupils})
    assert answer.status_code == 200
    first, second = answer.get_json()["decisions"]
    assert (first["pupil_reference"], first["letter"], first["on"]) == ("4711", "letter_1", "2026-11-20")
    assert (second["pupil_reference"], second["letter"], second["outcome"]) == ("4712", None, "none")
    assert "row" not in first
    assert first["figures"]["attendance_percentage"] == 90.38


@pytest.mark.parametrize("policy", ["bradford", "primary", "academy", "stockport"])
def test_a_policy_can_be_named(client, policy) -> None:
    answer = client.post("/v1/decisions", json={"on": "2026-11-20", "policy": policy, "pupils": [EXAMPLE["pupil"]]})
    assert answer.get_json()["decisions"][0]["policy"] == policy


def test_names_of_every_script_come_back_as_they_are(client) -> None:
    answer = letter(client, "application/json", pupil={**EXAMPLE["pupil"], "first_name": "Llŷr العربية"})
    assert "Llŷr العربية" in answer.get_data(as_text=True)


@pytest.mark.parametrize("accept", ["", "*/*", DOCX, f"application/json;q=0.5, {DOCX}", "text/html, */*;q=0.1"])
def test_a_letter_is_a_word_document_unless_something_else_is_wanted(client, accept) -> None:
    answer = letter(client, accept)
    assert (answer.status_code, answer.mimetype) == (200, DOCX)
    assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    text = read_text(answer.data)
    for word in ("Ms Jo Ash", "2 Long Row", "Robin", "90.4%", "Weir Lane School", answer.headers["Letter-Id"]):
        assert word in text
    name = answer.headers["Content-Disposition"]
    assert name == f'attachment; filename="{answer.headers["Letter-Id"]}.docx"'
    assert "Ash" not in name


def test_as_json_a_letter_comes_with_its_decision_and_text(client) -> None:
    answer = letter(client, "application/json").get_json()
    (made,) = answer["letters"]
    assert answer["decision"]["letter"] == made["letter"] == "letter_1"
    assert (made["recipient"], made["recipient_name"], made["label"]) == ("1", "Ms Jo Ash", "School Letter 1")
    assert "Dear Ms Ash" in made["text"]
    assert answer["problems"] == []


def test_several_recipients_share_one_file_and_one_can_be_asked_for(client) -> None:
    both = letter(client, pupil=TWO_PARENTS)
    assert both.status_code == 200
    assert len(both.headers["Letter-Id"].split(", ")) == 2
    assert {"Dear Ms Ash"} <= set(read_text(both.data).split("\n"))
    for number, name in (("1", "Ms Jo Ash"), (2, "Ms Sam Ash")):
        text = read_text(letter(client, pupil=TWO_PARENTS, recipient=number).data)
        assert name in text
        assert ("Ms Jo Ash" if number == 2 else "Ms Sam Ash") not in text


def test_a_file_says_in_a_header_who_else_should_have_been_written_to(client) -> None:
    people = [contact(), contact(first_name="Sam", postcode=""), contact(first_name="", last_name="", title="")]
    answer = letter(client, pupil={**EXAMPLE["pupil"], "contacts": people})
    assert answer.mimetype == DOCX
    assert answer.headers["Letter-Problems"] == (
        "incomplete-address /pupil/contacts/1/postcode, no-name /pupil/contacts/2/last_name"
    )
    assert "Letter-Problems" not in letter(client, pupil=TWO_PARENTS).headers
    told = letter(client, "application/json", pupil={**EXAMPLE["pupil"], "contacts": people}).get_json()["problems"]
    assert [problem["code"] for problem in told] == ["incomplete-address", "no-name"]


def test_a_header_of_problems_stays_short_however_many_there_are(client) -> None:
    people = [contact(), *[contact(postcode="")] * 499]
    answer = letter(client, pupil={**EXAMPLE["pupil"], "contacts": people})
    said = answer.headers["Letter-Problems"].split(", ")
    assert (len(said), said[-1]) == (51, "more-problems /pupil")
    assert len(answer.headers["Letter-Problems"]) < 4_000


@pytest.mark.parametrize("recipient", ["3", 0, "Sam", "Ms Sam Ash", "by", "-"])
def test_a_recipient_who_gets_no_letter_is_refused_with_those_who_do(client, recipient) -> None:
    answer = letter(client, pupil=TWO_PARENTS, recipient=recipient)
    assert answer.status_code == 422
    assert codes(answer) == [("no-such-recipient", "/recipient")]
    assert answer.get_json()["detail"].endswith("Use one of: 1, 2.")
    assert "Sam" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("word", ["recipient", "letter"])
def test_null_is_as_if_the_word_were_not_there(client, word) -> None:
    answer = letter(client, pupil=TWO_PARENTS, **{word: None})
    assert answer.status_code == 200
    assert answer.headers["Letter-Id"] == letter(client, pupil=TWO_PARENTS).headers["Letter-Id"]


@pytest.mark.parametrize(
    ("contacts", "named"), [(TWO_PARENTS["contacts"], "1-2"), (TWO_PARENTS["contacts"], "2"), ([], "by-hand")]
)
def test_whatever_an_answer_calls_a_recipient_can_be_asked_for(client, contacts, named) -> None:
    words = {
        "pupil": {**EXAMPLE["pupil"], "contacts": contacts},
        "school": {"shared_households": True, "without_contacts": "by hand"},
    }
    (made,) = letter(client, "application/json", recipient=named, **words).get_json()["letters"]
    assert named in made["recipient"]


def test_no_letter_due_is_a_decision_or_409_where_only_a_file_is_wanted(client) -> None:
    answer = letter(client, "application/json", pupil=REGULAR)
    assert (answer.status_code, answer.get_json()["letters"]) == (200, [])
    assert letter(client, pupil=REGULAR).get_json()["decision"]["outcome"] == "none"
    refused = letter(client, DOCX, pupil=REGULAR)
    assert refused.status_code == 409
    assert codes(refused) == [("no-letter-due", "")]


@pytest.mark.parametrize("accept", [DOCX, PDF])
def test_where_a_figure_is_missing_a_file_is_409_that_names_it_and_with_it_the_pupil_is_decided(client, accept) -> None:
    refused = letter(client, accept, policy="primary")
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/not-decided")
    assert refused.get_json()["title"] == "It cannot be decided yet"
    assert codes(refused) == [("missing-word", "/pupil/attendance_percentage_last_10_weeks")]
    assert "attendance percentage last 10 weeks" in refused.get_json()["detail"]
    pupil = {**EXAMPLE["pupil"], "attendance_percentage_last_10_weeks": 99}
    assert codes(letter(client, DOCX, policy="primary", pupil=pupil)) == [("no-letter-due", "")]


def test_where_a_judgement_is_missing_a_file_is_409_with_its_question(client) -> None:
    pupil = {**EXAMPLE["pupil"], "sessions_illness": 0, "sessions_medical": 0}
    refused = letter(client, DOCX, policy="academy", pupil=pupil)
    assert refused.status_code == 409
    assert codes(refused) == [("missing-word", f"/pupil/{word}") for word in JUDGED]
    questions = [problem["detail"] for problem in refused.get_json()["problems"]]
    assert questions == [f"{FACTS[word].question} Answer true or false." for word in JUDGED]


def test_marks_that_hold_nothing_of_the_school_year_are_what_is_missing(client) -> None:
    marks = make_marks([], first=date(2026, 9, 3), last=date(2026, 9, 4))
    pupil = {**make_values(), "marks": [{**mark, "code": "#"} for mark in marks]}
    refused = letter(client, DOCX, policy="primary", pupil=pupil)
    assert codes(refused) == [("missing-word", "/pupil/marks")]


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", f"{DOCX}, application/json;q=0.1"])
def test_an_undecided_pupil_is_answered_with_the_decision_where_json_is_acceptable(client, accept) -> None:
    answer = letter(client, accept, policy="primary")
    assert (answer.status_code, answer.get_json()["letters"]) == (200, [])
    assert answer.get_json()["decision"]["missing"] == ["attendance_percentage_last_10_weeks"]


def test_a_letter_can_be_named(client) -> None:
    pupil = {**EXAMPLE["pupil"], "sessions_illness": 5, "sessions_medical": 1}
    answer = letter(client, "application/json", pupil=pupil, letter="letter_med").get_json()
    assert answer["letters"][0]["letter"] == "letter_med"
    assert answer["decision"]["letter"] == "letter_1"


@pytest.mark.parametrize("pupil", [EXAMPLE["pupil"], REGULAR])
def test_an_invitation_without_a_meeting_names_the_words_that_are_missing(client, pupil) -> None:
    answer = letter(client, pupil=pupil, letter="letter_3")
    assert answer.status_code == 422
    assert codes(answer) == [("missing-meeting", f"/pupil/{word}") for word in MEETING]


def test_a_message_is_text_only_and_refused_only_where_json_is_not_acceptable(client) -> None:
    pupil = copy.deepcopy(EXAMPLE["pupil"]) | {"marks": make_marks([("2026-11-10 AM", "I")])}
    for word in [word for word in pupil if word.startswith("sessions_")]:
        del pupil[word]
    words = {"pupil": pupil, "policy": "primary", "letter": "attendance_message"}
    for accept in ("", "*/*", "application/json", f"{DOCX}, application/json;q=0.1"):
        answer = letter(client, accept, **words)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert "Robin" in answer.get_json()["letters"][0]["text"]
    refused = letter(client, DOCX, **words)
    assert refused.status_code == 406
    assert codes(refused) == [("only-text", "")]


def test_the_words_and_choices_of_the_school_in_a_request_are_used(client) -> None:
    pupil = {word: value for word, value in EXAMPLE["pupil"].items() if word != "contacts"}
    school = {
        **SAMPLE_SCHOOL.words,
        "school_name": "Hill Top School",
        "without_contacts": "by hand",
        "lessons_per_day": 0,
    }
    text = read_text(letter(client, pupil=pupil, school=school).data)
    assert "Hill Top School" in text
    assert "Parent or carer of Robin Ash" in text
    assert codes(letter(client, pupil=pupil)) == [("no-recipient", "/pupil")]


def test_a_calendar_in_a_request_is_used(client) -> None:
    calendar = [{"from": "2026-09-03", "to": "2026-12-18", "kind": "term", "name": "Autumn"}]
    answer = letter(client, "application/json", calendar=calendar).get_json()
    assert not [caution for caution in answer["decision"]["cautions"] if "calendar" in caution]


def test_health_and_the_readable_documentation_answer(client) -> None:
    assert client.get("/health").get_json() == {"status": "ok"}
    page = client.get("/v1/docs")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    for word in ("/v1/letters", "/v1/decisions", "sessions_unauthorised", "Pupil"):
        assert word in page.get_data(as_text=True)


def test_the_command_that_the_service_prints_asks_for_this_letter() -> None:
    assert "http://127.0.0.1:1/v1/letters" in say_curl("http://127.0.0.1:1")


@pytest.mark.parametrize("name", ["", "letter_1", "letter_2"])
def test_a_letter_comes_with_the_decision_that_the_other_route_gives(client, name) -> None:
    asked = client.post("/v1/decisions", json={"on": EXAMPLE["on"], "pupils": [EXAMPLE["pupil"]]})
    beside = letter(client, "application/json", letter=name).get_json()["decision"]
    assert beside == asked.get_json()["decisions"][0]
