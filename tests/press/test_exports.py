"""Every form is opened again, as its readers would, and must say what the edition says."""

import csv
import re
import zipfile
from io import BytesIO, StringIO
from xml.etree import ElementTree

import openpyxl
import pytest
from docx import Document

from apps.press.exports.files import FILES
from apps.press.exports.lines import blocks_of, footnotes_of
from apps.press.exports.markdown import markdown
from apps.press.exports.paper import pages, pdf
from apps.press.exports.sheets import COLUMNS, MOST_IN_A_CELL, csv_file, ods_file, xlsx
from apps.press.exports.word import word
from apps.press.models import Form
from tests.press.editions import FOOTNOTES, GONE, NASTY, NOTE, QUOTE, STATISTIC, edition, nasty

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = ("word/document.xml", "word/footnotes.xml", "word/settings.xml", "[Content_Types].xml")


def parts_of(file: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(BytesIO(file)) as archive:
        assert archive.testzip() is None
        return {
            name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if "xml" in name
        }


def text_of(element: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("of", [edition, nasty])
def test_the_same_edition_makes_the_same_file(form: Form, of: object) -> None:
    make = FILES[form].make
    assert callable(of)
    assert make(of()) == make(of())


def test_a_word_document_has_real_footnotes_each_referred_to_once() -> None:
    parts = parts_of(word(edition()))
    referred = [each.get(f"{W}id") for each in parts["word/document.xml"].iter(f"{W}footnoteReference")]
    notes = {each.get(f"{W}id"): each for each in parts["word/footnotes.xml"].iter(f"{W}footnote")}
    assert referred == [str(number) for number in range(1, FOOTNOTES + 1)]
    assert list(notes) == ["-1", "0", *referred]
    assert [notes[key].get(f"{W}type") for key in ("-1", "0")] == ["separator", "continuationSeparator"]
    assert "Police figures, 2020 (Example Times), 3 September 2020." in text_of(notes["1"])
    assert text_of(notes["5"]).strip() == "No source is given."


def test_word_finds_the_footnotes_it_is_promised() -> None:
    file = word(edition())
    with zipfile.ZipFile(BytesIO(file)) as archive:
        types, relations = (
            archive.read(name).decode() for name in (PARTS[3], "word/_rels/document.xml.rels")
        )
        links = archive.read("word/_rels/footnotes.xml.rels").decode()
    assert "/word/footnotes.xml" in types and "wordprocessingml.footnotes+xml" in types
    assert "relationships/footnotes" in relations
    assert links.count('TargetMode="External"') >= 1
    settings = parts_of(file)["word/settings.xml"]
    order = [child.tag for child in settings]
    assert order.index(f"{W}footnotePr") < order.index(f"{W}compat")


def test_a_word_document_is_opened_again_by_python_docx() -> None:
    document = Document(BytesIO(word(edition())))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said[0] == "For the Today programme"
    assert "1. 389 offences in West Mercia" in said
    assert "Checked: adds up. 104% ≈ (389 − 191) / 191 = +103.7%" in said
    assert [each for each in said if "Version 3, made by Olive on 10 March 2026" in each]
    assert document.core_properties.author == "Olive"
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Heading 2", "Words", "List Bullet"} <= styles


@pytest.mark.parametrize("text", NASTY)
def test_a_word_document_says_what_was_typed_to_the_letter(text: str) -> None:
    said = [each.text for each in Document(BytesIO(word(nasty()))).paragraphs]
    assert text.strip("\t") in {each.strip("\t") for each in said}


def test_a_pdf_is_pages_with_every_line_on_them() -> None:
    assert pdf(edition()).startswith(b"%PDF-")
    made = pages(edition())
    assert len(made) == 1
    assert made[0].startswith(b"\x89PNG")
    assert len(pages(edition(*[STATISTIC, QUOTE] * 40))) > 8


def test_nothing_that_was_typed_is_read_as_typst() -> None:
    assert pdf(nasty()).startswith(b"%PDF-")
    evil = '#panic("read") #sys.inputs */ // \\ " $ ` <a> @b'
    assert pdf(edition(NOTE, STATISTIC, title=evil)).startswith(b"%PDF-")


def test_markdown_has_a_note_for_each_reference() -> None:
    said = markdown(edition()).decode()
    assert re.findall(r"\[\^(\d+)\](?!:)", said) == [str(number) for number in range(1, FOOTNOTES + 1)]
    assert re.findall(r"^\[\^(\d+)\]:", said, re.MULTILINE) == [
        str(number) for number in range(1, FOOTNOTES + 1)
    ]
    assert "> “The law must catch up.\n> Now.”[^2]" in said
    assert "## 3. [On the statute book](<https://tracker.example/c/online-harms/entries/3/>)" in said


def test_markdown_keeps_what_was_typed_from_meaning_anything() -> None:
    said = markdown(nasty()).decode()
    assert re.search(r"(?<!\\)<script", said) is None
    assert [line for line in said.splitlines() if line.startswith(("# not", "- not", "1. nor"))] == []
    assert len(re.findall(r"(?<!\\)\[\^1\](?!:)", said)) == 1


FORMULAS = tuple("=+-@\t\r\n＝＋－＠")


def test_no_cell_of_a_csv_begins_a_formula() -> None:
    rows = list(csv.reader(StringIO(csv_file(nasty()).decode("utf-8-sig"))))
    assert rows[0] == list(COLUMNS.values())
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULAS) or cell.lstrip().startswith(FORMULAS)] == []
    assert [f"'{text}" in cells for text in NASTY[:7]] == [True] * 7


