"""Batches for programs: a cohort is sent, looked at, released and fetched, once whatever is sent again."""

from __future__ import annotations

import csv
import io
import json
import signal
import zipfile
from datetime import date

import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from service.memory.access.keyring import make_key
from service.memory.keeping.purging import purge
from service.memory.memory import open_school
from service.web.example import EXAMPLE
from service.word.text import read_text
from tests.batches.stored.working_batches import work
from tests.memory.living import memory_of
from tests.printing.converter_trouble import wait_for
from tests.web.keyed import OTHER, house_of
from tests.web.test_resumed_batches import serve
from tests.web.test_served import Server

PUPIL = EXAMPLE["pupil"]
ONCE = {"Idempotency-Key": "a-word-of-ours"}
CSV_HEAD = "pupil_reference,first_name,last_name,date_of_birth,sessions_possible,sessions_attended,"
CSV_HEAD += "sessions_authorised,sessions_unauthorised,sessions_unexplained,contact_1_title,contact_1_first_name,"
CSV_HEAD += "contact_1_last_name,contact_1_parental_responsibility,contact_1_address_line_1,contact_1_postcode\n"
CSV_ROW = "{0},Robin,Ash,2013-05-02,104,94,7,3,0,Ms,Jo,Ash,yes,2 Long Row,ZE8 4QT\n"


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def cohort(count=3, **words):
    pupils = [{**PUPIL, "pupil_reference": str(number)} for number in range(1, count + 1)]
    return {"on": EXAMPLE["on"], "nothing_sent": True, "pupils": pupils, **words}


def start(client, body=None, **headers):
    answer = client.post("/v1/batches", json=body or cohort(), headers=headers)
    assert answer.status_code == 202, answer.get_json()
    return answer.get_json()["links"]


def decided(house, client, body=None):
    links = start(client, body)
    work(house.memory)
    return links, client.get(links["self"]).get_json()


def issued(house, client, body=None):
    links, batch = decided(house, client, body)
    assert client.post(links["release"], json={"seen": batch["seen"], "by": "JM"}).status_code == 202
    work(house.memory)
    return links, client.get(links["self"]).get_json()


def fetch(client, path, **words):
    """A file, whose answer is closed again."""
    return client.get(path, buffered=True, **words)


def statuses(client, links, **query):
    items = client.get(links["items"], query_string=query).get_json()["items"]
    return [(item["pupil_reference"], item["status"]) for item in items]


def send_files(client, *files, **words):
    parts = {"on": EXAMPLE["on"], "nothing_sent": "true", **words}
    parts["files"] = [(io.BytesIO(content), name) for name, content in files]
    return client.post("/v1/batches", data=parts, content_type="multipart/form-data")


def test_a_cohort_is_sent_looked_at_released_and_fetched(house) -> None:
    client = house.client()
    answer = client.post("/v1/batches", json=cohort(by="JM"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "2")
    links = answer.get_json()["links"]
    assert answer.headers["Location"] == links["self"]
    begun = client.get(links["self"])
    assert begun.headers["Retry-After"] == "2"
    assert (begun.get_json()["state"], begun.get_json()["percent"]) == ("uploaded", 0)
    work(house.memory)
    seen = client.get(links["self"]).get_json()
    assert (seen["state"], seen["counts"]["due"], seen["percent"]) == ("decided", 3, 100)
    assert seen["letters"] == [{"label": "School Letter 1", "status": "due", "count": 3}]
    assert client.post(links["release"], json={"seen": seen["seen"], "by": "JM"}).get_json()["state"] == "released"
    work(house.memory)
    done = client.get(links["self"])
    assert "Retry-After" not in done.headers
    told = done.get_json()
    assert (told["state"], told["counts"]["issued"], told["started_by"], told["released_by"]) == (
        "finished",
        3,
        "JM",
        "JM",
    )
    assert told["seen"] is None
    letters = client.get("/v1/letters").get_json()["items"]
    items = client.get(links["items"]).get_json()["items"]
    assert [item["references"] for item in items] == [[letter["reference"]] for letter in letters]


def test_the_files_are_those_that_were_issued(house) -> None:
    client = house.client()
    links, _ = issued(house, client)
    packed = fetch(client, links["letters"])
    assert packed.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        kept = [
            client.get(f"{letter['links']['file']}").data for letter in client.get("/v1/letters").get_json()["items"]
        ]
        assert [archive.read(name) for name in archive.namelist() if name.endswith(".docx")] == kept
        assert "Dear Ms Ash" in read_text(kept[0])
    index = fetch(client, links["index"])
    assert index.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(index.data.decode("utf-8-sig"))))
    assert [row["Letter"] for row in rows] == ["School Letter 1"] * 3
    assert fetch(client, links["messages"]).data.decode("utf-8-sig").count("\r\n") == 1
    assert fetch(client, links["letters"]).data == packed.data


