"""One desk serves several schools, and each has its own words, choices and logo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from service.attendance.school import NO_SCHOOL, School
from service.desk import Desk
from service.errors import RequestError, SettingsError
from service.fill import fill_form
from service.issue import issue_letters
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.word.document import DOCX
from service.word.package import Package
from tests.invented import CALENDAR, ON, SUMMARY, make_record

ALPHA = """school_name = "Alpha School"
sender_name = "Ms A Alder"
school_email = "office@alpha.example"
logo = "logo.png"
policy = "bradford"
"""
BETA = """school_name = "Beta Academy"
sender_name = "Mr B Birch"
logo = "logo.png"
policy = "bradford"
print_profile = "notify"
"""
WORDS = {"alpha": ("Alpha School", "Ms A Alder"), "beta": ("Beta Academy", "Mr B Birch")}
OF_THE_SAMPLE = [words for name, words in SAMPLE_SCHOOL.words.items() if name != "sender_role"]  # letters say it too


@pytest.fixture
def files(tmp_path) -> dict[str, Path]:
    """The files of two schools, each in its own folder with its own logo."""
    found = {}
    for key, words, colour in (("alpha", ALPHA, "navy"), ("beta", BETA, "maroon")):
        (tmp_path / key).mkdir()
        Image.new("RGB", (600, 200), colour).save(tmp_path / key / "logo.png")
        found[key] = tmp_path / key / "school.toml"
        found[key].write_text(words, encoding="utf-8")
    return found


def written(desk: Desk, school: School) -> dict[str, bytes]:
    """Every part of the letter of a school's pupil, and of a form beside it."""
    pupil = Pupil(make_record(**SUMMARY), school, desk.policy(school.policy), ON, CALENDAR)
    (letter,) = issue_letters(desk, pupil).letters
    form = fill_form(desk, pupil, "sickness_return", DOCX)
    parts = {}
    for name, content in (("letter", letter.content), ("form", form.content)):
        package = Package.open(content)
        parts |= {f"{name} {part}": package.read(part) for part in package.names}
    return parts


def test_no_schools_letter_or_form_carries_the_words_or_the_logo_of_another(files) -> None:
    desk = Desk(read_settings({}), schools=files)
    for key, other in (("alpha", "beta"), ("beta", "alpha"), ("alpha", "beta")):
        parts = written(desk, desk.school(key))
        text = b"".join(parts.values()).decode("utf-8", "replace")
        assert f"Logo of {WORDS[key][0]}" in text
        assert all(word in text for word in WORDS[key])
        assert [word for word in (*WORDS[other], *OF_THE_SAMPLE) if word in text] == []
        pictures = {content for content in parts.values() if content.startswith(b"\x89PNG")}
        assert pictures == {(files[key].parent / "logo.png").read_bytes()}


def test_without_a_key_it_is_the_school_of_the_command_then_of_the_settings_then_nobodys(files) -> None:
    settings = read_settings({"ATTENDANCE_LETTERS_SCHOOL": str(files["beta"])})
    assert Desk(settings, files["alpha"]).school().word("school_name") == "Alpha School"
    assert Desk(settings, schools={"alpha": files["alpha"]}).school().word("school_name") == "Beta Academy"
    assert Desk(read_settings({}), schools=files).school() is NO_SCHOOL


def test_a_school_that_was_read_already_is_served_under_its_key() -> None:
    school = SAMPLE_SCHOOL.with_words({"school_name": "Gamma School"})
    assert Desk(read_settings({}), schools={"gamma": school}).school("gamma") is school


def test_a_school_is_read_and_its_logo_looked_at_once(files) -> None:
    desk = Desk(read_settings({}), schools=files)
    first = desk.school("alpha")
    files["alpha"].unlink()
    (files["alpha"].parent / "logo.png").unlink()
    assert desk.school("alpha") is first


def test_a_schools_broken_logo_is_said_when_it_is_asked_for_and_stops_no_other(files) -> None:
    (files["beta"].parent / "logo.png").write_bytes(b"not a picture")
    desk = Desk(read_settings({}), schools=files)
    assert desk.school("alpha").word("school_name") == "Alpha School"
    with pytest.raises(SettingsError, match="The logo is not a PNG or JPEG picture"):
        desk.school("beta")


def test_a_key_of_no_school_is_refused_and_names_no_other_school(files) -> None:
    with pytest.raises(RequestError, match="There is no school of that key") as caught:
        Desk(read_settings({}), schools=files).school("alfa")
    assert "alpha" not in str(caught.value)
