"""Spreadsheet files byte for byte: a grid of texts as .xlsx or .ods, with one thing wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

from tilsyn.base.sheets import cell_name

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
Grid = Sequence[Sequence[str]]
Change = tuple[str, str]


def zipped(parts: Mapping[str, str]) -> bytes:
    """Return an archive of texts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return data.getvalue()


def xlsx_parts(cells: str, main: str = MAIN, prefix: str = "", relations: str = "") -> dict[str, str]:
    """Return the parts of the smallest workbook that holds these rows, given as `<row>` elements."""
    p = f"{prefix}:" if prefix else ""
    space = f'xmlns:{prefix}="{main}"' if prefix else f'xmlns="{main}"'
    types = f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    related = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    one = f'<Relationship Id="{{}}" Type="{_OFFICE}/relationships/{{}}" Target="{{}}"/>'
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": related.format(one.format("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": related.format(
            one.format("rId1", "worksheet", "worksheets/sheet1.xml")
            + one.format("rId2", "styles", "styles.xml")
        ),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}/relationships"><sheets><sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="00000"/></numFmts><fonts count="2"><font/><font><strike/></font></fonts><cellXfs count="3"><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="170" fontId="0"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f"<{p}worksheet {space}><{p}sheetData>{cells}</{p}sheetData></{p}worksheet>",
    } | ({"xl/worksheets/_rels/sheet1.xml.rels": related.format(relations)} if relations else {})


def xlsx(cells: str, main: str = MAIN, prefix: str = "") -> bytes:
    """Return the smallest workbook that holds these rows."""
    return zipped(xlsx_parts(cells, main, prefix))


def ods_parts(rows: str) -> dict[str, str]:
    """Return the parts of an OpenDocument spreadsheet that holds these rows."""
    names = ("table", "office", "text", "style")
    spaces = " ".join(f'xmlns:{name}="{_ODF.format(name)}"' for name in names)
    styles = '<office:automatic-styles><style:style style:name="struck" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_ODF.format("manifest")}"/>',
        "content.xml": f'<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">{styles}<office:body><office:spreadsheet><table:table table:name="Ark1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
    }


def ods(rows: str) -> bytes:
    """Return an OpenDocument spreadsheet that holds these rows."""
    return zipped(ods_parts(rows))


def _xlsx_cell(text: str, row: int, column: int) -> str:
    name = cell_name(row, column)
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else ""


def _ods_cell(text: str, row: int, column: int) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def grid_parts(kind: str, grid: Grid) -> dict[str, str]:
    """Return the parts of a file of a kind (`xlsx`, `ods`) that holds a grid of texts."""
    cell: Callable[[str, int, int], str] = _xlsx_cell if kind == "xlsx" else _ods_cell
    rows = [
        "".join(cell(text, row, column) for column, text in enumerate(line)) for row, line in enumerate(grid)
    ]
    if kind == "xlsx":
        return xlsx_parts("".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(rows, start=1)))
    return ods_parts("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))


def main_part(kind: str) -> str:
    """Return the name of the part that holds the cells."""
    return "xl/worksheets/sheet1.xml" if kind == "xlsx" else "content.xml"


# What is put in place of a cell's element: by kind of file, then by what is wrong; `{r}` is the cell's name.
FAULTS: dict[str, dict[str, str]] = {
    "xlsx": {
        "error": '<c r="{r}" t="e"><v>#N/A</v></c>',
        "error, attributes turned round": "<c t='e' r='{r}'><v>#N/A</v></c>",
        "error of a formula": '<c r="{r}" t="e"><f>NA()</f><v>#N/A</v></c>',
        "error with a comment in it": '<c r="{r}" t="e"><v>#N<!-- x -->/A</v></c>',
        "error in CDATA": '<c r="{r}" t="e"><v><![CDATA[#N/A]]></v></c>',
        "formula never calculated": '<c r="{r}"><f>1+1</f></c>',
        "formula with an empty value": '<c r="{r}"><f>1+1</f><v/></c>',
        "twice": '<c r="{r}" t="str"><v>nej</v></c><c r="{r}" t="str"><v>ja</v></c>',
        "two values": '<c r="{r}"><v>1</v><v>2</v></c>',
        "two kinds of value": '<c r="{r}" t="inlineStr"><is><t>ja</t></is><v>4</v></c>',
        "text as a number": '<c r="{r}"><v>ja</v></c>',
        "no number": '<c r="{r}"><v>1e999</v></c>',
        "unknown shared text": '<c r="{r}" t="s"><v>7</v></c>',
        "unknown type": '<c r="{r}" t="q"><v>7</v></c>',
        "two tables": '</row></sheetData><sheetData><row r="90"><c r="A90"><v>1</v></c>',
        "outside the table": '</row></sheetData><c r="{r}" t="str"><v>ja</v></c><sheetData><row>',
        "in another row": '<c r="A77" t="str"><v>ja</v></c>',
        "far away": '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c>',
        "broken off": '<c r="{r}" t="str"><v>ja',
    },
    "ods": {
        "error": '<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>',
        "error, attributes turned round": "<table:table-cell calcext:value-type='error' office:value-type='string'><text:p>#N/A</text:p></table:table-cell>",
        "error of a formula": '<table:table-cell table:formula="of:=NA()" office:value-type="float" office:value="0"><text:p>#I/T</text:p></table:table-cell>',
        "formula never calculated": '<table:table-cell table:formula="of:=1+1"/>',
        "two kinds of value": '<table:table-cell office:value-type="string" office:string-value="nej"><text:p>ja</text:p></table:table-cell>',
        "text without a type": "<table:table-cell><text:p>ja</text:p></table:table-cell>",
        "text as a number": '<table:table-cell office:value-type="float" office:value="ja"/>',
        "no number": '<table:table-cell office:value-type="float" office:value="inf"/>',
        "unknown type": '<table:table-cell office:value-type="quaternion"/>',
        "two tables": '</table:table-row></table:table><table:table table:name="ark1"><table:table-row>',
        "outside a row": '</table:table-row><table:table-cell office:value-type="string"><text:p>ja</text:p></table:table-cell><table:table-row>',
        "far away": '</table:table-row><table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16000"/><table:table-cell office:value-type="float" office:value="1"/>',
        "broken off": '<table:table-cell office:value-type="string"><text:p>ja',
    },
}  # fmt: skip


def with_fault(kind: str, grid: Grid, place: tuple[int, int], fault: str) -> bytes:
    """Return a file that holds a grid, with something wrong at one of its cells."""
    row, column = place
    parts = grid_parts(kind, grid)
    cell = (_xlsx_cell if kind == "xlsx" else _ods_cell)(grid[row][column], row, column)
    text = parts[main_part(kind)]
    assert text.count(cell) == 1
    wrong = FAULTS[kind][fault].replace("{r}", cell_name(row, column))
    return zipped(parts | {main_part(kind): text.replace(cell, wrong)})
