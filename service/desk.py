"""The desk: policies, letters, forms and the schools, opened once from the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from service.attendance.school import NO_SCHOOL, School, load_school
from service.decisions.policy import Policy
from service.decisions.reading.policies import load_policies
from service.did_you_mean import did_you_mean
from service.errors import Problem, RequestError, SettingsError, TemplateError
from service.forms.catalogue import FormCatalogue
from service.letters.catalogue import Catalogue, OpenLetter
from service.printing.office.converter import Converter
from service.printing.office.converter_settings import ConverterSettings
from service.printing.press import Press
from service.printing.typeset.typesetter import TypesetSettings, Typesetter
from service.settings import Settings
from service.word.logo import read_logo
from service.word.picture import read_picture


class Desk:
    """Everything that is opened once and used for every pupil.

    `schools` are the schools served beside the usual one, each under its key: a school.toml, or a school read already.
    """

    def __init__(
        self,
        settings: Settings,
        school: Path | School | None = None,
        schools: Mapping[str, Path | School] | None = None,
    ) -> None:
        self.settings = settings
        self.policies = load_policies(settings.rules)
        self.catalogue = Catalogue(settings.letters)
        self.forms = FormCatalogue(settings.forms, settings.form_fonts)
        self._given = {**(schools or {}), "": school or settings.school or NO_SCHOOL}
        self._opened: dict[str, School] = {}

    @property
    def school_file(self) -> Path | None:
        """The usual school's file, where there is one."""
        given = self._given[""]
        return given if isinstance(given, Path) else None

    def is_for(self, school: School) -> bool:
        """Whether the usual school is that one, which stands in no file."""
        return self._given[""] == school

    def school(self, key: str = "") -> School:
        """A school by its key; without one that of the command or the settings, else one without a name, for which no
        letter can be written.

        Raises SettingsError with every fault of its file, or of its logo; RequestError when there is no such school.
        """
        if key not in self._given:
            problem = Problem("unknown-school", "There is no school of that key. Check the key.", "/school")
            raise RequestError("unknown-school", "Which school?", problem)
        if key not in self._opened:
            self._opened[key] = _open_school(self._given[key])
        return self._opened[key]

    @cached_property
    def press(self) -> Press:
        """The way to PDF; nothing of it is started before it is asked for."""
        wanted = self.settings
        processes, seconds = wanted.pdf_processes or os.cpu_count() or 1, wanted.pdf_seconds
        office = ConverterSettings(processes=processes, seconds=seconds, pdf_a=wanted.pdf_a, tagged=wanted.pdf_tagged)
        own = TypesetSettings(processes, seconds, wanted.pdf_a)
        return Press(Typesetter(own), Converter(office), by_office=wanted.pdf_by == "libreoffice")

    def policy(self, name: str) -> Policy:
        """A policy by its name. Raises RequestError when there is none."""
        found = self.policies.get(name.strip().lower())
        if found is not None:
            return found
        known = ", ".join(sorted(self.policies))
        if not name:
            sentence = f"Choose a policy with --policy, in the request or in school.toml: {known}."
        else:
            sentence = f'There is no policy "{name}". There are {known}.{did_you_mean(name, self.policies)}'
        problem = Problem("unknown-policy" if name else "no-policy", sentence, "/policy")
        raise RequestError(problem.code, "Which policy?", problem)

    def open_letter(self, letter: str, policy: str, school: School) -> OpenLetter:
        """A letter's template, laid out for the school."""
        return self.catalogue.open(letter, policy, school)


def _open_school(given: Path | School) -> School:
    """The school, its file and its logo looked through."""
    school = load_school(given) if isinstance(given, Path) else given
    try:
        logo = read_logo(school.logo)
        if logo is not None:
            read_picture(logo)
    except TemplateError as error:
        raise SettingsError(error.problems) from None
    return school
