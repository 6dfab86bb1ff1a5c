"""What goes behind a letter: only forms that are meant for the family, never a tracking form."""

from __future__ import annotations

from service.desk import Desk
from service.errors import AttendanceLettersError
from service.fill import NO_FORMS, FilledForms, fill_form, named_forms
from service.forms.catalogue import PARENTS
from service.issue import Issue
from service.pupil import Pupil
from service.word.document import ENDINGS, PDF


def fill_enclosures(desk: Desk, pupil: Pupil, issue: Issue, filled: FilledForms = NO_FORMS) -> tuple[bytes, ...]:
    """The flat PDFs that go behind a pupil's letters in a print run: only forms that are meant for the family.

    A form that is flat among the `filled` is taken from there. Tracking forms, requests and returns hold what others
    said and did; they are never posted with a letter.
    """
    made = {document.name: document.content for document in filled.documents}
    found = []
    for form in dict.fromkeys(named_forms(issue)) if issue.letters else ():
        try:
            kind = desk.forms.kind(form)
            if kind.goes_to == PARENTS:
                flat = made.get(f"{form}{ENDINGS[PDF]}") if kind.is_finished else None
                found.append(flat or fill_form(desk, pupil, form, PDF, flat=True, decided=issue.decided).content)
        except AttendanceLettersError:
            continue  # the form itself is filled beside the letter, and its problems are told there
    return tuple(found)
