"""The school's logo in the letterhead of a template."""

from __future__ import annotations

import posixpath
from pathlib import Path
from xml.dom import minidom

from service.errors import Problem, TemplateError
from service.word.docx_xml import WORD, parse_part, read_parts, serialise_part, write_parts
from service.word.picture import Picture, read_picture

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
DRAWING_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
REFERENCES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES_PART = "[Content_Types].xml"
PLACEHOLDER = "Logo"  # the name of the placeholder picture
BOX = (60.0, 25.0)  # millimetres
FORM_BOX = (38.0, 16.0)  # beside the school's name on a form
LEAST_DENSITY = 96 / 25.4  # pixels in a millimetre: a small logo is not blown up until its pixels show
EMUS = 36_000  # in a millimetre

Parts = dict[str, bytes]


def apply_logo(docx: bytes, logo: bytes | None, alt: str, box: tuple[float, float] = BOX) -> bytes:
    """The same template with the school's logo (PNG or JPEG) in its letterhead, or without the placeholder.

    The logo keeps its shape, fits a box (width and height in millimetres) and carries `alt` for those who cannot see
    it. A template without a placeholder comes back as it is. Raises TemplateError.
    """
    picture = None if logo is None else read_picture(logo)
    if any(tag in alt for tag in ("{{", "{%", "{#")):
        detail = 'The text that stands for the logo must not hold "{{", "{%" or "{#". Use plain words.'
        raise TemplateError(Problem("logo-text-has-tag", detail))
    parts = read_parts(docx)
    changed = False
    for name in [name for name in parts if name.startswith("word/header")]:
        changed |= _change_header(parts, name, picture, alt, box)
    return write_parts(_tidy_types(parts)) if changed else docx


def _change_header(parts: Parts, name: str, picture: Picture | None, alt: str, box: tuple[float, float]) -> bool:
    """Whether this header had a placeholder, which now shows the picture or is gone."""
    header = parse_part(parts[name])
    drawings = [drawing for drawing in header.getElementsByTagNameNS(WORD, "drawing") if _is_placeholder(drawing)]
    for drawing in drawings:
        blip = drawing.getElementsByTagNameNS(DRAWING_MAIN, "blip")[0]
        target = _change_relation(parts, name, blip.getAttributeNS(REFERENCES, "embed"), picture)
        parts.pop(target, None)
        if picture is not None:
            parts[f"word/media/logo.{picture.ending}"] = picture.content
            _set_picture(drawing, picture, alt, box)
    if drawings:
        if picture is None:
            _remove_runs(header, drawings)
        parts[name] = serialise_part(header)
    return bool(drawings)


def _is_placeholder(drawing: minidom.Element) -> bool:
    return any(shape.getAttribute("name") == PLACEHOLDER for shape in drawing.getElementsByTagNameNS(DRAWING, "docPr"))


def _change_relation(parts: Parts, header: str, reference: str, picture: Picture | None) -> str:
    """The part that the header's reference pointed to; it now points to the new picture, or is gone."""
    name = f"word/_rels/{posixpath.basename(header)}.rels"
    relations = parse_part(parts[name])
    every = relations.getElementsByTagName("Relationship")
    relation = next(relation for relation in every if relation.getAttribute("Id") == reference)
    target = posixpath.normpath(posixpath.join("word", relation.getAttribute("Target")))
    if picture is not None:
        relation.setAttribute("Target", f"media/logo.{picture.ending}")
        parts[name] = serialise_part(relations)
    elif len(every) == 1:
        del parts[name]
    else:
        relations.getElementsByTagName("Relationships")[0].removeChild(relation)
        parts[name] = serialise_part(relations)
    return target


def _remove_runs(header: minidom.Document, drawings: list[minidom.Element]) -> None:
    """Takes the runs that hold these drawings out of their paragraphs."""
    for paragraph in header.getElementsByTagNameNS(WORD, "p"):
        for run in [run for run in paragraph.childNodes if any(drawing.parentNode is run for drawing in drawings)]:
            paragraph.removeChild(run)


def _set_picture(drawing: minidom.Element, picture: Picture, alt: str, box: tuple[float, float]) -> None:
    width, height = (str(round(side * EMUS)) for side in fit_box(picture.width, picture.height, box))
    sizes = (*drawing.getElementsByTagNameNS(DRAWING, "extent"), *drawing.getElementsByTagNameNS(DRAWING_MAIN, "ext"))
    for size in sizes:
        size.setAttribute("cx", width)
        size.setAttribute("cy", height)
    names = (*drawing.getElementsByTagNameNS(DRAWING, "docPr"), *drawing.getElementsByTagNameNS(PICTURE, "cNvPr"))
    for shape in names:
        shape.setAttribute("descr", alt)


def fit_box(width: int, height: int, box: tuple[float, float] = BOX) -> tuple[float, float]:
    """The width and height in millimetres of a picture of so many pixels in the letterhead."""
    scale = min(box[0] / width, box[1] / height, 1 / LEAST_DENSITY)
    return width * scale, height * scale


def _tidy_types(parts: Parts) -> Parts:
    """The parts with a content type for each kind of picture that is there, and for no other."""
    types = parse_part(parts[TYPES_PART])
    root = types.getElementsByTagName("Types")[0]
    used = {name.rsplit(".", 1)[-1] for name in parts}
    known = set()
    for default in types.getElementsByTagName("Default"):
        ending = default.getAttribute("Extension")
        known.add(ending)
        if ending in {"png", "jpeg"} and ending not in used:
            root.removeChild(default)
    for ending in sorted({"png", "jpeg"} & used - known):
        default = types.createElementNS(root.namespaceURI, "Default")
        default.setAttribute("Extension", ending)
        default.setAttribute("ContentType", f"image/{ending}")
        root.insertBefore(default, root.firstChild)
    return parts | {TYPES_PART: serialise_part(types)}


def read_logo(path: Path | None) -> bytes | None:
    """The logo in a file; None where a school names none. Raises TemplateError when it cannot be read."""
    try:
        return path.read_bytes() if path else None
    except OSError:
        sentence = "The logo named in school.toml cannot be read. Put it beside school.toml, or take the line out."
        raise TemplateError(Problem("no-logo", sentence, file=path.name if path else "")) from None
