"""ONE PUPIL, ONE FORM: record -> decision -> filled form.

Everything that fills a form calls `fill_form`: the command, the route and the cohort. There is no second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.attendance.words import FORMS
from service.decisions.decide import Decided
from service.desk import Desk
from service.errors import AttendanceLettersError, Problem, RequestError
from service.forms.facts import FormFacts, Value
from service.forms.fields import form_values
from service.issue import Issue
from service.pupil import Pupil
from service.word.document import DOCX, ENDINGS, PDF, Document


@dataclass(frozen=True, slots=True)
class FilledForms:
    """The forms that belong to a pupil's decision, and why one could not be made."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()


NO_FORMS = FilledForms()


def fill_form(
    desk: Desk, pupil: Pupil, form: str, media_type: str = PDF, flat: bool = False, decided: Decided | None = None
) -> Document:
    """A form filled with what is known about a pupil; `flat` is a PDF as ink on paper, which nobody can type into.

    `decided` is this pupil's decision, where it has been made already. Raises RequestError when there is no such form
    or format, FillError when a value cannot be drawn, RulesError when the policy is not in force.
    """
    if flat and media_type != PDF:
        sentence = "A flat copy is a PDF. Ask for a PDF, or for a Word document that is not flat."
        raise RequestError("flat-is-pdf", "A flat copy is a PDF", Problem("flat-is-pdf", sentence, "/flat"))
    kind = desk.forms.kind(form)
    name = f"{kind.form}{ENDINGS[media_type]}"
    if media_type == DOCX:
        document = desk.forms.open_document(form, pupil.letterhead)
        known = _work_out(desk, pupil, form, document.wants, decided)
        return Document(name, DOCX, document.fill({**dict.fromkeys(document.wants, ""), **known}))
    template = desk.forms.open_pdf(form)
    return Document(name, PDF, template.fill(_work_out(desk, pupil, form, template.wants, decided), flat))


def _work_out(desk: Desk, pupil: Pupil, form: str, fields: frozenset[str], decided: Decided | None) -> dict[str, Value]:
    school = pupil.letterhead
    kind, (decision, facts) = desk.forms.kind(form), decided or pupil.decide_with_facts()
    return form_values(FormFacts(kind, fields, decision, facts, pupil.active_policy(), school))


def fill_named_forms(desk: Desk, pupil: Pupil, issue: Issue) -> FilledForms:
    """The PDF of every form that a decision names, of its letters' enclosures, and of the statutory returns due.

    They stay open to be completed and signed; a form in which nothing is written by hand is flat.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for form in dict.fromkeys(named_forms(issue)):
        try:
            flat = desk.forms.kind(form).is_finished
            documents.append(fill_form(desk, pupil, form, PDF, flat, issue.decided))
        except AttendanceLettersError as error:
            problems += _of_form(form, error.problems)
    return FilledForms(tuple(documents), tuple(problems))


def named_forms(issue: Issue) -> Iterator[str]:
    """The forms that a decision, its letters' enclosures and its statutory returns name, as often as they do."""
    yield from issue.decision.documents
    for letter in issue.letters:
        yield from letter.enclosures
    yield from (item for item in issue.decision.returns if item in FORMS)


def _of_form(form: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    for problem in problems:
        yield Problem(problem.code, f"{form}: {problem.detail}", problem.pointer)
