"""Three schools to look at: the invented one with everything in it, an empty one, and one with the longest names."""

from __future__ import annotations

import re
from io import BytesIO
from time import sleep
from typing import Any

from werkzeug.routing import Rule

from service.attendance.school import EVERY_LETTER
from service.batches.engines.owners import new_owner
from service.batches.stored.working import Worker
from service.memory.school_files import add_named
from service.web.shared.site import GOES_ELSEWHERE
from tests.web.pages.office import Office, Visitor
from tests.web.pages.shown.page_states import Gallery

ODD = "UPN,Given,Surname,Shoe size\nA801200000001,Ann,Ash,4\n"
DOUBTFUL = "UPN,Surname,Forename,Reg,DOB,Possible,Attended,Authorised,Unauthorised,Shoe size\n"
GOOD = f"{DOUBTFUL}R888201517102,Ash,Ann,8A,04/05/2013,104,90,8,6,4\nbad,Beech,Ben,8A,99/99/2013,104,90,8,6,4\n"
WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochian"
"""A name of more than 60 letters without a place to break it."""


def rules_of(office: Office) -> list[Rule]:
    """Every route of the pages, without those to another provider and back."""
    rules = [rule for rule in office.app.url_map.iter_rules() if rule.endpoint.startswith("site.")]
    return [rule for rule in rules if rule.endpoint not in GOES_ELSEWHERE]


def full(office: Office) -> Gallery:
    """The invented school: every kind of pupil, things written down, a batch, a run, uploads."""
    gallery = Gallery(office.visit(), "full")
    gallery.visitor.send("/set-up", school_name="Elsewhere School")
    _go_to(gallery.visitor, office.school.id)
    pupils = _look_at_kinds(gallery)
    _write_down(gallery, pupils)
    _say_wishes(gallery)
    reference = _look_at_letters(gallery)
    values: dict[str, dict[str, Any]] = {
        "": {"number": pupils["letter"], "reference": reference, "token": "used-already"},
        "site.one_batch": {"number": _start_batch(office, gallery)},
        "site.understood": {"token": _upload(gallery, GOOD)},
    }
    _upload(gallery, ODD, "columns that are not known")
    gallery.visit(f"/upload/{'0' * 32}", "an upload that is gone")
    gallery.visit("/issue", "before issuing")
    values["site.issued"] = {"token": _issue(gallery)}
    gallery.visit_all(rules_of(office), values)
    for path in (
        "/pupils/999999",
        "/nowhere",
        "/letters?reference=AL-none",
        "/decisions?due=none",
        "/pupils?show=meetings",
    ):
        gallery.visit(path)
    gallery.keep(gallery.visitor.client.post("/pupils", data={}), "a form that is too old")
    return gallery


def _look_at_kinds(gallery: Gallery) -> dict[str, int]:
    """A pupil of each kind, looked at as a decision."""
    found = {}
    for kind in ("letter", "held", "action", "undecided", "monitor", "none"):
        numbers = re.findall(r'href="/decisions/(\d+)', gallery.visit(f"/decisions?kind={kind}"))
        for number in numbers[:1]:
            found[kind] = int(number)
            gallery.visit(f"/decisions/{number}?kind={kind}", f"decision about a pupil: {kind}")
    return found


def _write_down(gallery: Gallery, pupils: dict[str, int]) -> None:
    """Things that people write down, and the pages that then show them."""
    number = pupils["none"]
    gallery.send(f"/pupils/{number}/event", "event", event="parent_contact", on="19/11/2026", note="Nobody was in")
    gallery.send(f"/pupils/{number}/hold", "hold", until="31/12/2026", why="moved house")
    gallery.visit(f"/pupils/{number}?done=held", "pupil with a hold")
    gallery.send("/settings/keys", "key", name="Our MIS", scope="decide", kind="live")
    gallery.send("/settings/people", "person", name="Ms B Example", email="b@weirlane.example", role="officer")
    gallery.send("/pupils", "search", text="a")
    gallery.send("/settings/audit", "audit checked")


