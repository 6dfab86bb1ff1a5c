"""Keys: shown once, kept as a hash, for one school and what they allow; without any, this machine needs none."""

from __future__ import annotations

import io
import logging
import stat

import pytest
from pypdf import PdfReader

from service.app import serve_app
from service.errors import SettingsError
from service.memory.access.keyring import SECRET_FILE, keys_of, make_key, revoke
from service.settings import PREFIX, read_settings
from service.storage.dump import BACKED_UP, dump_table
from service.web.example import EXAMPLE
from service.web.problems import PROBLEM_JSON
from service.word.package import Package
from service.word.text import read_text
from tests.memory.living import settings_for
from tests.web.keyed import HERE, OTHER, house_of

DECISIONS = {"on": EXAMPLE["on"], "policy": "bradford", "pupils": [EXAMPLE["pupil"]]}


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


def test_without_a_key_in_force_this_machine_needs_none(house) -> None:
    assert house.client("").post("/v1/decisions", json=DECISIONS).status_code == 200
    text, made = make_key(house.memory, house.school(), "a program")
    assert house.client("").post("/v1/decisions", json=DECISIONS).status_code == 401
    assert house.client(text).post("/v1/decisions", json=DECISIONS).status_code == 200
    revoke(house.memory, house.school(), made.id)
    assert house.client(text).post("/v1/decisions", json=DECISIONS).status_code == 401
    assert house.client("").post("/v1/decisions", json=DECISIONS).status_code == 200


@pytest.mark.parametrize("words", [{"HOST": "0.0.0.0"}, {"TRUSTED_PROXY": "10.0.0.2"}])  # noqa: S104
def test_where_others_can_reach_it_every_request_needs_a_key(words, tmp_path) -> None:
    with house_of(tmp_path, **words) as house:
        answer = house.client("").post("/v1/decisions", json=DECISIONS, headers={"Host": "letters.example.org"})
        assert answer.status_code == 401
        assert house.client().post("/v1/decisions", json=DECISIONS, headers={"Host": "a.example"}).status_code == 200


def test_it_does_not_listen_for_others_before_there_is_a_key(tmp_path) -> None:
    settings = read_settings({**settings_for(tmp_path), f"{PREFIX}HOST": "0.0.0.0"})  # noqa: S104
    with pytest.raises(SettingsError) as refused:
        serve_app(settings)
    assert "attendance-letters key add" in refused.value.detail


def test_the_command_that_is_shown_sends_the_key_where_one_is_needed(house) -> None:
    assert "LETTERS_KEY" not in house.client("").get("/programs").get_data(as_text=True)
    house.key()
    assert "LETTERS_KEY" in house.client("").get("/programs").get_data(as_text=True)


def test_a_missing_key_is_said_with_what_to_do(house) -> None:
    house.key()
    answer = house.client("").post("/v1/letters", json=EXAMPLE)
    assert (answer.status_code, answer.mimetype) == (401, PROBLEM_JSON)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "attendance-letters key add" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "given",
    ["Bearer", "Bearer al_live_x", "Basic YTpi", "Bearer al_test_{}", "bearer  ", "Bearer al_live_" + "x" * 9000, "é"],
)
def test_any_other_key_gets_the_same_answer(house, given) -> None:
    text = house.key()
    given = given.format(text.removeprefix("al_live_"))
    answer = house.client("").post("/v1/decisions", json=DECISIONS, headers={"Authorization": given})
    assert (answer.status_code, answer.get_json()["type"]) == (401, "/problems/wrong-key")


def test_a_key_may_do_what_it_was_made_for_and_nothing_else(house) -> None:
    decides = house.client(scopes=["decide"])
    assert decides.post("/v1/decisions", json=DECISIONS).status_code == 200
    refused = decides.post("/v1/letters", json=EXAMPLE)
    assert refused.status_code == 403
    assert refused.get_json()["detail"] == (
        'This key may not write letters and forms. Use one that was made with the scope "issue".'
    )


