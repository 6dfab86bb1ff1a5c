"""Builds every form as DOCX and fillable PDF from its field list: python -m builders.forms.build [FORM …]

The same files come out at every build with the same fonts (fonts-noto-core).
"""

from __future__ import annotations

import sys
from pathlib import Path

from builders.forms.docx_file import write_docx
from builders.forms.form_file import FOLDER, read_form
from builders.forms.layout import lay_out
from builders.forms.pdf_file import register_fonts, write_pdf
from service.attendance.words import FORMS
from service.forms.pdf.fonts import shared_shelf


def build_form(name: str) -> dict[str, bytes]:
    """File name -> content of the two files of a form."""
    regular = shared_shelf().text.path
    register_fonts(regular, str(Path(regular).with_name("NotoSans-Bold.ttf")))
    form = read_form(name)
    return {f"{name}.pdf": write_pdf(form, lay_out(form), regular), f"{name}.docx": write_docx(form)}


def main() -> None:
    """Writes the files beside the field lists."""
    for name in sys.argv[1:] or FORMS:
        for file, content in build_form(name).items():
            (FOLDER / file).write_bytes(content)


if __name__ == "__main__":
    main()