def _say_wishes(gallery: Gallery) -> None:
    """A personal sentence and other recipients than the usual ones, on the page of a decision."""
    numbers = re.findall(r'href="/decisions/(\d+)', gallery.visitor.text("/decisions?kind=letter"))
    found = {number: _recipients(gallery, number) for number in dict.fromkeys(numbers)}
    number = next(number for number, people in found.items() if len(people) > 1)
    where = f"/decisions/{number}"
    gallery.send(f"{where}/sentence", "sentence", personal_sentence="Thank you for ringing us.")
    seen = re.search(r'name="seen" value="(\d+)"', gallery.visit(where, "decision with a sentence"))
    assert seen
    words = {"seen": seen[1], "recipient": found[number][:1], "recipients_why": "The other is abroad."}
    gallery.send(f"{where}/recipients", "recipients", **words)
    gallery.visit(where, "decision with wishes")


def _recipients(gallery: Gallery, number: str) -> list[str]:
    return re.findall(r'name="recipient" value="(\d+)"', gallery.visitor.text(f"/decisions/{number}"))


def _look_at_letters(gallery: Gallery) -> str:
    """The reference of a letter."""
    found = re.search(r"AL-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", gallery.visit("/letters?state=unsent"))
    assert found
    return found[0]


def _upload(gallery: Gallery, text: str, name: str = "upload", **words: str) -> str:
    """Files as they were understood; the token of the upload."""
    files = {"files": (BytesIO(text.encode()), "a school's own export.csv")}
    where = gallery.send("/upload", name, **files, **words)
    gallery.visit(where, name)
    token = where.split("?")[0].rsplit("/", 1)[1]
    if "Given" in text:
        gallery.send(f"/upload/{token}/headings", "headings", heading=["Given"], word=["first_name"])
    return token


def _start_batch(office: Office, gallery: Gallery) -> int:
    """A batch that was decided, seen at work before."""
    where = gallery.send("/batches", "batch")
    gallery.visit(where, "batch at work")
    worker = Worker(office.memory, new_owner())
    while worker.do_next():
        pass
    return int(where.rsplit("/", 1)[1])


def _issue(gallery: Gallery) -> str:
    """Issue one letter; the token of the run."""
    chosen = re.findall(r'name="pupil" value="(\d+:\d+)"', gallery.visitor.text("/issue"))
    where = gallery.send("/issue", "issue", pupil=chosen[:1])
    gallery.visit(where, "issuing, at once")
    for _ in range(200):
        if "issued</p>" in gallery.visitor.text(where):
            break
        sleep(0.05)
    return where.rsplit("/", 1)[1]


def _go_to(visitor: Visitor, school: int) -> None:
    visitor.send(f"/schools/{school}")


def signatory(office: Office) -> Gallery:
    """A letter that waits for a signatory, as the one who asked and the one who approves see it."""
    asker = office.visit("officer")
    gallery = Gallery(office.visit("signatory"), "full, as a signatory")
    assert office.visit().send("/settings/approval", which=EVERY_LETTER).status_code == 303
    chosen = re.findall(r'name="pupil" value="((\d+):\d+)"', gallery.keep(asker.get("/issue"), "before asking"))
    asker.send("/issue", pupil=chosen[0][0])
    for _ in range(200):
        if "/refusal" in gallery.visitor.text("/approvals"):
            break
        sleep(0.05)
    for path in ("/approvals", "/", "/issue", f"/decisions/{chosen[0][1]}"):
        gallery.keep(asker.get(path), f"{path} as the one who asked")
        gallery.visit(path)
    found = re.search(r"/approvals/\d+/refusal", gallery.visitor.text("/approvals"))
    assert found
    gallery.visit(found[0], "refusal")
    gallery.keep(office.visit().get("/settings/approval"), "what a signatory approves")
    return gallery


def empty(office: Office) -> Gallery:
    """A school that was just added: without a policy, then with one."""
    gallery = Gallery(office.visit("administrator", add_named(office.memory, "Empty School").id), "empty")
    rules = [rule for rule in rules_of(office) if not rule.arguments]
    gallery.visit_all(rules, {})
    gallery.school = "empty, with a policy"
    gallery.send("/settings", "settings", policy="bradford", school_name="Empty School")
    gallery.visit_all(rules, {})
    gallery.school = "empty, as a reader"
    gallery.visitor = office.visit("reader", _school_of(office, "Empty School"))
    gallery.visit_all(rules, {})
    return gallery


def _school_of(office: Office, name: str) -> int:
    with office.memory.database.read() as connection:
        found = connection.exec_driver_sql("SELECT max(id) FROM school").scalar()
    assert found, name
    return int(found)