def test_the_letters_are_printed_in_one_file(house) -> None:
    client = house.client()
    links, _ = issued(house, client)
    answer = fetch(client, links["print"], query_string={"order": "postcode", "sides": "one"})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert fetch(client, links["print"], query_string={"order": "age"}).status_code == 422


def test_letters_are_printed_by_postcode_and_on_one_side_where_that_is_asked_for(house) -> None:
    client = house.client()
    pupils = [("1", "Ash", "ZE8 4QT"), ("2", "Birch", "ZE1 1AA"), ("3", "Cole", "ZE5 5BB")]
    body = cohort(0)
    for number, name, postcode in pupils:
        home = {**PUPIL["contacts"][0], "last_name": name, "postcode": postcode}
        body["pupils"].append({**PUPIL, "pupil_reference": number, "last_name": name, "contacts": [home]})
    links, _ = issued(house, client, body)

    def printed(**wanted):
        pages = PdfReader(io.BytesIO(fetch(client, links["print"], query_string=wanted).data)).pages
        words = [page.extract_text() for page in pages]
        letters = [text for text in words if "Dear Ms" in text]
        return len(words), [next(name for _, name, _ in pupils if f"Dear Ms {name}" in text) for text in letters]

    one, both = printed(sides="one"), printed(sides="both")
    assert one[1] == both[1] == ["Ash", "Birch", "Cole"]
    assert (one[0], both[0]) == (4, 7)  # the list of what is printed and three letters, each on a sheet of its own
    assert printed(order="postcode")[1] == ["Birch", "Cole", "Ash"]


def test_where_nothing_is_issued_there_is_nothing_to_print(house) -> None:
    client = house.client()
    links, _ = decided(house, client)
    answer = fetch(client, links["print"])
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/nothing-to-print")


def test_files_are_read_as_an_export_is(house) -> None:
    client = house.client()
    content = (CSV_HEAD + CSV_ROW.format(1) + CSV_ROW.format(2)).encode()
    answer = send_files(client, ("pupils.csv", content))
    assert answer.status_code == 202, answer.get_json()
    work(house.memory)
    assert statuses(client, answer.get_json()["links"]) == [("1", "due"), ("2", "due")]


def test_an_export_that_cannot_be_understood_ends_the_batch_with_the_reason(house) -> None:
    client = house.client()
    links = send_files(client, ("pupils.csv", b"shoe,size\r\n1,2\r\n")).get_json()["links"]
    work(house.memory)
    batch = client.get(links["self"]).get_json()
    assert batch["state"] == "cancelled"
    assert "pupils.csv" in batch["ended_why"]


def test_every_fault_of_a_form_is_told(house) -> None:
    answer = send_files(house.client(), on="20/11/2026", policy="bradfrd", shape="shoe", nothing_sent="maybe")
    assert answer.status_code == 422
    pointers = {problem["pointer"] for problem in answer.get_json()["problems"]}
    assert pointers == {"/on", "/policy", "/shape", "/nothing_sent", "/files"}
    assert send_files(house.client(), ("a.exe", b"x")).status_code == 422
    assert send_files(house.client(), ("a.csv", b"x"), shoe="1").status_code == 422


@pytest.mark.parametrize(
    "words",
    [
        {"pupils": []},
        {"pupils": [7]},
        {"pupils": [{"pupil_reference": "1", "sessions_possible": "many"}]},
        {"on": "20/11/2026"},
        {"policy": "bradfrd"},
        {"shoe": 1},
        {"school": {"school_name": "Another"}},
        {"nothing_sent": "yes"},
        {"leave_out": ["everything"]},
    ],
)
def test_a_cohort_of_which_nothing_can_be_used_is_refused_and_keeps_nothing(house, words) -> None:
    client = house.client()
    assert client.post("/v1/batches", json=cohort(**words)).status_code == 422
    assert client.get("/v1/batches").get_json()["items"] == []


def test_a_body_of_another_kind_is_refused(house) -> None:
    assert house.client().post("/v1/batches", data="on=1", content_type="text/csv").status_code == 415


def test_a_faulty_row_is_among_the_items_and_stops_no_other(house) -> None:
    client = house.client()
    pupils = [PUPIL, {**PUPIL, "pupil_reference": "8", "sessions_possible": "many"}]
    links, batch = decided(house, client, cohort(pupils=pupils))
    assert (batch["counts"]["due"], batch["counts"]["not_used"], batch["problems"]) == (1, 1, 1)
    (item,) = client.get(links["items"], query_string={"status": "not_used"}).get_json()["items"]
    assert "sessions_possible" in item["stopped_by"]


