"""Every kind of input: examples to change, and what is done with a changed one."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from service.web.example import EXAMPLE
from tests.long_run.mutators import Rows, write_rows
from tests.long_run.rows import IsUsed, check_rows, uses_contact, uses_event, uses_mark, uses_pupil
from tests.long_run.workbook_making import make_workbook
from tests.long_run.workshop import SHIPPED, Outcome, Workshop, WrongError
from tests.word.letter_making import cell, make_docx, paragraph, table

PUPILS: Rows = [
    "UPN,Surname,Forename,DOB,Reg Group,Possible,Attended,Authorised,Unauthorised,Contact 1 Title,Contact 1 Forename,"
    "Contact 1 Surname,Contact 1 Parental Responsibility,Contact 1 Address Line 1,Contact 1 Postcode".split(","),
    *(
        f"P{number},{name},Jo,0{number}/04/2013,8B,104,{104 - 4 * number},{3 * number},{number},Ms,Ann,{name},yes,"
        f"{number} Long Row,ZE8 4QT".split(",")
        for number, name in enumerate(("Ash", "Birch", "Cole", "Dunn"), 1)
    ),
]  # fmt: skip
NAMES: Rows = [row[:5] for row in PUPILS]
MARKS: Rows = [
    ["UPN", "Date", "Session", "Code"],
    *(
        [f"P{number}", f"{day:02}/09/2026", session, "O" if (day + number) % 5 == 0 else "/\\"[session == "PM"]]
        for number in range(1, 4)
        for day in (7, 8, 9, 10, 11, 14)
        for session in ("AM", "PM")
    ),
]
HISTORY: Rows = [
    ["UPN", "On", "Event", "Outcome", "By"],
    *([f"P{number}", f"{day}/10/2026", event, "", "JM"] for number in (1, 2, 3) for day, event in (
        ("05", "letter_1"), ("19", "letter_2"), ("21", "parent_contact")
    )),
]  # fmt: skip
CONTACTS: Rows = [
    "UPN,Contact Forename,Contact Surname,Relationship,Parental Responsibility,Address Line 1,Postcode".split(","),
    *([f"P{number}", "Ann", name, "Mother", "yes", f"{number} Long Row", "ZE8 4QT"] for number, name in (
        (1, "Ash"), (1, "Oak"), (2, "Birch"), (3, "Cole"), (3, "Yew")
    )),
]  # fmt: skip
WIDE = (
    b"UPN,Surname,Forename,07/09/2026 AM,07/09/2026 PM,08/09/2026 AM,08/09/2026 PM\n"
    b"P1,Ash,Jo,/,\\,O,O\nP2,Birch,Jo,/,\\,/,\\\n",
    b"Week commencing 07/09/2026\nUPN,Surname,Forename,Mon AM,Mon PM,Tue AM,Tue PM,Wed AM,Wed PM\n"
    b"P1,Ash,Jo,/,\\,O,O,/,\\\n",
    b"UPN,Surname,Forename,Start date,Marks\nP1,Ash,Jo,07/09/2026,/\\/\\/\\OO/\\\n",
    b"UPN,Date,Morning,Afternoon\nP1,07/09/2026,/,\\\nP1,08/09/2026,O,O\nP2,07/09/2026,Present,Present\n",
    b"UPN;Surname;Forename;Poss;% Attend;Shoe size\nP1;Ash;Jo;104;92,3;4\nP2;Birch;Jo;104;0.923;5\nTotal;;;208;95;\n",
)
JSON_COHORT = json.dumps(
    {
        "on": "2026-11-20",
        "calendar": [{"from": "2026-09-02", "to": "2026-12-18", "kind": "term", "name": "Autumn"}],
        "pupils": [
            EXAMPLE["pupil"],
            {
                **{word: EXAMPLE["pupil"][word] for word in ("first_name", "last_name", "date_of_birth")},
                "pupil_reference": "4712",
                "marks": [{"date": f"2026-09-{day:02}", "session": "AM", "code": "O"} for day in (7, 8, 9)],
                "history": [{"on": "2026-10-05", "event": "letter_1"}],
                "looked_after": False,
            },
        ],
    }
).encode()
FOREIGN = tuple(
    json.dumps(item).encode()
    for item in (
        {
            "data": [
                {
                    "date": {"date": "2026-09-07"},
                    "session": "AM",
                    "attendance_code": {"data": {"code": "O"}},
                    "student": {"data": {"upn": "P1", "forename": "Jo", "surname": "Ash", "id": "1"}},
                }
            ],
            "meta": {"pagination": {"more": False}},
        },
        {
            "student_session_summaries": [
                {"upn": "P1", "first_name": "Jo", "last_name": "Ash", "possible_sessions": 104, "present": 94}
            ],
            "has_more": False,
        },
        {
            "weeks": [
                {"upn": "P1", "first_name": "Jo", "last_name": "Ash", "week_beginning": "2026-09-07", "marks": "/\\OO"}
            ]
        },
    )
)
SCHOOL_TOML = b"""policy = "bradford"
school_name = "Weir Lane School"
school_address_line_1 = "Weir Lane"
school_address_line_2 = "Oxley Bridge"
school_postcode = "ZE9 9ZZ"
school_telephone = "01632 960123"
sender_name = "Mr J Marlowe"
sender_role = "Attendance officer"
headteacher_name = "Mrs L Fairweather"
logo = "logo.png"
lessons_per_day = 5
marks_cover = 50
print_profile = "dl"
shared_households = true

