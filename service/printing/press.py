"""THE WAY TO PDF: a letter is set here where its template is wholly known, and goes to LibreOffice where not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby, pairwise
from typing import Final, TypeVar

from service.errors import ConversionError, FillError, Problem
from service.printing.office.converter import Converter
from service.printing.pdf_pages import PdfFile, PdfLetter
from service.printing.pdf_specimen import mark_pages
from service.printing.print_index import IndexRow, index_docx, index_parts, index_template
from service.printing.print_run import PrintLetter, bind_print_run
from service.printing.printable import Printable
from service.printing.to_pdf import ConversionFailure, letter_to_pdf, letters_to_pdf
from service.printing.typeset.letter_call import CallWriter, LetterCall
from service.printing.typeset.set_pages import find_starts
from service.printing.typeset.translate.translate import translate
from service.printing.typeset.typesetter import Typesetter
from service.printing.undrawable import say_undrawable, undrawable_characters
from service.word.document import DOCX, Document
from service.word.filling.template import MOST_OPEN
from service.word.specimen import WORDS

TOGETHER: Final = 25  # letters set as one document for a print run; more take more memory and no less time
KEPT_OPEN: Final = 50  # letters of which only their Word document is kept, translated and not yet set


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """A letter as PDFs: a tagged one of its own, and its pages for a print run, each where it was wanted."""

    own: PdfLetter | None
    printed: PdfLetter | None


Made = MadeLetter | ConversionFailure
Given = TypeVar("Given")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class _Set:
    """A letter that is set here: where it stands in the order, and its call."""

    place: int
    letter: Printable
    call: LetterCall


class Press:
    """This program's way to PDF; may be used by many threads. With `by_office` everything goes to LibreOffice."""

    def __init__(self, typesetter: Typesetter, office: Converter, by_office: bool = False) -> None:
        self.typesetter = typesetter
        self.office = office
        self.by_office = by_office
        self._writer_of = lru_cache(maxsize=MOST_OPEN)(self._open)
        self._writer_of_kept = lru_cache(maxsize=KEPT_OPEN)(partial(self._open, is_filled=True))

    # -- what can be made

    def start(self) -> None:
        """Begin to start what the first letter would wait for, and return at once."""
        self.office.clear_away()
        if self.by_office:
            self.office.start()
        else:
            self.typesetter.start()

    def close(self) -> None:
        """End what was started; nothing can be made afterwards."""
        self.typesetter.close()
        self.office.close()

    def why_not(self) -> str:
        """Why no PDF at all can be made on this machine and what to install, or nothing."""
        if self.by_office:
            return self.office.why_not()
        reason = self.typesetter.why_not()
        return reason if reason and self.office.why_not() else ""

    def what_needs_office(self, template: bytes) -> tuple[str, ...]:
        """What a template holds that only LibreOffice prints: "the text box in paragraph 4"; empty when it is set here.

        Raises TemplateError where the template cannot be read.
        """
        return self._writer_of(template).translation.unknown

    def _writer(self, letter: Printable) -> CallWriter:
        return self._writer_of(letter.template) if letter.template else self._writer_of_kept(letter.content)

    def undrawable(self, letter: Printable) -> tuple[str, ...]:
        """The characters of a letter that would print as a box, looked for in the very fonts that will draw it."""
        if self._goes_to_office(letter):
            return undrawable_characters(letter.words)
        return self.typesetter.faces.undrawable(letter.words, self._writer(letter).translation.fonts)

    def _goes_to_office(self, letter: Printable) -> bool:
        return self.by_office or bool(self.typesetter.why_not() or self._writer(letter).translation.unknown)

    def why_word_only(self, letter: Printable) -> Problem | None:
        """Why a letter can be had as a Word document only: it needs LibreOffice, which is not here; else nothing."""
        reason = self.office.why_not() if self._goes_to_office(letter) else ""
        if not reason:
            return None
        if self.by_office or self.typesetter.why_not():
            return Problem("no-converter", f"PDFs cannot be made here. {reason}")
        what = ", ".join(self._writer(letter).translation.unknown)
        sentence = f"Ask for this letter as a Word document: its template needs LibreOffice for {what}. {reason}"
        return Problem("needs-libreoffice", sentence)

    def _open(self, docx: bytes, *, is_filled: bool = False) -> CallWriter:
        return CallWriter(translate(docx, self.typesetter.faces, is_filled=is_filled))

    # -- what is made

    def make_one_file(self, letters: Sequence[Printable], title: str, *, is_trial: bool = False) -> bytes:
        """Letters as one PDF, each on sheets of its own; a single one keeps its own title. Raises ConversionError."""
        if any(map(self._goes_to_office, letters)):
            made = self._one_file_by_office(letters, title)
            return mark_pages(made) if is_trial else made
        calls = [self._writer(one).fill(one.fields) for one in letters]
        return self.typesetter.set_tagged(calls, title if len(calls) > 1 else "", across=WORDS if is_trial else "")

    def _one_file_by_office(self, letters: Sequence[Printable], title: str) -> bytes:
        if problem := next((found for one in letters if (found := self.why_word_only(one))), None):
            raise ConversionError(problem)
        documents = [Document(one.name, DOCX, one.content) for one in letters]
        if len(documents) == 1:
            return letter_to_pdf(self.office, documents[0]).content
        made = letters_to_pdf(self.office, documents)
        failures = [problem for one in made if isinstance(one, ConversionFailure) for problem in one.problems]
        if failures:
            raise ConversionError(failures)
        pdfs = [PrintLetter(one, "", "") for one in made if isinstance(one, PdfLetter)]
        return bind_print_run(pdfs, title=title).content

    def make_letters(self, letters: Sequence[Printable], *, own: bool, to_print: bool) -> list[Made]:
        """What became of each letter, in the same order: a PDF of its `own`, pages `to_print`, or why there is none."""
        to_office: dict[int, Printable] = {}
        outcomes: dict[int, Made] = {}
        calls = []
        for place, one in enumerate(letters):
            if self._goes_to_office(one):
                to_office[place] = one
                continue
            try:
                calls.append(_Set(place, one, self._writer(one).fill(one.fields)))
            except FillError as error:
                outcomes[place] = ConversionFailure(one.name, error.problems)
        outcomes |= self._make_by_office(to_office)
        if own:
            outcomes |= self._set_own(calls)
        if to_print:
            outcomes = self._set_chunks([one for one in calls if _is_wanted(outcomes.get(one.place))], outcomes)
        return [outcomes[place] for place in range(len(letters))]

    def print_kept(self, letters: Sequence[Printable]) -> Iterator[PdfLetter | ConversionFailure]:
        """The pages of each letter, in the same order, or why there are none; as letters that were issued are kept."""
        problems = [say_undrawable(self.undrawable(one)) for one in letters]
        good = [one for one, problem in zip(letters, problems, strict=True) if problem is None]
        made = iter(self.make_letters(good, own=False, to_print=True))
        for one, problem in zip(letters, problems, strict=True):
            found = ConversionFailure(one.name, (problem,)) if problem else next(made)
            if isinstance(found, ConversionFailure):
                yield found
            elif found.printed:
                yield found.printed

    def _make_by_office(self, letters: dict[int, Printable]) -> dict[int, Made]:
        outcomes: dict[int, Made] = {}
        documents: dict[int, Document] = {}
        for place, one in letters.items():
            if problem := self.why_word_only(one):
                outcomes[place] = ConversionFailure(one.name, (problem,))
            else:
                documents[place] = Document(one.name, DOCX, one.content)
        for place, pdf in zip(documents, self._convert(list(documents.values())), strict=True):
            outcomes[place] = pdf if isinstance(pdf, ConversionFailure) else MadeLetter(pdf, pdf)
        return outcomes

    def _convert(self, documents: list[Document]) -> Sequence[PdfLetter | ConversionFailure]:
        """What became of each; none is made once LibreOffice has gone, but those made before stay."""
        try:
            return letters_to_pdf(self.office, documents) if documents else []
        except ConversionError as gone:
            return [ConversionFailure(one.name, gone.problems) for one in documents]

    def _set_own(self, calls: Sequence[_Set]) -> dict[int, Made]:
        """Each letter as a tagged file of its own."""

        def set_one(one: _Set) -> Made:
            try:
                pdf = PdfFile(self.typesetter.set_tagged([one.call]))
            except ConversionError as error:
                return ConversionFailure(one.letter.name, error.problems)
            return MadeLetter(PdfLetter(one.letter.name, 0, "", "", pdf), None)

        return dict(zip((one.place for one in calls), self._at_once(set_one, calls), strict=True))

    def _set_chunks(self, calls: Sequence[_Set], outcomes: dict[int, Made]) -> dict[int, Made]:
        """The outcomes with the pages that letters have in a print run; those of one template are set together."""
        groups = []
        ordered = sorted(calls, key=lambda one: one.call.translation.together)
        for _, same in groupby(ordered, key=lambda one: one.call.translation.together):
            group = list(same)
            groups += [group[at : at + TOGETHER] for at in range(0, len(group), TOGETHER)]
        for made in self._at_once(self._set_chunk, groups):
            for place, pdf in made.items():
                before = outcomes.get(place)
                own = before.own if isinstance(before, MadeLetter) else None
                outcomes[place] = pdf if isinstance(pdf, ConversionFailure) else MadeLetter(own, pdf)
        return outcomes

    def _set_chunk(self, group: Sequence[_Set]) -> dict[int, PdfLetter | ConversionFailure]:
        """Letters set together or, when that fails, each by itself, so that only the one at fault is lost."""
        try:
            file = PdfFile(self.typesetter.set_to_print([one.call for one in group]))
            starts = find_starts(file.content, len(group))
        except ConversionError as error:
            if len(group) == 1:
                return {group[0].place: ConversionFailure(group[0].letter.name, error.problems)}
            return {place: made for one in group for place, made in self._set_chunk([one]).items()}
        return {
            one.place: PdfLetter(one.letter.name, after - first, "", "", file, first, whole=False)
            for one, (first, after) in zip(group, pairwise(starts), strict=True)
        }

    def _at_once(self, work: Callable[[Given], Done], given: Sequence[Given]) -> Iterator[Done]:
        with ThreadPoolExecutor(self.typesetter.settings.processes, "setting letters") as workers:
            yield from workers.map(work, given)

    def make_index(self, rows: Sequence[IndexRow], summary: Sequence[str]) -> Iterator[bytes]:
        """The index of a print run as PDFs that follow each other. Raises ConversionError."""
        is_set = not (self.by_office or self.typesetter.why_not())
        for words in index_parts(rows, summary):
            yield self._set_index(words) if is_set else self.office.convert(index_docx(words))

    def _set_index(self, words: dict[str, object]) -> bytes:
        return self.typesetter.set_to_print([self._writer_of(index_template()).fill(words)])


def _is_wanted(made: Made | None) -> bool:
    return not isinstance(made, ConversionFailure)
