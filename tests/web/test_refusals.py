"""Every refusal is application/problem+json that says what to do; nothing is a 500."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.app import create_app
from service.attendance.reading.records import record_schema
from service.attendance.school import SCHOOL_CHOICES, SCHOOL_WORDS
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.web.example import EXAMPLE
from service.web.problems import PROBLEM_JSON
from service.word.document import DOCX
from tests.invented import make_values

JSON = "application/json"
ROUTES = ("/v1/letters", "/v1/decisions")
MINIMAL = json.dumps(EXAMPLE)


def check_problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.get_data(as_text=True)[:300]
    assert answer.mimetype == PROBLEM_JSON
    body = json.loads(answer.data)
    assert body.keys() == {"type", "title", "status", "detail", "problems"}
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    assert body["detail"].endswith((".", "?"))
    return body


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/letters/", "/v1/letters/1", "/v2/letters", "/%00", "/é"])
def test_an_unknown_address_is_404(client, path) -> None:
    check_problem(client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "/v1/decisions", "POST"),
        ("put", "/v1/letters", "POST"),
        ("delete", "/v1/decisions", "POST"),
        ("patch", "/v1/decisions", "POST"),
        ("post", "/health", "GET"),
        ("post", "/v1/docs", "GET"),
        ("trace", "/health", "GET"),
    ],
)
def test_another_method_is_405_and_says_which_are_allowed(client, method, path, allowed) -> None:
    answer = getattr(client, method)(path)
    check_problem(answer, 405)
    assert allowed in answer.headers["Allow"]


def test_head_and_options_answer_without_a_body(client) -> None:
    assert (client.head("/health").status_code, client.head("/health").data) == (200, b"")
    assert (client.head("/v1/decisions").status_code, client.head("/v1/decisions").data) == (405, b"")
    assert {"GET", "POST"} <= set(client.options("/v1/letters").headers["Allow"].split(", "))


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/xml, text/plain", f"{DOCX};q=0, {JSON};q=0"])
def test_a_format_that_there_is_not_is_406(client, accept) -> None:
    check_problem(client.post("/v1/letters", json=EXAMPLE, headers={"Accept": accept}), 406)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
def test_another_media_type_is_415(client, path, kind) -> None:
    check_problem(client.post(path, data=MINIMAL, content_type=kind), 415)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"pupil":' * 100_000,
        b'{"on": NaN}',
        b'{"on": -Infinity}',
        b'{"on": 1, "on": 1}',
        b'{"pupil": {"upn": "1", "upn": "1"}}',
        b'{"on": 1' + b"0" * 5_000 + b"}",
    ],
)
def test_what_is_no_json_is_400(client, path, body) -> None:
    assert check_problem(client.post(path, data=body, content_type=JSON), 400)["type"] == "/problems/not-json"


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("body", [b"null", b"[]", b"1", b'"x"', b"true", b"{}", b'{"on": 1e400}'])
def test_json_of_another_shape_is_422(client, path, body) -> None:
    assert check_problem(client.post(path, data=body, content_type=JSON), 422)["problems"]


def test_a_request_that_is_too_large_is_413() -> None:
    client = create_app(read_settings({"ATTENDANCE_LETTERS_LARGEST_REQUEST": "1000"}), SAMPLE_SCHOOL).test_client()
    check_problem(client.post("/v1/letters", data=b"x" * 1001, content_type=JSON), 413)
    chunked = client.post(
        "/v1/letters",
        input_stream=io.BytesIO(b"x" * 1001),
        content_type=JSON,
        environ_overrides={"wsgi.input_terminated": True},
    )
    check_problem(chunked, 413)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "0.0.0.0"])  # noqa: S104
@pytest.mark.parametrize("path", ["/health", "/v1/docs", "/v1/openapi.json"])
def test_another_host_name_is_refused_so_that_no_web_page_can_reach_the_service(client, host, path) -> None:
    check_problem(client.get(path, headers={"Host": host}), 400)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8017", "localhost:99"])
def test_this_machines_own_names_are_answered(client, host) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


def test_every_fault_of_a_request_is_told_at_once_under_its_pointer(client) -> None:
    pupils = [make_values(date_of_birth="x"), "no pupil"]
    body = {
        "on": "20/11/2026",
        "polcy": "bradford",
        "a/b~c": 1,
        "calendar": [{"from": "2026-09-01", "to": "2026-01-01", "kind": "term"}, 7],
        "school": {"school_nam": "x", "print_profile": "a5", "logo": "logo.png"},
        "pupils": [make_values(date_of_birth="x", contacts=[{"tel": 1}])],
    }
    problems = check_problem(client.post("/v1/decisions", json=body), 422)["problems"]
    assert {problem["pointer"] for problem in problems} >= {
        "/on",
        "/polcy",
        "/a~1b~0c",
        "/calendar/0",
        "/calendar/1",
        "/school/school_nam",
        "/school/print_profile",
        "/pupils/0/date_of_birth",
        "/pupils/0/contacts/0/tel",
    }
    assert all(problem["code"] and problem["detail"] for problem in problems)
    shape = check_problem(client.post("/v1/decisions", json={"on": "2026-11-20", "pupils": pupils}), 422)
    assert [problem["pointer"] for problem in shape["problems"]] == ["/pupils"]


@pytest.mark.parametrize(
    ("words", "pointer"),
    [
        ({"on": "9999-12-31"}, "/on"),
        ({"on": "0001-01-01"}, "/on"),
        ({"on": None}, "/on"),
        ({"policy": "nope"}, "/policy"),
        ({"policy": 7}, "/policy"),
        ({"letter": "leter_1"}, "/letter"),
        ({"letter": ["letter_1"]}, "/letter"),
        ({"recipient": {}}, "/recipient"),
        ({"recipient": True}, "/recipient"),
        ({"pupil": [EXAMPLE["pupil"]]}, "/pupil"),
        ({"pupils": []}, "/pupils"),
        ({"calendar": {}}, "/calendar"),
        ({"calendar": [{"from": "0001-01-01", "to": "9999-12-31", "kind": "term"}]}, "/calendar/0"),
        ({"school": "x"}, "/school"),
        ({"school": {"logo": "/etc/passwd"}}, "/school/logo"),
        ({"school": {"senders": {"Head": 1}}}, "/school/senders"),
    ],
)
def test_a_wrong_word_is_422_under_its_pointer(client, words, pointer) -> None:
    body = check_problem(client.post("/v1/letters", json={**EXAMPLE, **words}), 422)
    assert [problem["pointer"] for problem in body["problems"]] == [pointer]


def test_a_logo_in_a_pupils_record_reads_no_file(client) -> None:
    pupil = {**EXAMPLE["pupil"], "logo": "../../../../etc/passwd"}
    assert client.post("/v1/letters", json={**EXAMPLE, "pupil": pupil}).status_code in (200, 422)


@pytest.mark.parametrize("place", ["policy", "letter", "recipient", "on"])
def test_half_a_surrogate_pair_is_refused_without_a_fault(client, place) -> None:
    body = json.dumps({**EXAMPLE, place: "\ud800"})
    check_problem(client.post("/v1/letters", data=body, content_type=JSON), 422)


@pytest.mark.parametrize("word", ["first_name", "upn", "school_name", "meeting_place"])
def test_half_a_surrogate_pair_in_a_record_is_refused_under_its_pointer(client, word) -> None:
    body = json.dumps({**EXAMPLE, "pupil": {**EXAMPLE["pupil"], word: "A\ud800"}})
    (problem,) = check_problem(client.post("/v1/letters", data=body, content_type=JSON), 422)["problems"]
    assert problem["pointer"] == f"/pupil/{word}"


@pytest.mark.parametrize("body", ['{"\\ud800": 1}', '{"pupil": {"\\ud800": 1}}'])
def test_half_a_surrogate_pair_as_a_key_is_no_json(client, body) -> None:
    check_problem(client.post("/v1/letters", data=body, content_type=JSON), 400)


def test_more_pupils_than_a_request_may_hold_are_refused(client) -> None:
    body = {"on": "2026-11-20", "pupils": [{"pupil_reference": "1"}] * 5_001}
    (problem,) = check_problem(client.post("/v1/decisions", json=body), 422)["problems"]
    assert (problem["code"], problem["pointer"]) == ("too-many-pupils", "/pupils")
    assert "5,000" in problem["detail"]


# Wrong shapes of every field

WORDS = [*record_schema(False).fields, "sessions_possible_last_10_weeks", "x/~", ""]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["2026-11-20", "letter_1", "AM", "/", "bradford", "\ud800", "9" * 4_000, "1e99", "٣", "by hand"])
)
INNER = ["on", "event", "outcome", "recipient", "date", "session", "code", "postcode", "from", "to", "kind", "name"]
KEYS = st.sampled_from(INNER) | st.sampled_from([*SCHOOL_WORDS, *SCHOOL_CHOICES, *WORDS])
OBJECTS = st.dictionaries(KEYS, SCALARS, max_size=4)
VALUES = SCALARS | OBJECTS | st.lists(SCALARS | OBJECTS | st.dictionaries(KEYS, OBJECTS, max_size=2), max_size=3)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "on": st.just("2026-11-20") | VALUES,
        "policy": st.sampled_from(["bradford", "primary", "academy", "stockport"]) | VALUES,
        "letter": st.sampled_from(["letter_1", "letter_3", "letter_n", "notice_to_improve", ""]) | VALUES,
        "recipient": st.sampled_from(["1", 1, ""]) | VALUES,
        "calendar": VALUES,
        "school": VALUES,
        "pupil": st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=5).map(lambda more: make_values(**more))
        | VALUES,
        "pupils": st.lists(st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=4), max_size=2) | VALUES,
    },
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=REQUESTS, path=st.sampled_from(ROUTES), accept=st.sampled_from(["*/*", JSON, DOCX]))
def test_no_request_is_answered_with_a_fault_of_ours(app, body, path, accept) -> None:
    answer = app.test_client().post(path, data=json.dumps(body), content_type=JSON, headers={"Accept": accept})
    assert answer.status_code in (200, 400, 406, 409, 422), answer.data[:500]
    if answer.status_code == 200:
        assert answer.mimetype in (JSON, DOCX)
    else:
        assert check_problem(answer, answer.status_code)["problems"] or answer.status_code == 406


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(word=st.sampled_from(WORDS), value=VALUES)
def test_one_wrong_word_in_a_good_record_is_named_and_nothing_else(app, word, value) -> None:
    body = {"on": "2026-11-20", "pupils": [make_values(**{word: value})]}
    answer = app.test_client().post("/v1/decisions", data=json.dumps(body), content_type=JSON)
    if answer.status_code != 200:
        problems = check_problem(answer, 422)["problems"]
        part = word.replace("~", "~0").replace("/", "~1")
        expected = "/pupils/0/upn" if word == "pupil_reference" and value in (None, "") else f"/pupils/0/{part}"
        assert all(problem["pointer"].startswith(expected) for problem in problems)


@pytest.mark.parametrize(
    ("method", "path", "sent", "said"),
    [
        ("get", "/v1/leters", {}, "The page /v1/docs lists every address."),
        ("get", "/v1/decisions", {}, "Use one of these methods at this address: OPTIONS, POST."),
        ("post", "/v1/letters", {"json": EXAMPLE, "headers": {"Accept": "image/png"}}, f"under Accept: {DOCX}, appl"),
        ("post", "/v1/forms/sickness_return", {"json": {}, "headers": {"Accept": "text/csv"}}, "Accept: application/p"),
        ("post", "/v1/decisions", {"data": b" " * 11_000_000, "content_type": JSON}, "Send at most 10 MB in one"),
        ("post", "/v1/decisions", {"data": b"", "content_type": JSON}, "This request has no body. Send JSON in it."),
        ("post", "/v1/decisions", {"headers": {"Authorization": "Basic YTpi"}}, "Send your key as a Bearer token"),
        ("post", "/v1/decisions", {"headers": {"Authorization": "Bearer al_live_x"}}, "it was mistyped or revoked"),
        ("get", "/v1/batches/77", {}, "There is no batch 77. Look in the list of batches."),
    ],
)
def test_a_refusal_says_what_to_send_instead(method, path, sent, said, client) -> None:
    assert said in getattr(client, method)(path, **sent).get_json(force=True)["detail"]
