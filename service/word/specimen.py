"""A Word document that says on every page that it is only a trial: words across its headers, as Word writes them."""

from __future__ import annotations

from typing import Final

from lxml import etree

from service.word.package import FASTEST, write_parts
from service.word.parts import DOCUMENT, Element, names_of, parse, read_parts, serialise, w

WORDS: Final = "TEST"
SENTENCE: Final = "TEST: this is not a letter. It was made with a key for trying."
_SHAPE = f"""<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/>
<v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="Specimen" type="#_x0000_t136" alt="{WORDS}" o:allowincell="f" stroked="f" fillcolor="silver"
 style="position:absolute;margin-left:0;margin-top:0;width:400pt;height:150pt;rotation:315;z-index:-251658752;
mso-position-horizontal:center;mso-position-horizontal-relative:page;
mso-position-vertical:center;mso-position-vertical-relative:page">
<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string="{WORDS}"/></v:shape>
</w:pict></w:r>"""


def mark_document(docx: bytes) -> bytes:
    """The same document with TEST across each page; across its first page where it has no header."""
    parts = read_parts(docx)
    for name in names_of(parts, "header") or [DOCUMENT]:
        root = parse(parts[name])
        paragraph = next(root.iter(w("p")), None)
        if paragraph is not None:
            paragraph.append(_shape())
            parts[name] = serialise(root)
    return write_parts(parts, FASTEST)


def _shape() -> Element:
    return etree.fromstring(_SHAPE)  # our own words
