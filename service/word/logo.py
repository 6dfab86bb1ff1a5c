"""The school's logo in the letterhead of a template."""

from __future__ import annotations

import posixpath
from pathlib import Path

from lxml import etree

from service.errors import Problem, TemplateError
from service.file_access import UnusableFileError, read_bounded
from service.word.package import write_parts
from service.word.parts import (
    CONTENT_TYPES,
    PACKAGE,
    TYPES,
    Element,
    Parts,
    R,
    names_of,
    parse,
    read_parts,
    relationships_of,
    relationships_part,
    serialise,
    w,
)
from service.word.picture import MAX_BYTES, Picture, read_picture

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DRAWING_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
PLACEHOLDER = "Logo"  # the name of the placeholder picture
TITLE = "LetterheadTitle"  # the style of the school's name where its logo would be
NAME = "LetterheadName"  # the style of the school's name beside its logo
BOX = (60.0, 25.0)  # millimetres
FORM_BOX = (38.0, 16.0)  # beside the school's name on a form
LEAST_DENSITY = 96 / 25.4  # pixels in a millimetre: a small logo is not blown up until its pixels show
EMUS = 36_000  # in a millimetre


def apply_logo(docx: bytes, logo: bytes | None, alt: str, box: tuple[float, float] = BOX) -> bytes:
    """The same template with the school's logo (PNG or JPEG) in its letterhead, or without the placeholder.

    Without a logo the school's name stands in its place, in large letters. The logo keeps its shape, fits a box (width
    and height in millimetres) and carries `alt` for those who cannot see it. A template without a placeholder comes
    back as it is. Raises TemplateError.
    """
    picture = None if logo is None else read_picture(logo)
    if any(tag in alt for tag in ("{{", "{%", "{#")):
        detail = 'The text that stands for the logo must not hold "{{", "{%" or "{#". Use plain words.'
        raise TemplateError(Problem("logo-text-has-tag", detail))
    parts = read_parts(docx)
    changed = False
    for name in names_of(parts, "header"):
        changed |= _change_header(parts, name, picture, alt, box)
    return write_parts(_tidy_types(parts)) if changed else docx


def _change_header(parts: Parts, name: str, picture: Picture | None, alt: str, box: tuple[float, float]) -> bool:
    """Whether this header had a placeholder, which now shows the picture or is gone."""
    header = parse(parts[name])
    drawings = [drawing for drawing in header.iter(w("drawing")) if _is_placeholder(drawing, parts, name)]
    for reference in dict.fromkeys(map(_embedded, drawings)):
        parts.pop(_change_relation(parts, name, reference, picture), None)
    if picture is None:
        _remove_runs(drawings)
    elif drawings:
        parts[f"word/media/logo.{picture.ending}"] = picture.content
        for drawing in drawings:
            _set_picture(drawing, picture, alt, box)
    if drawings:
        _choose_name(header, with_logo=picture is not None)
        parts[name] = serialise(header)
    return bool(drawings)


def _choose_name(header: Element, *, with_logo: bool) -> None:
    """Keeps the school's name once: beside the logo, or in the logo's place."""
    texts = [text for title in _styled(header, TITLE) for text in title.iter(w("t"))]
    for text in texts if with_logo else ():
        text.getparent().getparent().remove(text.getparent())
    for name in _styled(header, NAME) if texts and not with_logo else ():
        name.getparent().remove(name)


def _styled(header: Element, style: str) -> list[Element]:
    """The paragraphs in a style."""
    return [mark.getparent().getparent() for mark in header.iter(w("pStyle")) if mark.get(w("val")) == style]


def _is_placeholder(drawing: Element, parts: Parts, header: str) -> bool:
    """Whether a drawing is the placeholder, with a picture that the header's relationships know."""
    if not any(shape.get("name") == PLACEHOLDER for shape in drawing.iter(f"{DRAWING}docPr")):
        return False
    known = {one.key for one in relationships_of(parts, header) if not one.external}
    return _embedded(drawing) in known


def _embedded(drawing: Element) -> str:
    """The relationship of the picture that a drawing shows; "" where it shows none."""
    blip = next(drawing.iter(f"{DRAWING_MAIN}blip"), None)
    return "" if blip is None else blip.get(f"{R}embed", "")


def _change_relation(parts: Parts, header: str, reference: str, picture: Picture | None) -> str:
    """The part that the header's reference pointed to; it now points to the new picture, or is gone."""
    name = relationships_part(header)
    relations = parse(parts[name])
    every = list(relations.iter(f"{PACKAGE}Relationship"))
    relation = next(relation for relation in every if relation.get("Id") == reference)
    target = next(one.target for one in relationships_of(parts, header) if one.key == reference)
    if picture is not None:
        relation.set("Target", posixpath.relpath(f"word/media/logo.{picture.ending}", posixpath.dirname(header)))
        parts[name] = serialise(relations)
    elif len(every) == 1:
        del parts[name]
    else:
        relations.remove(relation)
        parts[name] = serialise(relations)
    return target


def _remove_runs(drawings: list[Element]) -> None:
    """Takes the runs that hold these drawings out of their paragraphs."""
    for drawing in drawings:
        run = drawing.getparent()
        if run.getparent() is not None and run.getparent().tag == w("p"):
            run.getparent().remove(run)


def _set_picture(drawing: Element, picture: Picture, alt: str, box: tuple[float, float]) -> None:
    width, height = (str(round(side * EMUS)) for side in fit_box(picture.width, picture.height, box))
    for size in drawing.iter(f"{DRAWING}extent", f"{DRAWING_MAIN}ext"):
        size.set("cx", width)
        size.set("cy", height)
    for shape in drawing.iter(f"{DRAWING}docPr", f"{PICTURE}cNvPr"):
        shape.set("descr", alt)


def fit_box(width: int, height: int, box: tuple[float, float] = BOX) -> tuple[float, float]:
    """The width and height in millimetres of a picture of so many pixels in the letterhead."""
    scale = min(box[0] / width, box[1] / height, 1 / LEAST_DENSITY)
    return width * scale, height * scale


def _tidy_types(parts: Parts) -> Parts:
    """The parts with a content type for each kind of picture that is there, and for no other."""
    root = parse(parts[CONTENT_TYPES])
    used = {name.rsplit(".", 1)[-1] for name in parts}
    known = set()
    for default in root.findall(f"{TYPES}Default"):
        ending = default.get("Extension")
        known.add(ending)
        if ending in {"png", "jpeg"} and ending not in used:
            root.remove(default)
    for ending in sorted({"png", "jpeg"} & used - known):
        root.insert(0, etree.Element(f"{TYPES}Default", Extension=ending, ContentType=f"image/{ending}"))
    return parts | {CONTENT_TYPES: serialise(root)}


def read_logo(path: Path | None) -> bytes | None:
    """The logo in a file; None where a school names none. Raises TemplateError when it cannot be read."""
    try:
        return read_bounded(path, MAX_BYTES) if path else None
    except UnusableFileError as error:
        sentence = f"The logo named in school.toml cannot be used: {error.strerror}. Name a PNG or JPEG picture."
        raise TemplateError(Problem("no-logo", sentence, file=path.name if path else "")) from None
    except OSError:
        sentence = "The logo named in school.toml cannot be read. Put it beside school.toml, or remove the line."
        raise TemplateError(Problem("no-logo", sentence, file=path.name if path else "")) from None
