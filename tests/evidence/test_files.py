"""Files that show a consent: what is kept, and what is refused before anything is unpacked."""

import io
import zipfile
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.conf import settings

from apps.evidence.files import BadFile, checked, content_type, forget, keep, path_of

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x00IDAT\x00\x00\x00\x00" + b"\x00\x00\x00\x00IEND\xaeB`\x82"
TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def docx(**parts: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": TYPES, "word/document.xml": "<w/>", **parts}.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sort"),
    [
        ("form.pdf", PDF, "pdf"),
        ("FORM.JPEG", JPEG, "jpg"),
        ("scan.png", PNG, "png"),
        ("mail.txt", "I agree – Jo".encode(), "txt"),
        ("form.docx", docx(), "docx"),
    ],
)
def test_what_is_what_it_says_is_kept(name: str, content: bytes, sort: str) -> None:
    assert checked(name, content) == sort


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("form.svg", b"<svg xmlns='x'></svg>"),
        ("form.html", b"<html></html>"),
        ("form", PDF),
        ("form.exe", b"MZ"),
        ("form.docm", docx()),
        ("form.pdf", b""),
        ("form.pdf", JPEG),
        ("form.pdf", b"\n" + PDF),
        ("form.pdf", PDF + b"<script>alert(1)</script>"),
        ("form.pdf", PDF + docx()),
        ("form.pdf", b"%PDF-1.7<script>alert(1)</script>%%EOF"),
        ("form.jpg", JPEG + docx()),
        ("form.jpg", b"\xff\xd8\xff<script>alert(1)</script>\xff\xd9"),
        ("form.jpg", b"\xff\xd8\xff%PDF-1.7\xff\xd9"),
        ("form.png", PNG + PDF),
        ("form.png", PNG[:-4]),
        ("form.png", b"<svg/>"),
        ("form.txt", b"<!DOCTYPE html><p>x"),
        ("form.txt", b"hello <script src=x>"),
        ("form.txt", b"\x00\x01"),
        ("form.txt", b"\xff\xfe"),
        ("form.txt", PDF),
        ("form.docx", PDF),
        ("form.docx", b"PK\x03\x04 broken"),
        ("form.docx", b"#!/bin/sh\n" + docx()),
        ("form.docx", docx(**{"word/vbaProject.bin": "x"})),
        ("form.docx", docx(**{"../../etc/passwd": "x"})),
        ("form.docx", docx(**{"[Content_Types].xml": "<Types/>"})),
        ("form.docx", docx(**{"word/document.xml": "<w/>", "big": b"0" * (2 * 1024 * 1024)})),
        ("form.txt", b"a" * (5 * 1024 * 1024 + 1)),
    ],
)
def test_everything_else_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(BadFile) as refusal:
        checked(name, content)
    assert str(refusal.value).endswith(".")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = docx(**{f"word/media/{number}": b"\x00" * (10 * 1024 * 1024) for number in range(6)})
    assert len(bomb) < 200 * 1024
    started = perf_counter()
    with pytest.raises(BadFile, match="unpacks to far more"):
        checked("form.docx", bomb)
    assert perf_counter() - started < 1


def test_a_file_is_kept_under_a_random_name_for_its_owner_alone() -> None:
    stored, name = keep("../../My <form>.PDF", PDF)
    path = path_of(stored)
    assert path is not None
    assert (path.read_bytes(), name, content_type(name)) == (PDF, "My form.pdf", "application/pdf")
    assert (path.parent, path.stat().st_mode & 0o777) == (Path(settings.VAR_DIR) / "evidence", 0o600)
    assert keep("x.pdf", PDF)[0] != stored
    forget(stored)
    assert path_of(stored) is None


@pytest.mark.parametrize("stored", ["", "../secret_key", "a/b", "x" * 200])
def test_no_other_file_can_be_asked_for(stored: str) -> None:
    assert path_of(stored) is None
