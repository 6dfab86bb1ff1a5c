"""With a key a letter is issued once and remembered; history, lists and files tell of it, to its school alone."""

from __future__ import annotations

import pytest

from service.memory.approval.approving import find_approvals
from service.memory.keeping.auditing import list_entries
from service.memory.looking.own_tables import keep_approved
from service.web.api.letter_answers import JSON
from service.web.example import EXAMPLE
from service.word.document import DOCX
from service.word.text import read_text
from tests.invented import CONTACT, contact
from tests.web.keyed import HERE, OTHER, house_of

AS_JSON = {"Accept": JSON}
PUPIL = EXAMPLE["pupil"]
HISTORY = f"/v1/pupils/{PUPIL['pupil_reference']}/history"


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def issue(client, headers=AS_JSON, **words):
    return client.post("/v1/letters", json={**EXAMPLE, **words}, headers=headers)


def decide(client):
    answer = client.post("/v1/decisions", json={"on": EXAMPLE["on"], "pupils": [PUPIL]})
    return answer.get_json()["decisions"][0]


def test_a_letter_is_remembered_and_found_again(house) -> None:
    client = house.client()
    answer = issue(client)
    assert answer.status_code == 201
    (letter,) = answer.get_json()["letters"]
    file = client.get(letter["links"]["file"])
    assert (file.status_code, file.mimetype) == (200, DOCX)
    assert "Dear Ms Ash" in read_text(file.data)
    told = client.get(letter["links"]["self"]).get_json()
    assert (told["reference"], told["state"], told["on"]) == (letter["reference"], "issued", EXAMPLE["on"])
    history = client.get(HISTORY).get_json()
    assert [event["event"] for event in history["events"]] == ["letter_1"]
    assert [item["reference"] for item in history["letters"]] == [letter["reference"]]


def test_the_file_that_is_answered_is_the_one_that_is_kept(house) -> None:
    client = house.client()
    answer = issue(client, headers={})
    assert (answer.status_code, answer.mimetype) == (200, DOCX)
    place = answer.headers["Location"]
    assert place == f"/v1/letters/{answer.headers['Letter-Id']}"
    assert client.get(f"{place}/file").data == answer.data


def test_what_was_issued_counts_for_the_next_decision(house) -> None:
    client = house.client()
    assert decide(client)["letter"] == "letter_1"
    issue(client)
    assert decide(client)["letter"] is None
    again = issue(client)
    assert (again.status_code, again.get_json()["letters"]) == (200, [])
    assert issue(client, headers={"Accept": DOCX}).status_code == 409
    named = issue(client, letter="letter_1")
    assert (named.status_code, named.get_json()["type"]) == (409, "/problems/issued-already")


def test_a_letter_that_a_signatory_approves_waits_however_it_is_asked_for(house) -> None:
    client, school = house.client(), house.school()
    keep_approved(house.memory, school, ["letter_1"])
    told = issue(client)
    assert (told.status_code, told.get_json()["letters"]) == (200, [])
    (problem,) = told.get_json()["problems"]
    assert "waits for a signatory" in problem["detail"]
    for words in ({}, {"letter": "letter_1"}):
        for headers in ({}, {"Idempotency-Key": "one"}, {"Idempotency-Key": "one"}):
            refused = issue(client, headers={"Accept": DOCX, **headers}, **words)
            assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/waits-for-approval")
    assert client.get("/v1/letters").get_json()["items"] == []
    (asked,) = find_approvals(house.memory, house.school()).waiting
    assert (asked.letter, asked.asker) == ("letter_1", 0)


def test_a_letter_that_was_taken_back_can_be_issued_again(house) -> None:
    client = house.client()
    (letter,) = issue(client).get_json()["letters"]
    answer = client.post(letter["links"]["reversal"], json={"why": "The marks were wrong.", "by": "JM"})
    assert (answer.status_code, answer.get_json()["references"]) == (201, [letter["reference"]])
    assert client.post(letter["links"]["reversal"], json={"why": "again"}).status_code == 409
    (event,) = client.get(HISTORY).get_json()["events"]
    assert (event["reversal"]["why"], event["reversal"]["by"]) == ("The marks were wrong.", "JM")
    assert client.get("/v1/letters").get_json()["items"][0]["state"] == "reversed"
    assert len(issue(client).get_json()["letters"]) == 1


def test_what_people_did_is_written_down_and_taken_back(house) -> None:
    client = house.client()
    issue(client)
    event = {"on": "2026-11-20", "event": "parent_contact", "by": "JM", "note": "Rang at 9."}
    made = client.post(HISTORY, json=event)
    assert made.status_code == 201
    number = made.get_json()["number"]
    told = next(item for item in client.get(HISTORY).get_json()["events"] if item["number"] == number)
    assert {word: told[word] for word in event} == event
    assert told["source"] == "recorded"
    back = client.post(f"{HISTORY}/{number}/reversal", json={"why": "Another family."})
    assert (back.status_code, back.get_json()) == (201, {"event": "parent_contact", "references": []})
    assert client.post(f"{HISTORY}/{number + 1}/reversal", json={"why": "x"}).status_code == 404
    assert client.post(f"{HISTORY}/{1 << 70}/reversal", json={"why": "x"}).status_code == 404