def test_no_cell_of_an_opendocument_sheet_begins_a_formula_and_numbers_are_numbers() -> None:
    with zipfile.ZipFile(BytesIO(ods_file(nasty()))) as archive:
        content = archive.read("content.xml").decode()
    texts = re.findall(r"<text:p>(.*?)</text:p>", content)
    assert [text for text in texts if text.startswith(FORMULAS)] == []
    with zipfile.ZipFile(BytesIO(ods_file(edition()))) as archive:
        assert b'office:value="664"' in archive.read("content.xml")


def test_a_csv_holds_numbers_as_numbers_and_a_line_of_when_it_was_made() -> None:
    rows = list(csv.reader(StringIO(csv_file(edition()).decode("utf-8-sig"))))
    slip = list(COLUMNS).index("slip_days")
    assert [row[slip] for row in rows[1:6]] == ["", "", "", "664", ""]
    assert rows[-2][0].startswith("Version 3, made by Olive on 10 March 2026, 10:00 (Europe/London).")


def test_no_cell_of_a_spreadsheet_is_worked_out() -> None:
    sheet = openpyxl.load_workbook(BytesIO(xlsx(nasty()))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    typed = [cell for cell in cells if cell.value in NASTY[:7]]
    assert len(typed) >= 7 * 6
    assert {cell.quotePrefix for cell in typed} == {True}


def test_a_spreadsheet_is_opened_again() -> None:
    sheet = openpyxl.load_workbook(BytesIO(xlsx(edition()))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][: len(COLUMNS)] == list(COLUMNS.values())
    assert rows[4][list(COLUMNS).index("slip_days")] == 664
    assert rows[1][list(COLUMNS).index("text")] == "Figures first."


def test_a_cell_holds_no_more_than_excel_takes() -> None:
    long = edition(NOTE.__class__(text="x" * 40_000))
    sheet = openpyxl.load_workbook(BytesIO(xlsx(long))).active
    assert sheet is not None
    value = sheet.cell(2, list(COLUMNS).index("text") + 1).value
    assert (len(str(value)), str(value)[-1]) == (MOST_IN_A_CELL + 1, "…")


def test_what_is_gone_is_gone_from_every_form() -> None:
    shown = edition(STATISTIC, GONE)
    for form, file in FILES.items():
        made = file.make(shown)
        if form in (Form.WORD, Form.XLSX, Form.ODS):
            made = b"".join(
                zipfile.ZipFile(BytesIO(made)).read(n) for n in zipfile.ZipFile(BytesIO(made)).namelist()
            )
        assert b"catch up" not in made, form
        if form != Form.PDF:
            assert b"withdrawn on 3 March 2026" in made, form
    blocks = blocks_of(shown.content)
    assert [line.text for block in blocks for line in block.lines if line.style == "link"] == []
    assert len(footnotes_of(blocks)) == 1


@pytest.mark.parametrize("form", FILES)
def test_five_hundred_entries_are_exported(form: Form) -> None:
    many = edition(*[STATISTIC, QUOTE] * 250)
    assert len(FILES[form].make(many)) > 5_000
