"""Files that are handed in: read for their text, whatever is in them."""

import io
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfWriter

from apps.intake import opening
from apps.intake.files import MOST_BYTES, OLD_WORD_BEGINS, open_file
from apps.intake.texts import BadText

WORDS = "“We shall ask again,” said Jo Smith, of the Harbour Trust, on 3 March."


def word(*paragraphs: str) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.core_properties.title = "A letter"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def pdf(text: str = "", *, password: str = "") -> bytes:
    """One page; its text in a font that every reader knows."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%strailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    made = body + end % (table, len(body))
    if not password:
        return made
    writer = PdfWriter(io.BytesIO(made))
    writer.encrypt(password, algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml.document.main+xml")
        archive.writestr("word/document.xml", b"\x20" * 60_000_000)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_the_usual_encodings(encoding: str) -> None:
    assert open_file("a.txt", WORDS.encode(encoding)).text == WORDS


def test_word_files() -> None:
    opened = open_file("a.docx", word("One.", WORDS))
    assert (opened.text, opened.title) == (f"One.\n\n{WORDS}", "A letter")


def test_pdf_files() -> None:
    assert "We shall ask again, she said." in open_file("a.pdf", pdf("We shall ask again, she said.")).text


def test_web_pages_without_their_programs() -> None:
    page = f"<html><head><title>T</title><script>alert(1)</script></head><body><p>{WORDS}</p></body></html>"
    opened = open_file("a.html", page.encode())
    assert (WORDS in opened.text, "alert" in opened.text) == (True, False)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "The file is empty."),
        ("a.txt", b"\x00\x01\x02binary", "This file is not text."),
        ("a.txt", b"x" * (MOST_BYTES + 1), "The file is larger than 5 MB."),
        ("a.exe", b"MZ", "Files that end in “.exe” cannot be read."),
        ("a.doc", b"\xd0\xcf", "Old Word files (.doc) cannot be read here."),
        ("a.docx", OLD_WORD_BEGINS + bytes(2_000), "This Word file is locked with a password, or is an old"),
        ("a.docx", b"not a zip", "The file is not what its name says."),
        ("a.docx", b"PK\x03\x04 broken", "The Word file is damaged."),
        ("a.docx", bomb(), "The Word file unpacks to far more than a document has."),
        ("a.pdf", b"not a pdf", "The file is not what its name says."),
        ("a.pdf", b"%PDF-1.4 rubbish %%EOF", "This file cannot be read: it is damaged"),
        ("a.pdf", pdf("Words", password="secret"), "This PDF is locked with a password."),
        ("a.pdf", pdf(), "This PDF holds pictures of pages and no text."),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_said_in_a_sentence(name: str, content: bytes, said: str) -> None:
    with pytest.raises(BadText) as refusal:
        open_file(name, content)
    assert said in str(refusal.value)


def test_a_file_that_never_ends_is_given_up() -> None:
    with pytest.raises(BadText, match="reading it never ends"):
        opening.read("pdf", pdf("Words"), seconds=0.01)


def test_what_reads_a_file_knows_no_secret_of_the_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In place of Python stands a program that answers with its environment."""
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\nimport json, os\nprint(json.dumps({{'text': str(dict(os.environ))}}))\n"
    )
    program.chmod(0o700)
    monkeypatch.setenv("SECRET_KEY", "sesame")
    monkeypatch.setattr(sys, "executable", str(program))
    said = opening.read("pdf", b"").text
    assert "LANG" in said
    assert "sesame" not in said
    assert "SECRET" not in said