def signed_out(office: Office) -> Gallery:
    """What a stranger sees, and somebody whose session ended while a form was open."""
    gallery = Gallery(Visitor(office.app.test_client()), "signed out")
    gallery.visit("/sign-in")
    gallery.visit("/sign-in?done=signed-out", "just signed out")
    gallery.visit("/link/any")
    words = {"form_token": gallery.visitor.token(), "event": "parent_contact", "note": "Nobody was in"}
    gallery.keep(gallery.visitor.client.post("/pupils/1/event", data=words), "session ended")
    _send_again(office, gallery)
    gallery.visitor = Visitor(office.app.test_client())
    return gallery


def _send_again(office: Office, gallery: Gallery) -> None:
    """Signed in again with what was typed."""
    officer = office.visit("officer")
    officer.send("/password", password="three odd little words")  # noqa: S106  # an invented person's
    kept = {"kept-event": "parent_contact", "kept-note": WORD, "to": "/pupils/1/event"}
    right = {"email": "officer@weirlane.example", "password": "three odd little words"}
    gallery.keep(gallery.visitor.send("/sign-in", **right, **kept), "send what was typed")


def longest(office: Office) -> Gallery:
    """A school in which every name is long."""
    gallery = Gallery(office.visit("administrator", add_named(office.memory, f"{WORD} {WORD}").id), "longest names")
    lines = ("school_address_line_1", "school_address_line_2", "school_website", "headteacher_name", "sender_name")
    gallery.send(
        "/settings",
        "settings",
        policy="bradford",
        school_name=f"{WORD} School",
        school_postcode="ZE9 9ZZ",
        school_telephone="01632 960123",
        sender_role=f"{WORD} officer",
        **dict.fromkeys(lines, WORD),
    )
    gallery.send("/settings/keys", "key", name=WORD, scope="decide", kind="live")
    gallery.send("/settings/people", "person", name=f"Ms {WORD}", email=f"{WORD}@school.example", role="officer")
    gallery.send("/settings/calendar", "calendar", first="03/09/2026", last="18/12/2026", kind="term", name=WORD)
    token = _upload(gallery, _long_export(), nothing_sent="yes")
    gallery.send(f"/upload/{token}?nothing_sent=yes", "taken in")
    numbers = re.findall(r'href="/decisions/(\d+)', gallery.visit("/decisions?kind=letter"))
    for number in dict.fromkeys(numbers):
        gallery.visit(f"/decisions/{number}", f"decision {number}")
    values: dict[str, dict[str, Any]] = {"": {"number": int(numbers[0]), "token": "any"}}
    values["site.one_batch"] = {"number": _start_batch(office, gallery)}
    values["site.understood"] = {"token": _upload(gallery, _long_export(), "upload again")}
    gallery.visit("/issue", "before issuing")
    values["site.issued"] = {"token": _issue(gallery)}
    values[""]["reference"] = _look_at_letters(gallery)
    words = {"event": "parent_contact", "on": "19/11/2026", "note": WORD, "method": WORD}
    gallery.send(f"/pupils/{numbers[0]}/event", "event", **words)
    gallery.send(f"/pupils/{numbers[0]}/hold", "hold", why=f"{WORD} {WORD}")
    gallery.visit_all(rules_of(office), values)
    return gallery


def _long_export() -> str:
    """Two pupils who are due a letter, in a group and with contacts whose words are long."""
    contact = (
        "Contact 1 Title,Contact 1 Forename,Contact 1 Surname,Contact 1 Relationship,Contact 1 Parental Responsibility"
    )
    address = "Contact 1 Address Line 1,Contact 1 Address Line 2,Contact 1 Postcode"
    rows = [
        f"UPN,Surname,Forename,Reg,DOB,Possible,Attended,Authorised,Unauthorised,Unexplained,{WORD},{contact},{address}"
    ]
    for upn, most in (("R888201517102", None), ("F888201517103", 14)):  # the first does not fit the envelope's window
        person = f"Mrs,{WORD[:most]},{WORD[:most]},Mother,Yes,{WORD[:most]},{WORD[:most]},ZE8 4QT"
        rows.append(f"{upn},{WORD},{WORD},{WORD[:30]},04/05/2013,104,80,4,20,0,x,{person}")
    return "\n".join(rows)
