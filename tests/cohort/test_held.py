"""What an export says that stops a pupil's row or holds the letters back."""

from __future__ import annotations

from datetime import date

import pytest

from service.cohort.join import read_cohort
from tests.cohort.export_making import read_export, write_files
from tests.cohort.test_exports import DAYS

ON = date(2026, 11, 20)
OTIS, MAI = "R888201517102", "F888201517103"


def test_more_sessions_than_the_period_has_stop_that_pupil_alone(tmp_path):
    write_files(
        tmp_path,
        a="UPN,Surname,Forename,Possible,Attended,Authorised,Unauthorised,Period Start,Period End\n"
        f"{OTIS},Cole,Otis,380,300,40,40,01/09/2026,20/11/2026\n"
        f"{MAI},Reid,Mai,104,82,10,12,01/09/2026,20/11/2026\n",
    )
    outcome = read_export(tmp_path, ON)
    assert list(outcome.records) == [MAI]
    (problem,) = outcome.problems
    assert "380 possible sessions do not fit 01/09/2026 to 20/11/2026, which have at most 118." in problem


def test_a_cell_that_says_not_to_write_holds_the_letters(tmp_path):
    write_files(
        tmp_path,
        a="UPN,Surname,Forename,Possible,Attended,Do Not Write\n"
        f"{OTIS},Cole,Otis,104,82,Yes\n{MAI},Reid,Mai,104,82,No\n",
    )
    outcome = read_export(tmp_path, ON)
    assert outcome.problems == []
    assert [len(outcome.records[key].holds) for key in (OTIS, MAI)] == [1, 0]
    assert "a.csv, row 2, Do Not Write" in str(outcome.records[OTIS].holds[0])


CONTACT = "Title,Contact Forename,Contact Surname,Address Line 1,Town,Postcode,Parental Responsibility"
JO = "Ms,Jo,Ash,2 Long Row,Netherford,ZE8 4QT,Yes"
WARNINGS = (
    "Court Order",
    "Court Orders",
    "Court Order In Place",
    "CourtOrder?",
    "No Contact Order",
    "Not To Be Contacted",
    "DNC",
    "Contact Not Allowed",
    "Do Not Send Letters",
    "No Correspondence",
    "Non-Molestation Order",
    "Prohibited Steps",
    "Legal Restrictions",
    "Child Arrangements Order",
    "Injunction",
)


@pytest.mark.parametrize("where", ["beside the pupil", "in columns of the contact", "in the contact's own row"])
@pytest.mark.parametrize("heading", WARNINGS)
@pytest.mark.parametrize(
    ("cell", "is_held"), [("Yes", True), ("1", True), ("See file", True), ("No", False), ("", False)]
)
def test_a_column_that_warns_holds_the_letters_wherever_it_stands(tmp_path, heading, cell, is_held, where):
    named = ",".join(f"Parent 1 {word.removeprefix('Contact ')}" for word in CONTACT.split(","))
    pupil = "UPN,Surname,Forename,Possible,Attended"
    files = {
        "beside the pupil": {
            "a": f"{pupil},{heading}\n{OTIS},Cole,Otis,104,82,{cell}\n",
            "b": f"UPN,{CONTACT}\n{OTIS},{JO}\n",
        },
        "in columns of the contact": {
            "a": f"{pupil},{named},Parent 1 {heading}\n{OTIS},Cole,Otis,104,82,{JO},{cell}\n"
        },
        "in the contact's own row": {
            "a": f"{pupil}\n{OTIS},Cole,Otis,104,82\n",
            "b": f"UPN,{CONTACT},{heading}\n{OTIS},{JO},{cell}\n",
        },
    }
    outcome = read_export(write_files(tmp_path, **files[where]), ON)
    record = outcome.records[OTIS]
    assert bool(record.holds) is is_held
    assert record.contacts[0].receives_post is not False


