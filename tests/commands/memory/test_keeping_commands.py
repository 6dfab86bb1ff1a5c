"""`backup`, `restore`, `purge`, `audit`, `pupil` and `school` as an officer uses them, and what they say."""

from __future__ import annotations

import zipfile

import pytest

from tests.commands.memory.officer import ROBIN, SAM, write_export

ON = "2026-11-20"


@pytest.fixture
def issued(officer):
    """An officer whose two pupils have had Letter 1."""
    write_export(officer.folder / "school", ROBIN, SAM)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    officer.does("issue", "--on", ON)
    return officer


def test_a_backup_is_restored_after_a_question(issued) -> None:
    said = issued.does("backup", "kept.zip")
    assert said.endswith(" and 2 files of letters are in kept.zip.\n")
    before = issued.does("history", "4711")
    issued.does("reverse", "1", "--why", "a mistake")
    assert "Something is remembered here already. With --replace the backup takes its place." in issued.is_refused(
        "restore", "kept.zip"
    )
    said = issued.does("restore", "kept.zip", "--replace")
    assert said == "Everything is as it was when kept.zip was written, with 2 files of letters.\n"
    assert issued.does("history", "4711") == before
    issued.does("reprint", "--of-day", ON, "--out", "again")
    assert len(list((issued.folder / "again").iterdir())) == 2


def test_a_backup_is_restored_on_another_machine(issued, tmp_path) -> None:
    issued.does("backup", "kept.zip")
    before = issued.does("due", "--on", ON)
    issued.set(DATA=str(tmp_path / "other"))
    issued.does("restore", "kept.zip")
    assert issued.does("due", "--on", ON) == before


def test_what_is_no_backup_is_said(issued) -> None:
    (issued.folder / "letter.zip").write_bytes(b"no ZIP")
    assert "There is no backup in this file." in issued.is_refused("restore", "letter.zip", "--replace")
    assert "There is no backup in this file." in issued.is_refused("restore", "nowhere.zip", "--replace")


def test_a_pupil_is_given_out_then_erased_and_a_backup_does_not_bring_them_back(issued) -> None:
    issued.does("backup", "kept.zip")
    said = issued.does("pupil", "export", "4711", "--out", "robin.zip", "--on", ON)
    assert said.endswith(" and 1 letter are in robin.zip.\n")
    with zipfile.ZipFile(issued.folder / "robin.zip") as package:
        assert {name.split("/")[0] for name in package.namelist()} >= {"README.txt", "pupil.json", "letters"}
    assert issued.does("pupil", "erase", "4711", "--yes").startswith("Everything about this pupil is erased here.")
    assert "No pupil of this school has that UPN or reference." in issued.is_refused("history", "4711")
    assert issued.does("restore", "kept.zip", "--replace").splitlines()[1] == (
        "Erased again, because they were erased since then: 1 pupil."
    )
    assert "No pupil of this school has that UPN or reference." in issued.is_refused("history", "4711")
    assert "School Letter 1" in issued.does("history", "4712")


def test_nobody_is_erased_unasked(issued) -> None:
    said = issued.as_process("pupil", "erase", "4711")
    assert (said.status, said.err.strip()) == (2, "Stopped.")
    assert "School Letter 1" in issued.does("history", "4711")


def test_a_purge_says_what_it_deleted(issued) -> None:
    assert issued.does("purge", "--on", "2029-08-31") == "school: nothing has been kept long enough to be deleted.\n"
    assert issued.does("purge", "--on", "2030-09-01") == "school: deleted 2 letters, 2 events and 1 export note.\n"


def test_a_purge_says_which_letters_have_lost_their_file(issued) -> None:
    path = next((issued.folder / "data" / "files").glob("*/*/*"))
    path.unlink()
    said = issued("purge", "--on", ON)
    assert said.status == 1
    assert "The file of 1 letter is gone. Restore a backup." in said.err


def test_the_audit_is_verified(issued) -> None:
    assert issued.does("audit", "verify") == "school: 4 entries, all right\n"


def test_the_audit_is_listed_the_latest_first(issued) -> None:
    lines = issued.does("audit", "list", "--last", "2").splitlines()
    assert [line.split()[0] for line in lines] == ["4", "3"]
    assert all("A command" in line and "letter issued, letter " in line for line in lines)


def test_several_schools_share_a_deployment_and_never_their_pupils(officer) -> None:
    for key, person in (("weir-lane", ROBIN), ("north-hill", SAM)):
        folder = write_export(officer.folder / key, person)
        text = (folder / "school.toml").read_text(encoding="utf-8").replace("Weir Lane School", key.title())
        (folder / "school.toml").write_text(text, encoding="utf-8")
        said = officer.does("school", "add", key, folder / "school.toml")
        assert said == f"{key} added. Import its export with --at {key}.\n"
    assert [line.split() for line in officer.does("school", "list").splitlines()] == [
        ["north-hill", "bradford", "North-Hill"],
        ["weir-lane", "bradford", "Weir-Lane"],
    ]
    assert "Name the school with --at: north-hill, weir-lane." in officer.is_refused("due", "--on", ON)
    for key in ("weir-lane", "north-hill"):
        officer.does("import", key, "--on", ON, "--nothing-sent-yet", "--at", key)
    officer.does("issue", "--on", ON, "--at", "weir-lane")
    assert "School Letter 1" in officer.does("history", "4711", "--at", "weir-lane")
    officer.is_refused("history", "4711", "--at", "north-hill")
    assert "      1  School Letter 1" in officer.does("due", "--on", ON, "--at", "north-hill")


def test_a_schools_settings_go_out_and_come_back_as_a_file(officer) -> None:
    path = write_export(officer.folder / "school", ROBIN) / "school.toml"
    officer.does("school", "add", "weir-lane", path)
    assert officer.does("school", "export", "weir-lane", "--out", "out.toml") == (
        "The settings of weir-lane are in out.toml.\n"
    )
    text = (officer.folder / "out.toml").read_text(encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    (officer.folder / "out.toml").write_text(text.replace('"bradford"', '"academy"'), encoding="utf-8")
    assert officer.does("school", "change", "weir-lane", "out.toml") == "weir-lane changed.\n"
    assert "academy" in officer.does("school", "list")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("school", "add", "weir lane", "school/school.toml"), "Make the key of small letters, numbers and hyphens"),
        (("school", "add", "weir-lane", "school/school.toml"), "change it with `school change`"),
        (("school", "change", "weir-lan", "school/school.toml"), 'Did you mean "weir-lane"?'),
        (("school", "add", "other", "school/nothing.toml"), "nothing.toml"),
    ],
)
def test_a_school_that_cannot_be_added_is_said(words, said, officer) -> None:
    path = write_export(officer.folder / "school", ROBIN) / "school.toml"
    officer.does("school", "add", "weir-lane", path)
    assert said in officer.is_refused(*words)
