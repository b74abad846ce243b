"""What is read out of files, and the sentence that hostile and broken ones end in."""

import io
import random
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from apps.intake.sheets.checking import head_of, lines_of
from apps.intake.sheets.columns import guess
from apps.intake.sheets.escaping import escaped, is_formula, restored
from apps.intake.sheets.lines import BadSheet, Line
from apps.intake.sheets.opening import open_file, weight_of
from apps.intake.sheets.reading_csv import WESTERN

ODS = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[bytes], Path]:
    def kept(content: bytes) -> Path:
        path = tmp_path / "a file"
        path.write_bytes(content)
        return path

    return kept


def cells(path: Path, sheet: int = 0) -> list[list[str]]:
    return [line.cells for line in lines_of(open_file(path), sheet)]


def lines(path: Path) -> list[Line]:
    return list(lines_of(open_file(path), 0))


def book(*rows: list[Any], prepare: Callable[[Any, Any], object] | None = None) -> bytes:
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if prepare:
        prepare(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def archive(parts: dict[str, bytes], *, packed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def ods(rows: str, **more: bytes) -> bytes:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    body = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="One">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return archive({"mimetype": ODS.encode(), "content.xml": body.encode(), **more})


def row(*texts: str) -> str:
    many = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
    return f"<table:table-row>{many}</table:table-row>"


def typed(how: str, text: str) -> str:
    return f"<table:table-cell {how}><text:p>{text}</text:p></table:table-cell>"


# --- CSV --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_letters_and_marks_are_found_out(keep: Any, encoding: str, mark: str) -> None:
    text = f"Name{mark}Note\r\nZoë{mark}“£5”, she said\r\n" if mark != "," else "Name,Note\nZoë,“£5”\n"
    assert cells(keep(text.encode(encoding)))[1][0] == "Zoë"


def test_western_letters_are_read_and_that_is_said(keep: Any) -> None:
    opened = open_file(keep("Name,Price\nZoë,£5\n".encode("cp1252")))
    assert opened.notes == [WESTERN]
    assert list(opened.sheets[0].lines())[1].cells == ["Zoë", "£5"]


def test_a_cell_may_hold_lines_and_marks(keep: Any) -> None:
    assert cells(keep(b'a,b\n"one\ntwo","x, ""y"""\n'))[1] == ["one\ntwo", 'x, "y"']


def test_excels_own_line_about_the_mark_is_no_row(keep: Any) -> None:
    assert [line.number for line in lines(keep(b"sep=;\na;b\n1;2\n"))] == [2, 3]


@pytest.mark.parametrize(
    ("blank", "numbers"), [(b"\r\n", [2, 3]), (b"  \n\n", [3, 4]), (b"\nsep=;\n", [3, 4])]
)
def test_the_mark_is_not_guessed_from_a_blank_line(blank: bytes, numbers: list[int], keep: Any) -> None:
    found = lines(keep(blank + b"a;b\n1,5;2\n"))
    assert [line.cells for line in found if line.number in numbers] == [["a", "b"], ["1,5", "2"]]


def test_a_formula_in_csv_is_told(keep: Any) -> None:
    line = lines(keep(b"a,b\n=1+1,'=text\n"))[1]
    assert list(line.wrong) == [0]
    assert line.cells[1] == "=text"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b'a,b\n"one,2\n3,4\n', "quotation marks"),
        (b'a,b\n"one" more,2\n', "quotation marks"),
        (b"a,b\n" + b"x" * 1_100_000 + b",1\n", "characters"),
        (b"\x00\x01\x02\x03binary", "no spreadsheet"),
        (b"a,b\nGIF\x01\x02,1\n", "no spreadsheet"),
        (b"%PDF-1.7\n", "no spreadsheet"),
        (b"<!DOCTYPE html><table></table>", "no spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Excel"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (archive({"word/document.xml": b"<w/>"}), "no spreadsheet"),
        (archive({"xl/workbook.bin": b"x"}), "xlsb"),
        (archive({"Index/Document.iwa": b"x"}), "Numbers"),
        (archive({"xl/workbook.xml": b"not xml"}), "damaged"),
        (archive({"content.xml": b"not xml"}), "damaged"),
        (archive({"content.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "damaged"),
        (b"BEGIN:VCALENDAR\r\nnonsense", "damaged"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no events"),
        (b"Headline,When\n", "below the first row"),
        (b"\n\n,,\n", "below the first row"),
    ],
)
def test_what_cannot_be_read_ends_in_a_sentence(keep: Any, content: bytes, says: str) -> None:
    with pytest.raises(BadSheet) as refusal:
        opened = open_file(keep(content))
        head_of(opened, 0)
        list(lines_of(opened, 0))
    assert says in str(refusal.value)
    assert str(refusal.value).endswith(".")


# --- Excel ------------------------------------------------------------------------------------------------


def test_typed_cells_are_read_as_people_write_them(keep: Any) -> None:
    def shown(_: Any, sheet: Any) -> None:
        sheet["B2"].number_format = "0.0%"
        sheet["C2"].number_format = "£#,##0"

    content = book(
        ["a", "b", "c", "d", "e", "f"],
        [1204.0, 0.125, 3400000, date(2020, 9, 3), True, datetime(2020, 9, 3, 10, 30)],
        prepare=shown,
    )
    assert cells(keep(content))[1] == ["1204", "12.5%", "£3400000", "2020-09-03", "yes", "2020-09-03 10:30"]


def test_dates_that_count_from_1904(keep: Any) -> None:
    def mac(made: Any, _: Any) -> None:
        made.epoch = CALENDAR_MAC_1904

    assert cells(keep(book(["a"], [date(2020, 9, 3)], prepare=mac)))[1] == ["2020-09-03"]


def test_formulas_merged_cells_and_errors_are_told_by_their_cells(keep: Any) -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_cells("C2:D2")
        sheet["E2"].value, sheet["E2"].data_type = "#REF!", "e"

    line = lines(keep(book(["a", "b", "c", "d", "e"], ["=SUM(1)", "plain", "one", "", ""], prepare=merge)))[1]
    assert sorted(line.wrong) == [0, 2, 3, 4]
    assert "formula" in line.wrong[0]
    assert "merged" in line.wrong[2]
    assert "#REF!" in line.wrong[4]


@pytest.mark.filterwarnings("ignore:Cell A2 is marked as a date")
def test_a_date_that_is_none_is_told(keep: Any) -> None:
    def shown(_: Any, sheet: Any) -> None:
        sheet["A2"].number_format = "yyyy-mm-dd"

    (_, line) = lines(keep(book(["a", "b"], [9_999_999_999, "x"], prepare=shown)))
    assert list(line.wrong) == [0]


def test_the_first_sheet_with_rows_and_another(keep: Any) -> None:
    def more(made: Any, _: Any) -> None:
        second = made.create_sheet("Second")
        second.append(["a"])
        second.append(["1"])

    path = keep(book(prepare=more))
    assert [sheet.name for sheet in open_file(path).sheets] == ["Sheet", "Second"]
    assert cells(path, 1) == [["a"], ["1"]]


def test_a_sheet_that_lies_about_its_size(keep: Any) -> None:
    content = book(["a", "b"], ["1", "2"])
    parts = {name: zipfile.ZipFile(io.BytesIO(content)).read(name) for name in _names(content)}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    started = time.process_time()
    assert cells(keep(archive(parts))) == [["a", "b"], ["1", "2"]]
    assert time.process_time() - started < 5


def _names(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_entities_in_excel_files_are_not_unfolded(keep: Any) -> None:
    content = book(["a"], ["1"])
    parts = {name: zipfile.ZipFile(io.BytesIO(content)).read(name) for name in _names(content)}
    bait = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    parts["xl/worksheets/sheet1.xml"] = bait + parts["xl/worksheets/sheet1.xml"].partition(b"?>")[2]
    with pytest.raises(BadSheet):
        cells(keep(archive(parts)))


# --- OpenDocument -----------------------------------------------------------------------------------------


def test_open_document(keep: Any) -> None:
    number = typed('office:value-type="float" office:value="1204"', "1,204")
    day = typed('office:value-type="date" office:date-value="2020-09-03"', "03/09/20")
    formula = typed('table:formula="of:=1+1"', "2")
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    path = keep(ods(f"{row('a', 'b', 'c')}<table:table-row>{number}{day}{formula}</table:table-row>{blank}"))
    (head, line) = lines(path)
    assert (head.cells, line.cells) == (["a", "b", "c"], ["1204", "2020-09-03", "2"])
    assert list(line.wrong) == [2]


def test_open_document_with_a_password(keep: Any) -> None:
    manifest = {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    with pytest.raises(BadSheet, match="password"):
        open_file(keep(ods(row("a"), **manifest)))


# --- Bombs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        archive({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b" " * 300_000_000}),
        archive({"content.xml": b"0" * 20_000_000}),
        archive({"xl/workbook.xml": b"<w/>", **{f"part{n}": b"" for n in range(2_500)}}),
    ],
    ids=["one large part", "one that packs too well", "too many parts"],
)
def test_archives_that_unpack_without_end_are_not_unpacked(keep: Any, content: bytes) -> None:
    path, started = keep(content), time.process_time()
    for look in (open_file, weight_of):
        with pytest.raises(BadSheet, match="unpacks to far more"):
            look(path)
    assert time.process_time() - started < 1


def test_an_archive_that_lies_about_its_sizes(keep: Any) -> None:
    """Its list of contents says little, its parts hold much: what is read ends where the list says."""
    content = bytearray(archive({"content.xml": b"<a>" + b"0" * 20_000_000, "mimetype": ODS.encode()}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1_000)
    started = time.process_time()
    with pytest.raises(BadSheet):
        cells(keep(bytes(content)))
    assert time.process_time() - started < 2


def test_damaged_archives_end_in_sentences(keep: Any) -> None:
    sound, luck = book(["a", "b"], *[[str(n), "x" * 50] for n in range(50)]), random.Random(7)
    for _ in range(60):
        broken = bytearray(sound)
        for _ in range(luck.randrange(1, 20)):
            broken[luck.randrange(len(broken))] = luck.randrange(256)
        try:
            cells(keep(bytes(broken[: luck.randrange(len(broken) // 2, len(broken))])))
            cells(keep(bytes(broken)))
        except BadSheet:
            continue


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    try:
        cells(path)
    except BadSheet as refusal:
        assert str(refusal)


# --- Columns and formulas ---------------------------------------------------------------------------------

FIELDS = {
    "measure": "Measure",
    "figure": "Figure",
    "date": "As of",
    "source": "Source",
    "source_url": "Its web address",
    "source_published": "When it was published",
    "note": "Note",
    "person": "Counted by (person)",
    "organisation": "Counted by",
}


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["Measure", "FIGURE", "as_of"], ["measure", "figure", "date"]),
        (["Indicator", "Value", "Date", "Link"], ["measure", "figure", "date", "source"]),
        (["Source", "URL"], ["source", "source_url"]),
        (["Figure", "figure"], ["figure", ""]),
        (["Counted by", "Counted by (person)"], ["organisation", "person"]),
        (["Notess", "", "Zzz"], ["note", "", ""]),
        (["Description", "Comments"], ["note", ""]),
    ],
)
def test_columns_are_guessed(headers: list[str], found: list[str]) -> None:
    assert guess(headers, FIELDS) == found


@given(st.text(max_size=40))
def test_what_leaves_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert not is_formula(escaped(text)) or escaped(text).startswith("'")
    assert restored(escaped(text)) == text or is_formula(text) is False


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "'=1", "＝1"])
def test_formulas_are_escaped(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert restored(escaped(text)) == text


@pytest.mark.parametrize("text", ["-5", "+5", "-1,204.5", "5%", "plain", "O'Neill", ""])
def test_plain_text_and_numbers_are_left(text: str) -> None:
    assert escaped(text) == restored(text) == text
