"""OpenDocument spreadsheets as they are written, opened again by others' reader and by ours."""

import io
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from apps import ods
from apps.intake.sheets.checking import lines_of
from apps.intake.sheets.opening import open_file

ROWS = [
    ["Headline", "Days"],
    ["=cmd|' /C calc'!A0", 664],
    ["  two  spaces\tand a tab\r\nand <a> second & last line ", -1],
    ["hidden \x00\x0b\ud800\ufffe letters 😀", 0],
]


def written(rows: list[list[ods.Cell]]) -> bytes:
    out = io.BytesIO()
    ods.write(rows, title="A “title” & more", out=out)
    return out.getvalue()


def test_the_type_stands_first_and_plain_and_the_same_rows_make_the_same_file() -> None:
    made = written(ROWS)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read(first).decode()) == (
            *("mimetype", zipfile.ZIP_STORED),
            ods.TYPE,
        )
        assert b"formula" not in archive.read("content.xml")
    assert made == written(ROWS)


def test_texts_come_back_as_they_were_and_numbers_as_numbers(tmp_path: Path) -> None:
    (tmp_path / "made").write_bytes(written(ROWS))
    opened = open_file(tmp_path / "made")
    assert [sheet.name for sheet in opened.sheets] == ["A “title” & more"]
    rows = [line.cells for line in lines_of(opened, 0)]
    assert rows == [
        ["Headline", "Days"],
        ["=cmd|' /C calc'!A0", "664"],
        ["  two  spaces\tand a tab\nand <a> second & last line ", "-1"],
        ["hidden  letters 😀", "0"],
    ]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_text_makes_a_sound_document(texts: list[str]) -> None:
    with zipfile.ZipFile(io.BytesIO(written([["Head"] * len(texts), list(texts)]))) as archive:
        from defusedxml.ElementTree import fromstring

        assert fromstring(archive.read("content.xml")) is not None