def test_a_court_order_beside_no_contact_is_not_lost(tmp_path):
    write_files(
        tmp_path,
        a=f"UPN,Surname,Forename,Possible,Attended\n{OTIS},Cole,Otis,104,82\n",
        b=f"UPN,Contact Surname,Court Order\n{OTIS},Ash,No\n{OTIS},,Yes\n",
    )
    (hold,) = read_export(tmp_path, ON).records[OTIS].holds
    assert "b.csv, row 3, Court Order" in str(hold)


@pytest.mark.parametrize(
    ("last", "summary", "said"),
    [
        ("2026-11-20", "104,102,0,2", ()),
        (
            "2026-11-20",
            "104,90,8,6",
            ("90 sessions attended, the marks have 102", "6 sessions unauthorised, the marks have 2"),
        ),
        ("2026-11-13", "104,95,0,9", ()),
        (
            "2026-11-13",
            "104,84,0,20",
            ("20 sessions unauthorised, the marks have 2 and at most 10 more after the last mark",),
        ),
    ],
)
def test_a_summary_that_the_marks_contradict_is_told_with_both_figures_and_holds_the_letters(
    tmp_path, last, summary, said
):
    """Also where the marks alone ask for no letter; what may lie after the last mark contradicts nothing."""
    codes = {(date(2026, 9, 15), half): "O" for half in ("AM", "PM")}
    marks = "".join(
        f"{OTIS},Cole,Otis,{day},{half},{codes.get((day, half), '/')}\n"
        for day in DAYS
        if day <= date.fromisoformat(last)
        for half in ("AM", "PM")
    )
    write_files(
        tmp_path,
        a=f"UPN,Surname,Forename,Date,Session,Mark\n{marks}",
        b=f"UPN,Possible,Attended,Authorised,Unauthorised\n{OTIS},{summary}\n",
    )
    record = read_export(tmp_path, ON).records[OTIS]
    told = " ".join(record.warnings)
    assert all(sentence in told and any(sentence in str(hold) for hold in record.holds) for sentence in said)
    assert ("The summary has" in told, bool(record.holds)) == (bool(said), bool(said))


CALENDAR_ROWS = "from,to,kind\n2026-09-03,2026-12-18,term\n2026-10-26,2026-10-30,closed\n"


@pytest.mark.parametrize("calendar", ["", CALENDAR_ROWS], ids=["by the other pupils", "by the calendar"])
@pytest.mark.parametrize(
    ("days", "cover", "admitted", "expected"),
    [
        (52, 50, "", (False, False)),
        (40, 50, "", (True, False)),
        (20, 50, "", (True, True)),
        (20, 30, "", (True, False)),
        (40, 90, "", (True, True)),
        (20, 50, "23/10/2026", (False, False)),
    ],
)
def test_marks_that_leave_days_out_are_told_and_hold_the_letters_below_a_share(
    tmp_path, calendar, days, cover, admitted, expected
):
    """The last so many days have marks; the share counts from admission."""
    pupils = [f"A{number}" for number in range(1, 6)]
    marks = "".join(
        f"{pupil},{day},{half},/\n"
        for pupil in pupils
        for day in (DAYS if pupil != "A5" else DAYS[-days:])
        for half in ("AM", "PM")
    )
    people = "".join(f"{pupil},Cole,Otis,{admitted if pupil == 'A5' else ''}\n" for pupil in pupils)
    files = {"a": f"Adno,Date,Session,Mark\n{marks}", "b": f"Adno,Surname,Forename,Date of admission\n{people}"}
    write_files(tmp_path, **files, **({"c": calendar} if calendar else {}))
    records = {row.key: row.record for row in read_cohort(tmp_path, on=ON, marks_cover=cover).pupils}
    told = any(f"There are marks for {days} of" in text for text in records["A5"].warnings)
    assert (told, bool(records["A5"].holds)) == expected
    assert not any(record.holds or record.warnings for key, record in records.items() if key != "A5")
