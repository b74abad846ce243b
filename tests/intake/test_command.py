"""manage.py extract."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TEXT = (
    "Jane Doe, chair of Refuge UK, said: “We need a law by the end of 2021, and soon.”\r\n\r\nIt costs "
    "£3m.\r\n"
)


def ask(*words: str) -> str:
    out = StringIO()
    call_command("extract", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "article.txt"
    path.write_bytes(TEXT.encode())
    return str(path)


def test_json_has_offsets_into_the_text_as_given(article: str) -> None:
    said = json.loads(ask(article, "--published", "2020-09-03", "--json"))
    quote, figure, deadline = said["quotes"][0], said["statistics"][0], said["deadlines"][0]
    assert (
        TEXT[quote["start"] : quote["end"]] == quote["text"] == "We need a law by the end of 2021, and soon."
    )
    assert (quote["speaker"], quote["role"], quote["organisation"]) == ("Jane Doe", "chair", "Refuge UK")
    assert (figure["text"], figure["value"], figure["unit"]) == ("£3m", 3_000_000, "£")
    assert (deadline["text"], deadline["date_earliest"], deadline["date_latest"]) == (
        "by the end of 2021",
        None,
        "2021-12-31",
    )
    assert TEXT[figure["start"] : figure["end"]] == "£3m"


def test_a_list_to_read(article: str) -> None:
    assert ask(article) == (
        "No publication date: relative dates are left open.\n\nQuotes: 1\n"
        "  “We need a law by the end of 2021, and soon.” (Jane Doe, chair, Refuge UK)\n\nStatistics: 1\n"
        "  £3m = 3,000,000 £\n\nDeadlines: 1\n  by the end of 2021: … to 2021-12-31 (deadline)\n"
    )


@pytest.mark.parametrize(
    ("made", "words", "told"),
    [
        (None, [], "There is no file"),
        (b"\xff\xfe\x00", [], "is not text in UTF-8"),
        (b"a\0b", [], "holds a zero byte"),
        (b"text", ["--published", "3 September"], "“3 September” is not a date. Write it like 2020-09-03."),
        (b"text", ["--published", "2020-02-30"], "“2020-02-30” is not a date."),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, made: bytes | None, words: list[str], told: str) -> None:
    path = tmp_path / "article.txt"
    if made is not None:
        path.write_bytes(made)
    with pytest.raises(CommandError, match=told):
        ask(str(path), *words)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a file"):
        ask(str(tmp_path))
