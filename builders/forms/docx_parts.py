"""The parts of a form's Word document that are the same in every form."""

from __future__ import annotations

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}"'
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_TYPE}.numbering+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_TYPE}.settings+xml"/>'
    f'<Override PartName="/word/header1.xml" ContentType="{_TYPE}.header+xml"/>'
    f'<Override PartName="/word/header2.xml" ContentType="{_TYPE}.header+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_TYPE}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)


def _relations(*targets: tuple[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{place}" Type="{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


PACKAGE_RELATIONS = _relations(
    (f"{R}/officeDocument", "word/document.xml"),
    (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
)
DOCUMENT_RELATIONS = _relations(
    (f"{R}/styles", "styles.xml"),
    (f"{R}/settings", "settings.xml"),
    (f"{R}/header", "header1.xml"),
    (f"{R}/header", "header2.xml"),
    (f"{R}/footer", "footer1.xml"),
    (f"{R}/numbering", "numbering.xml"),
)
LETTERHEAD_RELATIONS = _relations((f"{R}/image", "media/logo.png"))
LOGO = (
    f'<w:r><w:drawing><wp:anchor xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0" '
    'simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="0" allowOverlap="1">'
    '<wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="page"><wp:posOffset>360000</wp:posOffset></wp:positionV>'
    '<wp:extent cx="1368000" cy="576000"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
    '<wp:docPr id="1" name="Logo" descr="School logo"/><wp:cNvGraphicFramePr/>'
    f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
    f'<pic:pic xmlns:pic="{_DRAWING}/picture">'
    '<pic:nvPicPr><pic:cNvPr id="1" name="Logo" descr="School logo"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1368000" cy="576000"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
)
"""The placeholder that the service puts a school's logo in place of, or takes out."""
NUMBERING = (
    f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="380" w:hanging="220"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
SETTINGS = (
    f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-GB"/></w:settings>'
)


def _style(identity: str, name: str, paragraph: str = "", run: str = "", based: str = "Normal", extra: str = "") -> str:
    basis = f'<w:basedOn w:val="{based}"/>' if identity != "Normal" else ""
    kind = 'w:type="paragraph" w:default="1"' if identity == "Normal" else 'w:type="paragraph"'
    custom = "" if name.startswith(("Normal", "heading")) else ' w:customStyle="1"'
    return (
        f'<w:style {kind}{custom} w:styleId="{identity}"><w:name w:val="{name}"/>{basis}{extra}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _space(before: int, after: int, line: int = 240) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _run(size: float, colour: str = "", bold: bool = False) -> str:
    tone = f'<w:color w:val="{colour}"/>' if colour else ""
    points = round(size * 2)
    return f'{"<w:b/><w:bCs/>" if bold else ""}{tone}<w:sz w:val="{points}"/><w:szCs w:val="{points}"/>'


_BAR = (
    '<w:pBdr><w:left w:val="single" w:sz="32" w:space="0" w:color="E3EAF2"/></w:pBdr>'
    '<w:shd w:val="clear" w:color="auto" w:fill="E3EAF2"/>'
)
_RIGHT = '<w:tabs><w:tab w:val="right" w:pos="10200"/></w:tabs>'
_EDGE = 'w:val="single" w:sz="4" w:space="0" w:color="B4BFCB"'
_RULE = '<w:pBdr><w:bottom w:val="single" w:sz="{}" w:space="{}" w:color="1F3A5F"/></w:pBdr>'

STYLES = "".join(
    [
        f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>",
        '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>',
        '<w:sz w:val="20"/><w:szCs w:val="20"/><w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>',
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>",
        _style("Normal", "Normal", _space(0, 60, 252)),
        _style(
            "Heading1",
            "heading 1",
            "<w:keepNext/>" + _space(60, 40) + '<w:outlineLvl w:val="0"/>',
            _run(17, "1F3A5F", True),
        ),
        _style(
            "Heading2",
            "heading 2",
            "<w:keepNext/>" + _BAR + _space(200, 60) + '<w:ind w:left="80"/><w:outlineLvl w:val="1"/>',
            _run(10.5, "1F3A5F", True),
        ),
        _style("Purpose", "Purpose", _space(0, 40), _run(9.5, "4A5868")),
        _style("Note", "Note", "<w:keepNext/>" + _space(0, 60), _run(9, "4A5868")),
        _style("Gap", "Gap", "<w:keepNext/>" + _space(0, 0), _run(5)),
        _style("Label", "Label", _space(20, 10), _run(8, "4A5868")),
        _style("Value", "Value", _space(20, 20), _run(10)),
        _style("RowText", "Row text", _space(30, 30), _run(9)),
        _style("Action", "Action", _space(30, 10), _run(9, "", True)),
        _style("TableHead", "Table head", _space(30, 30), _run(8.5, "4A5868", True)),
        _style("Mark", "Mark", _space(0, 0), _run(8.5)),
        _style("Code", "Code", '<w:tabs><w:tab w:val="left" w:pos="400"/></w:tabs>' + _space(0, 0), _run(8)),
        _style("Lead", "Lead", "<w:keepNext/>" + _space(60, 40, 252)),
        _style(
            "Point",
            "Point",
            '<w:numPr><w:numId w:val="1"/></w:numPr>' + _space(0, 30, 252) + '<w:ind w:left="380" w:hanging="220"/>',
        ),
        _style("SchoolName", "School name", _space(0, 20), _run(14, "1F3A5F", True)),
        _style("SchoolLine", "School line", _space(0, 10), _run(9, "4A5868")),
        _style("SchoolLast", "School last line", _RULE.format(12, 4) + _space(0, 120), _run(9, "4A5868")),
        _style("LaterHead", "Later head", _RULE.format(6, 3) + _RIGHT + _space(0, 160), _run(8.5, "4A5868")),
        _style("Foot", "Foot", _RIGHT + _space(0, 0), _run(8, "4A5868")),
        '<w:style w:type="table" w:customStyle="1" w:styleId="FormTable"><w:name w:val="Form table"/>',
        "<w:tblPr><w:tblBorders>",
        "".join(f"<w:{side} {_EDGE}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV")),
        '</w:tblBorders><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>',
        "</w:tblPr></w:style></w:styles>",
    ]
)
