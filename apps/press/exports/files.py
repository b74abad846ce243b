"""Every form a pack can be exported as, but for the page that is printed."""

from collections.abc import Callable
from dataclasses import dataclass

from apps import ods
from apps.press.content import Edition
from apps.press.exports.markdown import markdown
from apps.press.exports.paper import pdf
from apps.press.exports.sheets import csv_file, ods_file, xlsx
from apps.press.exports.word import word
from apps.press.models import Form

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class File:
    make: Callable[[Edition], bytes]
    content_type: str


FILES = {
    Form.WORD: File(word, f"{_OFFICE}.wordprocessingml.document"),
    Form.PDF: File(pdf, "application/pdf"),
    Form.MARKDOWN: File(markdown, "text/markdown; charset=utf-8"),
    Form.CSV: File(csv_file, "text/csv; charset=utf-8"),
    Form.XLSX: File(xlsx, f"{_OFFICE}.spreadsheetml.sheet"),
    Form.ODS: File(ods_file, ods.TYPE),
}
