"""A pack as a Word document with real footnotes.

python-docx writes the document; it knows no footnotes, so their part (`word/footnotes.xml`, ECMA-376
§17.11) is made here: two separators, which Word wants, and the notes numbered from 1.
"""

from datetime import UTC
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from apps.press.content import Edition
from apps.press.exports.lines import Block, Footnote, Line, blocks_of
from apps.press.exports.same import dated_alike

GREY, INK, LINK = RGBColor(0x59, 0x59, 0x59), RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x12, 0x43, 0x6D)
SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    for number, kind in enumerate(("separator", "continuationSeparator"), start=-1)
)
STYLES = {"gone": "Beside", "words": "Words", "fact": "Fact", "step": "List Bullet", "link": "List Bullet"}
SMALL = {"whose", "check"}


def word(edition: Edition) -> bytes:
    made = _Made(edition)
    made.write()
    file = BytesIO()
    made.document.save(file)
    return dated_alike(file.getvalue())


class _Made:
    """The document as it is being written, and its part of footnotes."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.document: DocumentType = Document()
        self.footnotes = _footnotes_part(self.document)
        _set_up(self.document, edition)

    def write(self) -> None:
        content = self.edition.content
        self._paragraph(content.title, "Title")
        self._paragraph(f"{content.campaign}. {content.known}", "Kicker")
        self._paragraphs(content.introduction, "Normal")
        for block in blocks_of(content):
            self._block(block)
        ending = self._paragraph(f"{self.edition.line} ", "Kicker")
        ending.paragraph_format.space_before = Pt(18)
        _link(ending._p, self.document.part, self.edition.address, self.edition.address)

    def _block(self, block: Block) -> None:
        if block.number is not None:
            heading = self._paragraph(f"{block.number}. ", "Heading 2")
            if block.address:
                _link(heading._p, self.document.part, block.headline, block.address, style=None)
        if block.kicker:
            kicker = self._paragraph(block.kicker, "Kicker")
            kicker.paragraph_format.keep_with_next = True
        for line in block.lines:
            self._line(line)

    def _line(self, line: Line) -> None:
        style = STYLES.get(line.style, "Kicker" if line.style in SMALL else "Normal")
        if line.style == "beside":
            style = "Beside"
        *before, last = self._paragraphs(line.text, style) or [self._paragraph("", style)]
        for paragraph in before if line.footnotes else ():
            paragraph.paragraph_format.keep_with_next = True
        for footnote in line.footnotes:
            self._footnote(last, footnote)

    def _paragraphs(self, text: str, style: str) -> list[Paragraph]:
        return [self._paragraph(part, style) for part in text.split("\n") if part.strip()]

    def _paragraph(self, text: str, style: str) -> Paragraph:
        return self.document.add_paragraph(text, style=style)

    def _footnote(self, paragraph: Paragraph, footnote: Footnote) -> None:
        run = paragraph.add_run(style="Footnote Reference")
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(footnote.number))
        run._r.append(reference)
        self.footnotes.element.append(self._note(footnote))

    def _note(self, footnote: Footnote) -> Any:
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), str(footnote.number))
        paragraph = parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r></w:p>'
        )
        note.append(paragraph)
        paragraph.append(_run(f" {' '.join(footnote.cite.text.split())} "))
        if footnote.cite.url:
            _link(paragraph, self.footnotes, footnote.cite.url, footnote.cite.url)
        return note


def _footnotes_part(document: DocumentType) -> XmlPart:
    package = document.part.package
    assert package is not None
    content_type = CONTENT_TYPE.WML_FOOTNOTES
    part = XmlPart(
        PackURI("/word/footnotes.xml"),
        content_type,
        parse_xml(f"<w:footnotes {nsdecls('w', 'r')}>{SEPARATORS}</w:footnotes>"),
        package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    properties = parse_xml(
        f'<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    )
    # The schema wants it before w:compat.
    settings: Any = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        settings.append(properties)
    else:
        compat.addprevious(properties)
    return part


def _run(text: str, *, style: str | None = None) -> Any:
    run = OxmlElement("w:r")
    if style:
        properties, name = OxmlElement("w:rPr"), OxmlElement("w:rStyle")
        name.set(qn("w:val"), style)
        properties.append(name)
        run.append(properties)
    said = OxmlElement("w:t")
    said.set(qn("xml:space"), "preserve")
    said.text = text
    run.append(said)
    return run


def _link(paragraph: Any, part: Any, text: str, url: str, *, style: str | None = "Hyperlink") -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    link.append(_run(text, style=style))
    paragraph.append(link)


def _set_up(document: DocumentType, edition: Edition) -> None:
    """An A4 page in plain black, page numbers at the foot, and what the file says of itself."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _styles(document)
    foot = section.footer.paragraphs[0]
    foot.text = f"{edition.content.title[:90]} · version {edition.number} · page "
    foot.style = document.styles["Kicker"]
    _page_number(foot)
    properties = document.core_properties
    properties.title, properties.author = edition.content.title[:250], edition.by[:250]
    properties.comments, properties.language = edition.line[:250], "en-GB"
    made_at = edition.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = made_at
    properties.last_modified_by = edition.by[:250]


def _styles(document: DocumentType) -> None:
    styles: Any = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size, before in (("Title", 24, 0), ("Heading 2", 13, 16)):
        style = styles[name]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), True
        style.font.color.rgb = INK
        style.element.rPr.rFonts.attrib.clear()
        style.font.name = "Calibri"
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(2)
        style.paragraph_format.keep_with_next = True
    for border in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    _style(styles, "Kicker", size=9.5, colour=GREY)
    _style(styles, "Fact", size=11.5, bold=True)
    words = _style(styles, "Words", size=12.5, font="Georgia")
    words.paragraph_format.left_indent = Cm(0.6)
    beside = _style(styles, "Beside", size=11, italic=True)
    beside.paragraph_format.left_indent = Cm(0.6)
    _style(styles, "Footnote Text", size=9)
    reference = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = LINK, True


def _style(
    styles: Any,
    name: str,
    *,
    size: float,
    colour: RGBColor | None = None,
    bold: bool = False,
    italic: bool = False,
    font: str = "",
) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.paragraph_format.space_after = Pt(3)
    if font:
        style.font.name = font
    if colour is not None:
        style.font.color.rgb = colour
    return style


def _page_number(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
