"""OpenDocument spreadsheets (.ods), written row by row: the same rows make the same file. No Django."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

TYPE = "application/vnd.oasis.opendocument.spreadsheet"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip archive can hold, in the place of when it was made."""
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{place}:1.0"'
    for name, place in (
        *(("office", "office"), ("table", "table"), ("text", "text"), ("style", "style")),
        ("fo", "xsl-fo-compatible"),
    )
)
_BEGIN = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.3">'
    "<office:automatic-styles>"
    '<style:style style:name="column" style:family="table-column">'
    '<style:table-column-properties style:column-width="4.5cm"/></style:style>'
    '<style:style style:name="cell" style:family="table-cell">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"^ +| {2,}| +$")
Cell = str | int


def write(rows: Iterable[Sequence[Cell]], *, title: str, out: IO[bytes]) -> None:
    """One sheet, its first row in bold. Texts are texts and never formulas; whole numbers are numbers."""
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("mimetype", EPOCH), TYPE
        )  # first, and not compressed: it is looked for
        archive.writestr(_part("META-INF/manifest.xml"), _MANIFEST)
        with archive.open(_part("content.xml"), "w", force_zip64=True) as content:
            content.write(f"{_BEGIN}<table:table table:name={quoteattr(_plain(title))}>".encode())
            for number, row in enumerate(rows):
                if not number:
                    content.write(_columns(len(row)).encode())
                cells = "".join(_cell(cell, "cell" if number else "head") for cell in row)
                content.write(f"<table:table-row>{cells or '<table:table-cell/>'}</table:table-row>".encode())
            content.write(_END.encode())


def _part(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _columns(count: int) -> str:
    repeated = f' table:number-columns-repeated="{count}"' if count > 1 else ""
    return f'<table:table-column table:style-name="column"{repeated}/>'


def _cell(cell: Cell, style: str) -> str:
    if cell == "":
        return "<table:table-cell/>"
    said = f'table:style-name="{style}" office:value-type='
    if isinstance(cell, int):
        lines = f"<text:p>{cell}</text:p>"
        return f'<table:table-cell {said}"float" office:value="{cell}">{lines}</table:table-cell>'
    lines = "".join(f"<text:p>{_line(line)}</text:p>" for line in _plain(cell).split("\n"))
    return f'<table:table-cell {said}"string">{lines}</table:table-cell>'


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(line: str) -> str:
    """Where spaces would be drawn together, and at its ends, they are counted."""
    counted = _SPACES.sub(lambda spaces: f'<text:s text:c="{len(spaces[0])}"/>', escape(line))
    return counted.replace("\t", "<text:tab/>")