def test_every_fault_of_an_event_is_told_under_its_word(house) -> None:
    client = house.client()
    issue(client)
    answer = client.post(HISTORY, json={"on": "20/11/2026", "event": "parent_contct", "note": 7, "nte": "x"})
    assert [problem["pointer"] for problem in answer.get_json()["problems"]] == ["/note", "/nte"]
    answer = client.post(HISTORY, json={"on": "20/11/2026", "event": "parent_contct"})
    assert [problem["pointer"] for problem in answer.get_json()["problems"]] == ["/on", "/event"]
    assert client.post(HISTORY, json=[1]).status_code == 422


@pytest.mark.parametrize("name", ["4712", "%00", "x" * 300, "-"])
def test_a_pupil_or_letter_that_nobody_knows_is_404(house, name) -> None:
    client = house.client()
    assert client.get(f"/v1/pupils/{name}/history").status_code == 404
    assert client.get(f"/v1/letters/{name}").status_code == 404
    assert client.get(f"/v1/letters/{name}/file").status_code == 404


def test_nothing_is_issued_where_nothing_could_be_answered(house) -> None:
    client = house.client()
    assert issue(client, recipient="7").status_code == 422
    assert issue(client, headers={"Accept": "text/html"}).status_code == 406
    assert client.get("/v1/letters").get_json()["items"] == []
    assert decide(client)["letter"] == "letter_1"


def test_each_recipient_has_a_letter_and_one_may_be_chosen(house) -> None:
    client = house.client()
    second = contact(title="Mr", first_name="Sam", address_line_1="7 Sluice Road")
    answer = issue(client, headers={"Accept": DOCX}, pupil={**PUPIL, "contacts": [CONTACT, second]}, recipient="2")
    assert "Dear Mr Ash" in read_text(answer.data)
    kept = client.get("/v1/letters").get_json()["items"]
    assert [item["recipient"] for item in kept] == ["1", "2"]
    assert answer.headers["Letter-Id"] == kept[1]["reference"]


def test_the_list_comes_in_pages_and_is_not_sent_twice(house) -> None:
    client = house.client()
    for number in range(5):
        issue(client, pupil={**PUPIL, "pupil_reference": f"90{number}"})
    found, after = [], ""
    while after is not None:
        page = client.get("/v1/letters", query_string={"limit": 2, **({"after": after} if after else {})}).get_json()
        found += [item["pupil_reference"] for item in page["items"]]
        after = page["next"]
    assert found == [f"90{number}" for number in range(5)]
    whole = client.get("/v1/letters")
    same = client.get("/v1/letters", headers={"If-None-Match": whole.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    issue(client, pupil={**PUPIL, "pupil_reference": "909"})
    assert client.get("/v1/letters", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "words", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"after": "x"}, {"after": "9" * 30}]
)
def test_a_page_that_there_is_not_is_refused(house, words) -> None:
    assert house.client().get("/v1/letters", query_string=words).status_code == 422


def test_one_school_knows_nothing_of_the_other(house) -> None:
    (letter,) = issue(house.client(at=HERE)).get_json()["letters"]
    other = house.client(at=OTHER)
    assert other.get("/v1/letters").get_json()["items"] == []
    assert other.get(HISTORY).status_code == 404
    assert other.get(letter["links"]["file"]).status_code == 404
    assert other.post(letter["links"]["reversal"], json={"why": "x"}).status_code == 404
    assert decide(other)["letter"] == "letter_1"


def test_a_test_key_sees_and_changes_nothing_that_is_remembered(house) -> None:
    live, trying = house.client(), house.client(is_test=True)
    (tried,) = issue(trying).get_json()["letters"]
    assert "links" not in tried
    assert live.get("/v1/letters").get_json()["items"] == []
    (letter,) = issue(live).get_json()["letters"]
    assert decide(trying)["letter"] == "letter_1"
    before = live.get(HISTORY).get_json()
    answers = [
        trying.get("/v1/letters"),
        trying.get(HISTORY),
        trying.get(letter["links"]["file"]),
        trying.post(HISTORY, json={"on": "2026-11-20", "event": "parent_contact"}),
        trying.post(letter["links"]["reversal"], json={"why": "x"}),
    ]
    assert {(answer.status_code, answer.get_json()["type"]) for answer in answers} == {(403, "/problems/test-key")}
    assert live.get(HISTORY).get_json() == before


def test_a_decision_with_a_key_is_the_one_that_a_letter_would_be_issued_by(house) -> None:
    client = house.client()
    marks = [{"date": f"2026-11-{day:02}", "session": "AM", "code": "O"} for day in (10, 12, 18)]
    with_marks = {**PUPIL, "marks": marks}
    thought = client.post("/v1/decisions", json={"on": EXAMPLE["on"], "pupils": [with_marks]}).get_json()["decisions"][
        0
    ]
    made = issue(client, pupil=with_marks).get_json()["decision"]
    assert made == thought
    assert client.post("/v1/decisions", json={"on": EXAMPLE["on"], "pupils": [with_marks]}).status_code == 200


def test_the_audit_names_the_key_that_asked(house) -> None:
    assert issue(house.client()).status_code == 201
    client = house.client(scopes=["record"])
    assert client.post(HISTORY, json={"on": EXAMPLE["on"], "event": "parent_contact", "by": "JM"}).status_code == 201
    found = list_entries(house.memory, house.school(), 0, 2)
    assert [(link.what, link.who, found.by[link.who]) for link in found.links] == [
        ("event recorded", "key 2", "The key a program"),
        ("key made", "service", "The service itself"),
    ]
    all_of_them = list_entries(house.memory, house.school(), 0, 50).links
    assert {link.who for link in all_of_them if link.what == "letter issued"} == {"key 1"}
