"""What somebody may send on purpose: another site to go on to, numbers that no row has, tokens that are no text."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest

from service.memory.looking import understood
from service.web.pages.every_page import SIGN_INS_A_MINUTE
from service.web.shared.site import LARGEST_FORM, WITH_FILES, site
from service.web.shared.visitor import COOKIE
from tests.web.pages.office import Office, Visitor

PASSWORD = "three odd little words"  # noqa: S105  # an invented person's
EMAIL = "officer@weirlane.example"


def choose_password(visitor: Visitor) -> None:
    """Give whoever is signed in a password."""
    words = {"form_token": visitor.token("/password"), "password": PASSWORD}
    assert visitor.client.post("/password", data=words).status_code == 303


def way_on(office: Office, to: str) -> str:
    """Where somebody who signs in goes on."""
    answer = Visitor(office.app.test_client()).send("/sign-in", email=EMAIL, password=PASSWORD, to=to)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_signing_in_never_leads_to_another_site(office) -> None:
    choose_password(office.visit("officer"))
    for to in ("/\t/evil.example", "/\r/evil.example", "/\x00/evil.example", "//evil.example", "/\\evil.example", "x"):
        assert way_on(office, to) == "/"
    assert way_on(office, "/letters") == "/letters"


@pytest.mark.parametrize(
    "path",
    [
        "/schools/{}",
        "/settings/keys/{}/revoke",
        "/settings/people/{}",
        "/pupils/{}/erase",
        "/pupils/1/events/{}/take-back",
    ],
)
def test_a_number_that_no_row_can_have_is_not_found(path, office) -> None:
    visitor = office.visit()
    token = visitor.token("/password")
    for number in (1 << 63, "9" * 25, "9" * 5000):
        answer = visitor.client.post(path.format(number), data={"form_token": token})
        assert answer.status_code == 404, path


def test_an_address_that_tries_many_people_is_slowed_down(office) -> None:
    stranger = Visitor(office.app.test_client())
    token = stranger.token()
    for _ in range(SIGN_INS_A_MINUTE // 3 + 20):
        guessed = stranger.client.post("/link/guessed", data={"form_token": token})
    answer = stranger.client.post("/sign-in", data={"form_token": token, "email": "a@x.example", "password": "x" * 12})
    assert (guessed.status_code, answer.status_code) == (429, 429)
    assert int(answer.headers["Retry-After"]) >= 1
    elsewhere = office.app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert Visitor(elsewhere).send("/sign-in", email="a@x.example", password="x" * 12).status_code == 422


def test_another_password_ends_the_other_sessions_and_another_link_the_link_before(office) -> None:
    first = office.link_for("officer")
    thief, owner = Visitor(office.app.test_client()), office.visit("officer")
    assert thief.send(first).status_code == 422
    thief.send(office.link_for("officer"))
    assert thief.get("/").status_code == 200
    choose_password(owner)
    assert (owner.get("/").status_code, thief.get("/").status_code) == (200, 303)


def test_over_tls_no_neighbour_can_set_the_cookie_and_no_other_site_embeds_an_answer(office) -> None:
    answer = office.app.test_client().get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert {"Secure", "Path=/", "HttpOnly"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    for name in ("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"):
        assert answer.headers[name] == "same-origin"


@pytest.mark.parametrize("text", ["x\x00y", "x\x07y", "\u202ereversed", "x" * 2_001])
def test_what_cannot_be_printed_or_never_ends_is_kept_by_no_page(text, office) -> None:
    visitor = office.visit()
    page = visitor.text("/letters")
    number = re.search(r'href="/pupils/(\d+)"', page)[1]
    reference = re.search(r"AL-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", page)[0]
    forms = {
        f"/pupils/{number}/hold": {"why": text},
        f"/letters/{reference}/take-back": {"why": text},
        f"/decisions/{number}/meeting": {"meeting_place": text},
        "/settings/people": {"name": text, "email": "name@school.example", "role": "reader"},
        "/settings/keys": {"name": text, "scope": "decide"},
        "/settings/calendar": {"first": "01/09/2026", "kind": "closed", "name": text},
        "/set-up": {"school_name": text},
    }
    token = visitor.token("/password")
    for path, words in forms.items():
        answer = visitor.client.post(path, data={"form_token": token, **words})
        assert answer.status_code == 422, path
        assert "Remove the character" in answer.text or "at most 2000 characters" in answer.text, path


def test_a_form_of_millions_of_fields_is_refused_unread(office) -> None:
    fields = b"a&" * (LARGEST_FORM // 2 + 1)
    kind = "application/x-www-form-urlencoded"
    for client in (office.app.test_client(), office.visit().client):
        answer = client.post("/sign-in", data=fields, content_type=kind)
        assert answer.status_code == 413
    stranger = office.app.test_client().post("/upload", data=fields, content_type=kind)
    assert (stranger.status_code, stranger.headers["Location"]) == (303, "/sign-in")


def test_every_form_with_files_may_be_as_large_as_files_are(office) -> None:
    folder = Path(site.root_path).parent / "templates" / "pages"
    pages = [page.read_text(encoding="utf-8") for page in folder.glob("*.html")]
    assert sum("multipart/form-data" in page for page in pages) == len(WITH_FILES)
    files = {"files": (BytesIO(b"UPN,Surname\n" + b"1,A\n" * (LARGEST_FORM // 3)), "pupils.csv")}
    visitor = office.visit()
    answer = visitor.client.post("/upload", data={"form_token": visitor.token("/password"), **files})
    assert "/upload/" in answer.headers["Location"]


def test_an_upload_of_more_pupils_than_a_school_has_is_refused_in_a_sentence(office, monkeypatch) -> None:
    monkeypatch.setattr(understood, "MOST_PUPILS", 3)
    visitor = office.visit()
    token = visitor.token("/password")
    for pupils, status in ((3, 200), (4, 422)):
        rows = "".join(f"{number},Ash,Robin,02/05/2013,8B\n" for number in range(pupils))
        content = f"Pupil reference,Last name,First name,Date of birth,Group\n{rows}".encode()
        sent = {"form_token": token, "files": (BytesIO(content), "pupils.csv")}
        where = visitor.client.post("/upload", data=sent).headers["Location"]
        answer = visitor.get(where)
        assert answer.status_code == status, answer.text
        assert ("more than 3 pupils" in answer.text) == (status == 422)
    assert visitor.client.post(where, data={"form_token": token}).status_code == 422