[senders]
"Head of year" = "Ms P Reed"
"""
HEADINGS_TOML = b'upn = ["UPN", "Our number"]\nlast_name = ["Surname"]\ncontact_1_last_name = ["Who to write to"]\n'
BODIES = tuple(
    json.dumps(body).encode()
    for body in (
        EXAMPLE,
        {**EXAMPLE, "school": {"lessons_per_day": 6, "without_contacts": "by hand"}, "recipient": "1"},
        {"on": "2026-11-20", "policy": "stockport", "pupils": [EXAMPLE["pupil"]] * 2},
        {
            **EXAMPLE,
            "calendar": [{"from": "2026-09-02", "to": "2026-12-18", "kind": "term", "name": "Autumn"}],
            "pupil": {
                **EXAMPLE["pupil"],
                "marks": [{"date": "2026-11-20", "session": "AM", "code": "N"}],
                "history": [{"on": "2026-10-05", "event": "letter_1"}],
            },
        },
    )
)
_RULES = SHIPPED / "tests" / "rules_files"
POLICY = (_RULES / "pfsa.toml").read_bytes()
CASES = b"[[case]]".join((_RULES / "pfsa.cases.toml").read_bytes().split(b"[[case]]")[:4])
ROUTES = ("/v1/letters", "/v1/decisions", "/v1/forms/sickness_return")


_SMALL = make_docx(
    paragraph("Dear {{ addressee_name }}")
    + paragraph("{% if period_from %}from {{ period_from }}{% else %}this year{% endif %}")
    + table(cell("{%tr for a in absences %}"), cell("{{ a.date }}"), cell("{%tr endfor %}")),
    headers=(paragraph("{{ school_name }}"),),
    title="{{ school_name }}",
)
LETTERS = (*[_SMALL] * 9, (SHIPPED / "letter_templates" / "letter_1.docx").read_bytes())


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of input; a table has rows as well, whose whereabouts are followed."""

    name: str
    seeds: tuple[bytes, ...]
    look: Callable[[Workshop, bytes], None]
    is_zip: bool = False
    table: Rows | None = None
    look_at_rows: Callable[[Workshop, Rows], None] | None = None


def _table(
    name: str, file: str, table: Rows, is_used: IsUsed, seeds: Sequence[bytes] = (), beside: bool = True
) -> Kind:
    """A kind of table, read beside a list of pupils where it is not that list itself."""

    def read(workshop: Workshop, content: bytes) -> Outcome:
        if beside:
            workshop.put("export/names.csv", write_rows(NAMES))
        workshop.put(f"export/{file}", content)
        return workshop.read_export(workshop.folder / "export", is_decided(content))

    def look_at_rows(workshop: Workshop, rows: Rows) -> None:
        content = make_workbook(rows) if file.endswith(".xlsx") else write_rows(rows)
        check_rows(read(workshop, content), file, rows, is_used)

    own = make_workbook(table) if file.endswith(".xlsx") else write_rows(table)
    look: Callable[[Workshop, bytes], None] = lambda workshop, content: void(read(workshop, content))  # noqa: E731
    return Kind(name, (own, *seeds), look, file.endswith(".xlsx"), table, look_at_rows)


