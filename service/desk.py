"""The desk: policies, letters, forms and the school, opened once from the settings."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from service.attendance.school import School, load_school
from service.decisions.policy import Policy
from service.decisions.reading.policies import load_policies
from service.errors import Problem, RequestError, SettingsError, TemplateError, did_you_mean
from service.forms.catalogue import FormCatalogue
from service.letters.catalogue import Catalogue, OpenLetter
from service.printing.office.converter import Converter
from service.printing.office.converter_settings import ConverterSettings
from service.printing.press import Press
from service.printing.typeset.typesetter import TypesetSettings, Typesetter
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import Settings
from service.word.logo import read_logo
from service.word.picture import read_picture


class Desk:
    """Everything that is opened once and used for every pupil."""

    def __init__(self, settings: Settings, school: Path | None = None) -> None:
        self.settings = settings
        self.policies = load_policies(settings.rules)
        self.catalogue = Catalogue(settings.letters)
        self.forms = FormCatalogue(settings.forms, settings.form_fonts)
        self._school = school or settings.school

    @cached_property
    def school(self) -> School:
        """The school of the settings; the invented sample school when none is named.

        Raises SettingsError with every fault of its file, or of its logo.
        """
        school = load_school(self._school) if self._school else SAMPLE_SCHOOL
        try:
            logo = read_logo(school.logo)
            if logo is not None:
                read_picture(logo)
        except TemplateError as error:
            raise SettingsError(error.problems) from None
        return school

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
        if name in self.policies:
            return self.policies[name]
        known = ", ".join(sorted(self.policies))
        if not name:
            sentence = f"Name a policy: {known}; or set one in school.toml."
        else:
            sentence = f'There is no policy "{name}". There are {known}.{did_you_mean(name, self.policies)}'
        problem = Problem("unknown-policy" if name else "no-policy", sentence, "/policy")
        raise RequestError(problem.code, "Which policy?", problem)

    def open_letter(self, letter: str, policy: str, school: School) -> OpenLetter:
        """A letter's template, laid out for the school."""
        return self.catalogue.open(letter, policy, school)
