"""The invented school looks like a school: names that go together, and nothing done on a closed day."""

from __future__ import annotations

import tomllib

from service.sample.export import MEN, SCHOOL_DAYS, make_pupils, write_sample
from service.sample.sample_school import SAMPLE_SENDERS

PUPILS = list(make_pupils(400, seed=3))
CONTACTS = [contact for pupil in PUPILS for contact in pupil["contacts"]]


def test_titles_forenames_and_relationships_go_together() -> None:
    assert {contact["title"] for contact in CONTACTS} == {"Mr", "Mrs", "Ms", "Miss", ""}
    for contact in CONTACTS:
        is_man = contact["first_name"] in MEN
        assert contact["title"] not in (("Mrs", "Ms", "Miss") if is_man else ("Mr",)), contact["first_name"]
        assert contact["relationship"] != ("Mother" if is_man else "Father"), contact["first_name"]


def test_letters_were_sent_on_school_days() -> None:
    sent = [day for pupil in PUPILS for day, *_ in pupil["history"]]
    assert sent
    assert all(SCHOOL_DAYS.is_open(day) for day in sent)


def test_its_school_names_who_signs_as_which_role(tmp_path) -> None:
    write_sample(tmp_path, 1, seed=3)
    written = tomllib.loads((tmp_path / "school.toml").read_text(encoding="utf-8"))
    assert written["senders"] == SAMPLE_SENDERS
