"""Every form, found by its name as a fillable PDF and as a Word document, and opened once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from service.attendance.reading.strict_toml import UnreadableTomlError, read_toml
from service.attendance.school import NO_SCHOOL, School
from service.did_you_mean import did_you_mean
from service.errors import Problem, RequestError, TemplateError
from service.forms.pdf.fonts import FontShelf, shared_shelf
from service.forms.pdf.template import FormTemplate
from service.word.document import DOCX, ENDINGS, PDF
from service.word.filling.template import MOST_OPEN, LetterTemplate, check_is_word, read_template
from service.word.logo import FORM_BOX, apply_logo, read_logo

PARENTS = "parents"
GOES_TO = (PARENTS, "school", "local authority")
REPORTS = ("", "sickness", "unauthorised absence")


@dataclass(frozen=True, slots=True)
class FormKind:
    """What a form's TOML says of it. Who reads a form that does not say is unknown: it shows the least, and no letter
    encloses it.

    `reports` names the absence whose days the form lists; `is_finished` says that nobody writes in it by hand.
    """

    form: str
    title: str
    goes_to: str = ""
    reports: str = ""
    is_finished: bool = False


class FormCatalogue:
    """The forms of a folder, drawn with the machine's fonts or with the font files named."""

    def __init__(self, folder: Path, fonts: tuple[Path, ...] = ()) -> None:
        self.folder = folder
        self._fonts = fonts
        self._kinds: dict[str, FormKind] = {}
        self._pdfs: dict[str, FormTemplate] = {}
        self._documents = lru_cache(maxsize=MOST_OPEN)(self._prepare)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every form of the folder, in alphabetical order."""
        return tuple(sorted({path.stem for ending in ENDINGS.values() for path in self.folder.glob(f"*{ending}")}))

    def kind(self, form: str) -> FormKind:
        """What is said of a form. Raises RequestError when there is none of that name, TemplateError."""
        if form not in self.names:
            sentence = f'There is no form "{form}".{did_you_mean(form, self.names)} There are {", ".join(self.names)}.'
            raise RequestError("unknown-form", "There is no such form", Problem("unknown-form", sentence))
        if form not in self._kinds:
            self._kinds[form] = _read_kind(self.folder / f"{form}.toml")
        return self._kinds[form]

    def open_pdf(self, form: str) -> FormTemplate:
        """A form as a fillable PDF. Raises RequestError when there is none, TemplateError with all its faults."""
        if form not in self._pdfs:
            self._pdfs[form] = FormTemplate.open(self._read(form, PDF), f"{form}.pdf", self._shelf)
        return self._pdfs[form]

    def open_document(self, form: str, school: School = NO_SCHOOL) -> LetterTemplate:
        """A form as a Word document with the school's logo beside its name, where the form has room for one.

        Raises RequestError when there is none, TemplateError with all its faults.
        """
        return self._documents(form, school.logo, school.logo_text)

    def _prepare(self, form: str, logo: Path | None, alt: str) -> LetterTemplate:
        blank = check_is_word(self._read(form, DOCX), f"{form}.docx")
        content = apply_logo(blank, read_logo(logo), alt, FORM_BOX)
        return LetterTemplate.open(content, f"{form}.docx")

    def _read(self, form: str, media_type: str) -> bytes:
        path = self.folder / f"{self.kind(form).form}{ENDINGS[media_type]}"
        if not path.is_file():
            sentence = f'There is no {ENDINGS[media_type]} of the form "{form}". Ask for the other format.'
            raise RequestError("no-such-format", "There is no such format", Problem("no-such-format", sentence))
        return read_template(path)

    @cached_property
    def _shelf(self) -> FontShelf:
        return FontShelf.open(tuple(map(str, self._fonts))) if self._fonts else shared_shelf()


def _read_kind(path: Path) -> FormKind:
    if not path.is_file():
        return FormKind(path.stem, path.stem.replace("_", " "))
    try:
        values = read_toml(path)
    except UnreadableTomlError as error:
        raise TemplateError(Problem("not-toml", str(error), file=path.name)) from None
    found = {"goes_to": values.get("goes_to", ""), "reports": values.get("reports", "")}
    for word, known in (("goes_to", GOES_TO), ("reports", REPORTS)):
        if word in values and found[word] not in known:
            choices = ", ".join(f'"{choice}"' for choice in known)
            sentence = f"{word} is one of {choices}, not {found[word]!r}."
            raise TemplateError(Problem("wrong-value", sentence, file=path.name, column=word))
    return FormKind(path.stem, values.get("title", path.stem), is_finished=bool(values.get("is_finished")), **found)
