"""When a text says that it was published itself; what else was or must be published is no dateline."""

from datetime import date

import pytest

from apps.intake.extraction import extract

DAY = date(2027, 5, 3)


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Published 3 May 2027\n\nThe law must be in force by autumn.", DAY),
        ("Last updated: 3 May 2027\n\nThe law must be in force by autumn.", DAY),
        ("This article was first published on 3 May 2027\n\nThe law is late.", DAY),
        ("By Ann Smith | Published on 3 May 2027\n\nThe law is late.", DAY),
        ("3 May 2027\n\nThe law is late.", DAY),
        ("The response to the consultation must be published by 3 May 2027.", None),
        ("The White Paper was published on 3 May 2027, and no law has followed it by now.", None),
        ("The report, published on 3 May 2027, says that no more than a few of them will be there.", None),
    ],
)
def test_only_a_label_is_a_dateline(text: str, published: date | None) -> None:
    assert extract(text).published == published


def test_what_must_be_published_by_a_day_is_a_deadline() -> None:
    text = "The response to the consultation must be published by 31 October 2027."
    [found] = extract(text).deadlines
    assert (text[found.start : found.end], found.date_latest) == ("by 31 October 2027", date(2027, 10, 31))
