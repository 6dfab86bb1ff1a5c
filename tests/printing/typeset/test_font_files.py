"""Copies of fonts draw what the fonts draw, without the table that Typst fails over."""

from __future__ import annotations

import uharfbuzz as hb

from service.printing.typeset.font_files import FontFile, install


def tables_and_characters(font: bytes) -> tuple[set[str], set[int], list[int]]:
    """The tables of a font, the characters that it draws, and how wide they are."""
    face = hb.Face(hb.Blob(font))
    drawn = set(face.unicodes)
    wide = hb.Font(face)
    widths = [wide.get_glyph_h_advance(wide.get_nominal_glyph(one)) for one in sorted(drawn)]
    return set(face.table_tags), drawn, widths


def test_a_copy_has_no_old_kerning_and_no_hints_and_draws_the_same(typesetter, tmp_path) -> None:
    name = typesetter.faces.chain("Arial")[0]
    first = typesetter.faces._families[name].files[0]
    with open(first.path, "rb") as file:
        tables, drawn, widths = tables_and_characters(file.read())
    install([first], tmp_path)
    (copy,) = tmp_path.iterdir()
    its_tables, its_drawn, its_widths = tables_and_characters(copy.read_bytes())
    assert tables >= {"kern", "fpgm", "prep"}
    assert its_tables.isdisjoint({"kern", "fpgm", "prep", "cvt "})
    assert its_tables >= {"GPOS", "GSUB"}
    assert (its_drawn, its_widths) == (drawn, widths)


def test_a_font_without_that_table_stays_as_it_is(tmp_path, typesetter) -> None:
    def is_plain(file: FontFile) -> bool:
        return "kern" not in hb.Face(hb.Blob.from_file_path(file.path), file.index).table_tags

    every = [file for family in typesetter.faces._families.values() for file in family.files]
    plain = next(file for file in every if is_plain(file))
    install([plain], tmp_path)
    (copy,) = tmp_path.iterdir()
    with open(plain.path, "rb") as file:
        assert copy.read_bytes() == file.read()