def test_the_items_come_in_pages(house) -> None:
    client = house.client()
    links, _ = decided(house, client, cohort(5))
    found, after = [], ""
    while after is not None:
        page = client.get(links["items"], query_string={"limit": 2, "status": "due", "after": after}).get_json()
        found += [item["number"] for item in page["items"]]
        after = page["next"]
    assert found == [1, 2, 3, 4, 5]
    assert client.get(links["items"], query_string={"status": "held"}).get_json() == {"items": [], "next": None}
    assert client.get(links["items"], query_string={"status": "shoe"}).status_code == 422


def test_the_batches_come_in_pages_the_latest_first(house) -> None:
    client = house.client()
    numbers = [int(start(client)["self"].rsplit("/", 1)[1]) for _ in range(3)]
    first = client.get("/v1/batches", query_string={"limit": 2}).get_json()
    second = client.get("/v1/batches", query_string={"limit": 2, "after": first["next"]}).get_json()
    assert [item["id"] for item in (*first["items"], *second["items"])] == numbers[::-1]
    assert second["next"] is None


def test_a_cohort_that_is_sent_again_under_its_word_is_started_once(house) -> None:
    client = house.client()
    first = client.post("/v1/batches", json=cohort(), headers=ONCE)
    work(house.memory)
    again = client.post("/v1/batches", json=cohort(), headers=ONCE)
    assert (again.status_code, again.get_json(), again.headers["Location"]) == (
        202,
        first.get_json(),
        first.headers["Location"],
    )
    assert len(client.get("/v1/batches").get_json()["items"]) == 1
    assert client.post("/v1/batches", json=cohort(2), headers=ONCE).status_code == 422


