"""A template filled for previews and tests, by docxtpl itself."""

from __future__ import annotations

import io
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


def fill_template(template: bytes, values: dict[str, Any]) -> bytes:
    """The DOCX of a letter with these values; a word that is missing is an error."""
    letter = DocxTemplate(io.BytesIO(template))
    letter.render(values, ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined), autoescape=True)
    file = io.BytesIO()
    letter.save(file)
    return file.getvalue()


def fill_message(template: str, values: dict[str, Any]) -> str:
    """The plain text of a message with these values."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(template).render(values)