def is_decided(content: bytes) -> bool:
    """Whether pupils are decided about and written to, which takes ten times as long as reading: one time in eight."""
    return zlib.crc32(content) % 8 == 0


def void(_: object) -> None:
    """Nothing: what came back is not asked for."""


def _json(workshop: Workshop, content: bytes) -> None:
    workshop.read_export(workshop.put("cohort.json", content), is_decided(content))


def _shape(workshop: Workshop, content: bytes) -> None:
    shape = workshop.put("own-shape.toml", content)
    for number, values in enumerate(FOREIGN):
        workshop.read_export(workshop.put(f"page{number}.json", values), is_decided(content), str(shape))


def _school(workshop: Workshop, content: bytes) -> None:
    desk = workshop.desk_with_school(workshop.put("school.toml", content))
    workshop.write_letter(desk, "letter_1")


def _headings(workshop: Workshop, content: bytes) -> None:
    workshop.put("export/pupils.csv", write_rows(PUPILS))
    workshop.put("export/headings.toml", content)
    workshop.read_export(workshop.folder / "export", is_decided(content))


def _rules(name: str) -> Callable[[Workshop, bytes], None]:
    def look(workshop: Workshop, content: bytes) -> None:
        for file, own in (("own.toml", POLICY), ("own.cases.toml", CASES)):
            if name != file and not (workshop.folder / file).exists():
                workshop.put(file, own)
        workshop.put(name, content)
        workshop.check(workshop.folder / "own.toml")

    return look


def _template(name: str) -> Callable[[Workshop, bytes], None]:
    def look(workshop: Workshop, content: bytes) -> None:
        folder = workshop.folder / "letters"
        if not folder.exists():
            folder.mkdir()
            for file in ("fields.toml", "letter_1.toml", "attendance_message.toml"):
                shutil.copy(SHIPPED / "letter_templates" / file, folder)
        path = workshop.put(f"letters/{name}", content)
        workshop.check(path, workshop.with_letters(folder))
        workshop.write_letter(workshop.desk_with_letters(folder), Path(name).stem)

    return look


def _request(workshop: Workshop, content: bytes) -> None:
    route = ROUTES[zlib.crc32(content[-8:]) % len(ROUTES)]
    answer = workshop.client.post(route, data=content, content_type="application/json")
    if answer.status_code >= 500:
        raise WrongError(f"status {answer.status_code} of {route}")
    if answer.status_code >= 400 and answer.mimetype != "application/problem+json":
        raise WrongError(f"status {answer.status_code} of {route} as {answer.mimetype}")


def _shipped(folder: str, *names: str) -> tuple[bytes, ...]:
    return tuple((SHIPPED / folder / name).read_bytes() for name in names)


_SHAPES = ("wonde-attendance.toml", "session-summaries.toml", "weeks.toml")
KINDS = {
    kind.name: kind
    for kind in (
        _table("CSV export", "pupils.csv", PUPILS, uses_pupil, WIDE, beside=False),
        _table("XLSX export", "pupils.xlsx", PUPILS, uses_pupil, beside=False),
        _table("marks", "marks.csv", MARKS, uses_mark),
        _table("history", "history.csv", HISTORY, uses_event),
        _table("contacts", "contacts.csv", CONTACTS, uses_contact),
        Kind("JSON cohort", (JSON_COHORT,), _json),
        Kind("JSON of others", FOREIGN, _json),
        Kind("shape file", _shipped("service/cohort/shapes", *_SHAPES), _shape),
        Kind("school.toml", (SCHOOL_TOML,), _school),
        Kind("headings.toml", (HEADINGS_TOML,), _headings),
        Kind("policy", (POLICY,), _rules("own.toml")),
        Kind("cases", (CASES,), _rules("own.cases.toml")),
        Kind("letter", LETTERS, _template("letter_1.docx"), is_zip=True),
        Kind("message", _shipped("letter_templates", "attendance_message.txt"), _template("attendance_message.txt")),
        Kind("request", BODIES, _request),
    )
}


def with_seed(kind: Kind, seed: bytes) -> Kind:
    """The same kind with one example more."""
    return replace(kind, seeds=(*kind.seeds, seed))