def test_a_key_is_kept_as_a_hash_that_needs_the_secret_beside_the_database(house) -> None:
    text = house.key()
    (kept,) = keys_of(house.memory, house.school())
    own = text.removeprefix("al_live_")
    assert (kept.prefix, kept.scopes) == (text[:14], "decide issue read record administer")
    assert len(own) == 43  # 32 bytes
    for path in house.memory.data.rglob("*"):
        assert not path.is_file() or own.encode() not in path.read_bytes()
    secret = house.memory.data / SECRET_FILE
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    secret.unlink()
    assert house.client(text).post("/v1/decisions", json=DECISIONS).status_code == 401


def test_no_key_goes_into_a_backup_or_a_log(house, caplog) -> None:
    text = house.key()
    caplog.set_level(logging.DEBUG)
    house.client(text).post("/v1/letters", json={})
    house.client("").post("/v1/letters", json=EXAMPLE, headers={"Authorization": "Bearer al_live_mistyped"})
    assert text not in caplog.text
    assert "al_live_mistyped" not in caplog.text
    assert "api_key" not in BACKED_UP
    with house.memory.database.read() as connection:
        dumped = b"".join(line for table in BACKED_UP for line in dump_table(connection, table))
    assert keys_of(house.memory, house.school())[0].hash.encode() not in dumped


def test_the_last_use_is_noted(house) -> None:
    client = house.client(scopes=["decide"])
    assert keys_of(house.memory, house.school())[0].used_at == ""
    client.post("/v1/letters", json={})
    (kept,) = keys_of(house.memory, house.school())
    assert kept.used_at >= kept.added_at > "2"


def test_a_key_belongs_to_one_school_whose_words_are_used(house) -> None:
    text = house.key(at=OTHER)
    assert keys_of(house.memory, house.school(HERE)) == []
    answer = house.client(text).post("/v1/letters", json={**EXAMPLE, "school": {"school_name": "Else"}})
    assert answer.status_code == 422
    assert [(item["pointer"], item["code"]) for item in answer.get_json()["problems"]] == [("/school", "school-of-key")]


def test_a_test_keys_word_letter_says_on_each_page_that_it_is_none(house) -> None:
    answer = house.client(is_test=True).post("/v1/letters", json=EXAMPLE)
    package = Package.open(answer.data)
    headers = [name for name in package.names if "header" in name and "rels" not in name]
    assert headers
    assert all(b'string="TEST"' in package.read(name) for name in headers)
    assert "Dear Ms Ash" in read_text(answer.data)


def test_a_test_keys_pdf_says_on_each_page_that_it_is_none_and_stays_tagged(house) -> None:
    answer = house.client(is_test=True).post("/v1/letters", json=EXAMPLE, headers={"Accept": "application/pdf"})
    shown = PdfReader(io.BytesIO(answer.data))
    assert "Typst" in shown.metadata.creator
    assert all("TEST" in page.extract_text() for page in shown.pages)
    assert shown.root_object["/MarkInfo"]["/Marked"]
    live = house.client().post("/v1/letters", json=EXAMPLE, headers={"Accept": "application/pdf"})
    assert not any("TEST" in page.extract_text() for page in PdfReader(io.BytesIO(live.data)).pages)


def test_a_test_keys_form_and_text_say_that_they_are_none(house) -> None:
    client = house.client(is_test=True)
    form = client.post("/v1/forms/stage_1_tracking_form", json=EXAMPLE)
    assert all("TEST" in page.extract_text() for page in PdfReader(io.BytesIO(form.data)).pages)
    told = client.post("/v1/letters", json=EXAMPLE, headers={"Accept": "application/json"}).get_json()
    assert told["letters"][0]["text"].startswith("TEST: this is not a letter.")


def test_over_tls_browsers_are_told_to_stay_there(house) -> None:
    secure = house.client("").get("/health", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in house.client("").get("/health").headers