def test_files_that_are_sent_again_are_known_though_their_request_has_other_bytes(house) -> None:
    client = house.client()
    client.environ_base["HTTP_IDEMPOTENCY_KEY"] = "files-of-ours"
    content = (CSV_HEAD + CSV_ROW.format(1)).encode()
    first, again = (send_files(client, ("pupils.csv", content)) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert send_files(client, ("pupils.csv", content + b"\r\n")).status_code == 422
    assert len(client.get("/v1/batches").get_json()["items"]) == 1


def test_a_release_that_is_sent_again_is_done_once(house) -> None:
    client = house.client()
    links, batch = decided(house, client)
    body = {"seen": batch["seen"]}
    first = client.post(links["release"], json=body, headers=ONCE)
    work(house.memory)
    assert client.post(links["release"], json=body, headers=ONCE).get_json() == first.get_json()
    assert client.post(links["release"], json=body).status_code == 409
    assert len(client.get("/v1/letters").get_json()["items"]) == 3


@pytest.mark.parametrize(("seen", "status"), [("0" * 12, 409), ("0" * 64, 409), ("", 422), ("f", 422)])
def test_nothing_is_issued_that_was_not_seen(house, seen, status) -> None:
    client = house.client()
    links, _ = decided(house, client)
    assert client.post(links["release"], json={"seen": seen}).status_code == status
    assert client.get(links["self"]).get_json()["state"] == "decided"


def test_what_changed_after_it_was_seen_is_not_issued(house) -> None:
    client = house.client()
    links, batch = decided(house, client, cohort(2))
    event = {"on": EXAMPLE["on"], "event": "letter_1", "recipient": "1"}
    assert client.post("/v1/pupils/1/history", json=event).status_code == 201
    assert client.post(links["release"], json={"seen": batch["seen"]}).status_code == 202
    work(house.memory)
    assert statuses(client, links) == [("1", "changed"), ("2", "issued")]
    assert client.get(links["self"]).get_json()["state"] == "finished_with_problems"
    assert client.post(links["retry"]).get_json()["state"] == "understood"
    work(house.memory)
    assert statuses(client, links) == [("1", "no_letter"), ("2", "issued")]


def test_a_batch_is_cancelled_without_a_body(house) -> None:
    client = house.client()
    links, _ = decided(house, client)
    answer = client.post(links["cancel"])
    assert (answer.status_code, answer.get_json()["state"]) == (200, "cancelled")


def test_who_releases_a_batch_again_is_told_that_it_was_released(house) -> None:
    client = house.client()
    links, batch = decided(house, client)
    for text in ("", "x"):
        answer = client.post(links["release"], json={"seen": text})
        assert "seen" in answer.get_json()["detail"]
    body = {"seen": batch["seen"], "by": "JM"}
    assert client.post(links["release"], json=body).status_code == 202
    again = client.post(links["release"], json=body)
    assert again.status_code == 409
    assert "was released already; its letters are issued once" in again.get_json()["detail"]
    links, batch = decided(house, client, cohort(on="2026-11-21"))
    assert "has changed since you looked" in client.post(links["release"], json={"seen": "0" * 12}).get_json()["detail"]


def test_a_cancelled_batch_issues_nothing(house) -> None:
    client = house.client()
    links, batch = decided(house, client)
    answer = client.post(links["cancel"], json={"why": "Last week's export.", "by": "JM"})
    assert (answer.status_code, answer.get_json()["state"]) == (200, "cancelled")
    told = client.get(links["self"]).get_json()
    assert (told["ended_why"], told["ended_by"]) == ("Last week's export.", "JM")
    assert client.post(links["release"], json={"seen": batch["seen"] or "0" * 12}).status_code == 409
    assert client.post(links["cancel"], json={}).status_code == 409
    assert client.post(links["retry"]).status_code == 409
    assert client.get("/v1/letters").get_json()["items"] == []


@pytest.mark.parametrize("name", ["letters", "print", "messages", "index"])
def test_files_of_a_batch_at_work_are_409_and_say_when_to_ask_again(house, name) -> None:
    client = house.client()
    links = start(client)
    answer = fetch(client, links[name])
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/at-work")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_batch_that_was_kept_long_enough_is_gone_and_one_that_never_was_is_unknown(house) -> None:
    client = house.client()
    links, _ = issued(house, client)
    purge(house.memory, house.school(), date(2031, 1, 1))
    for place in ("self", "items", "letters", "print", "messages", "index"):
        assert client.get(links[place]).status_code == 410, place
    for number in (99, 1 << 70):
        assert client.get(f"/v1/batches/{number}/letters.zip").status_code == 404
        assert client.post(f"/v1/batches/{number}/retry").status_code == 404
    assert house.client(at=OTHER).get(links["self"]).status_code == 404


def test_a_batchs_answers_fit_what_is_described(house) -> None:
    client = house.client()
    document = client.get("/v1/openapi.json").get_json()
    links, _ = decided(house, client, cohort(2))
    for path, place, status in (
        ("/v1/batches", "/v1/batches", "200"),
        ("/v1/batches/{batch}", links["self"], "200"),
        ("/v1/batches/{batch}/items", links["items"], "200"),
    ):
        schema = document["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"]
        answer = client.get(place).get_json()
        Draft202012Validator({**schema, "components": document["components"]}).validate(answer)
    body = document["paths"]["/v1/batches"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "multipart/form-data"}
    Draft202012Validator({**body["application/json"]["schema"], "components": document["components"]}).validate(
        cohort()
    )


def test_a_batch_that_is_released_over_http_finishes_by_itself(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        school = open_school(memory)
        bearer = {"Authorization": f"Bearer {make_key(memory, school, 'a program')[0]}"}
    server = serve(tmp_path)

    def get(path):
        return json.loads(server.ask("GET", path, **bearer)[2])

    try:
        status, headers, _ = server.ask("POST", "/v1/batches", cohort(120), **bearer)
        assert status == 202
        place = headers["location"]
        assert wait_for(lambda: get(place)["state"] == "decided")
        server.ask("POST", f"{place}/release", {"seen": get(place)["seen"]}, **bearer)
        assert wait_for(lambda: get(place)["state"] == "finished")
        assert get(place)["counts"]["issued"] == 120
        status, headers, content = server.ask("GET", f"{place}/letters.zip", **bearer)
        assert (status, int(headers["content-length"])) == (200, len(content))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert len([name for name in archive.namelist() if name.endswith(".docx")]) == 120
    finally:
        said = server.stop(signal.SIGTERM)
    assert "Traceback" not in said
    assert "Fatal" not in said


@pytest.mark.slow
def test_a_batch_of_the_invented_school_writes_in_its_name_as_a_letter_does(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        bearer = {"Authorization": f"Bearer {make_key(memory, open_school(memory), 'a program')[0]}"}
    server = Server(tmp_path / "out", tmp_path / "err", DATA=f"{tmp_path}/data")

    def get(path):
        return json.loads(server.ask("GET", path, **bearer)[2])

    try:
        place = server.ask("POST", "/v1/batches", cohort(2), **bearer)[1]["location"]
        assert wait_for(lambda: get(place)["state"] == "decided")
        assert get(place)["counts"]["due"] == 2
    finally:
        server.stop(signal.SIGTERM)
