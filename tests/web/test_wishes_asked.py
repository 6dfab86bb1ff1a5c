"""A request wants a personal sentence and other recipients: as on the page, with a key and without one."""

from __future__ import annotations

import io

import pytest
from docx import Document

from service.web.api.letter_answers import JSON
from service.web.example import EXAMPLE
from tests.invented import contact
from tests.web.keyed import house_of

AS_JSON = {"Accept": JSON}
SENTENCE = "We are so glad that Robin is better."
GRAN = contact(first_name="Gran", parental_responsibility=False, lives_with_pupil=False)
AUNT = contact(first_name="Anna", receives_post=False)
FAMILY = [contact(), contact(first_name="Sam"), GRAN, AUNT]
PUPIL = {**EXAMPLE["pupil"], "contacts": FAMILY}
TO_GRAN = {"leave_out": [2], "add": [3], "why": "Sam is abroad"}


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def ask(client, headers=AS_JSON, **words):
    return client.post("/v1/letters", json={**EXAMPLE, "pupil": PUPIL, **words}, headers=headers)


def names(answer) -> list[str]:
    return [letter["recipient_name"] for letter in answer.get_json()["letters"]]


def faults(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 422
    return [(problem["code"], problem["pointer"]) for problem in answer.get_json()["problems"]]


@pytest.mark.parametrize("kind", ["live", "test", ""])
def test_the_letter_holds_the_sentence_and_goes_to_those_who_were_chosen(house, kind, client) -> None:
    asked = house.client(is_test=kind == "test") if kind else client
    answer = ask(asked, personal_sentence=f" {SENTENCE}\nCome soon. ", recipients=TO_GRAN, by="JM")
    assert names(answer) == ["Ms Jo Ash", "Ms Gran Ash"]
    assert all(f"{SENTENCE} Come soon." in letter["text"] for letter in answer.get_json()["letters"])
    assert "Ask whether Ms Gran Ash may read this" in str(answer.get_json()["letters"][1]["notes"])


def test_a_letter_as_a_file_holds_the_sentence_before_its_closing(client) -> None:
    answer = ask(client, headers={}, personal_sentence=SENTENCE, recipient="1")
    lines = [paragraph.text for paragraph in Document(io.BytesIO(answer.data)).paragraphs]
    assert lines[lines.index(SENTENCE) + 1] == "Kind regards"


def test_what_was_issued_says_what_was_wanted_by_whom_and_why(house) -> None:
    client = house.client()
    answer = ask(client, personal_sentence=SENTENCE, recipients=TO_GRAN, by="JM")
    assert answer.status_code == 201
    wanted = {
        "personal_sentence": SENTENCE,
        "personal_sentence_by": "JM",
        "recipients_why": "Sam is abroad",
        "recipients_by": "JM",
    }
    for letter in answer.get_json()["letters"]:
        told = client.get(letter["links"]["self"]).get_json()
        assert {word: told[word] for word in wanted} == wanted
    history = client.get(f"/v1/pupils/{PUPIL['pupil_reference']}/history").get_json()
    assert [(event["recipient"], event["by"]) for event in history["events"]] == [
        ("Ms Jo Ash", "JM"),
        ("Ms Gran Ash", "JM"),
    ]
    assert [letter["personal_sentence"] for letter in history["letters"]] == [SENTENCE, SENTENCE]
    listed = client.get("/v1/letters").get_json()["items"]
    assert [letter["recipients_why"] for letter in listed] == ["Sam is abroad", "Sam is abroad"]


def test_a_letter_without_wishes_says_so(house) -> None:
    client = house.client()
    (first, *_) = ask(client, personal_sentence=None, recipients={}).get_json()["letters"]
    told = client.get(first["links"]["self"]).get_json()
    assert (told["personal_sentence"], told["recipients_why"]) == (None, None)


@pytest.mark.parametrize("kind", ["live", ""])
@pytest.mark.parametrize(
    ("recipients", "found"),
    [
        ({"add": [4], "why": "asked"}, [("not-to-be-written-to", "/recipients")]),
        ({"leave_out": [1, 2], "why": "asked"}, [("nobody-left", "/recipients")]),
        ({"leave_out": [2]}, [("no-reason", "/recipients/why")]),
        ({"add": [9], "why": "asked"}, [("no-such-contact", "/recipients")]),
        ({"add": ["3"], "why": "asked"}, [("wrong-shape", "/recipients/add")]),
        ({"add": [True], "why": "asked"}, [("wrong-shape", "/recipients/add")]),
        ({"leave_out": 2, "why": "asked"}, [("wrong-shape", "/recipients/leave_out")]),
        ({"add": [3], "why": 7}, [("not-text", "/recipients/why")]),
        ({"add": [3], "whi": "asked"}, [("unknown-word", "/recipients/whi")]),
        ({"add": [3], "why": "a\u202eb"}, [("unusable-text", "/recipients/why")]),
        ([3], [("wrong-shape", "/recipients")]),
    ],
)
def test_recipients_who_cannot_be_chosen_are_refused_and_nothing_is_issued(
    house, client, kind, recipients, found
) -> None:
    asked = house.client(is_test=kind == "test") if kind else client
    assert faults(ask(asked, recipients=recipients)) == found
    if kind:
        assert asked.get("/v1/letters").get_json()["items"] == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"personal_sentence": "x" * 301}, [("unfit-sentence", "/personal_sentence")]),
        ({"personal_sentence": "a\x07b"}, [("unfit-sentence", "/personal_sentence")]),
        ({"personal_sentence": 7}, [("not-text", "/personal_sentence")]),
        ({"by": "a\x07b"}, [("unusable-text", "/by")]),
        ({"personal_sentences": SENTENCE}, [("unknown-word", "/personal_sentences")]),
    ],
)
def test_a_sentence_that_cannot_be_printed_is_refused(client, words, found) -> None:
    assert faults(ask(client, **words)) == found


def test_a_letter_without_a_place_says_so_at_the_sentence(client) -> None:
    marks = [{"date": "2026-11-03", "session": "AM", "code": "I"}, {"date": "2026-11-04", "session": "AM", "code": "/"}]
    counted = {word for word in PUPIL if word.startswith("sessions_")}
    pupil = {word: value for word, value in PUPIL.items() if word not in counted} | {"marks": marks}
    words = {"pupil": pupil, "policy": "primary", "letter": "attendance_message", "personal_sentence": SENTENCE}
    answer = ask(client, **words)
    assert answer.get_json()["letters"] == []
    found = [(problem["code"], problem["pointer"]) for problem in answer.get_json()["problems"]]
    assert ("no-place-for-sentence", "/personal_sentence") in found


def test_numbers_that_are_somebody_elses_by_now_are_refused(house) -> None:
    client = house.client()
    ask(client, pupil={**PUPIL, "contacts": FAMILY})
    older = {"pupil": {**PUPIL, "contacts": [GRAN, FAMILY[0]]}, "on": "2026-11-19", "letter": "letter_1"}
    answer = ask(client, **older, recipients={"leave_out": [1], "why": "asked"})
    assert faults(answer) == [("other-contacts", "/recipients")]
