"""The page that counts out when an answer is due."""

from datetime import date

import pytest

from apps.legislation.models import SittingBreak
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


def said(desk: Desk, who: str = "viewer", **asked: str) -> str:
    return " ".join(desk.get("clock", who=who, query=asked).content.decode().split())


def test_the_answer_is_counted_out(desk: Desk) -> None:
    page = said(desk, clock="ordinary", start="27 March 2024")
    assert "5 April 2024</h2>" in page
    assert "Not counted: Good Friday" in page
    assert "Days 2 to 5" in page
    assert "Erskine May, paragraph 22.4" in page


def test_whoever_adds_makes_it_a_milestone(desk: Desk) -> None:
    asked = {"clock": "consultation", "start": "8 April 2019"}
    assert "add/milestone/?date=2019-07-01" in said(desk, "volunteer", **asked)
    assert "Add it as a milestone" not in said(desk, "viewer", **asked)


def test_a_known_recess_moves_the_day_and_an_unknown_one_is_warned_of(desk: Desk) -> None:
    asked = {"clock": "negative-si", "start": "18 December 2023"}
    assert "26 January 2024</h2>" in said(desk, **asked)
    assert "No recess of the House of Lords is known here" in said(desk, **asked)
    for chamber in ("commons", "lords"):
        SittingBreak.objects.create(
            chamber=chamber,
            sort="recess",
            name="Christmas recess",
            first=date(2023, 12, 20),
            last=date(2024, 1, 7),
            source="https://example.org",
        )
    page = said(desk, **asked)
    assert "14 February 2024</h2>" in page
    assert "Not counted: Christmas recess" in page
    assert page.count("are known here only until 7 January 2024") == 2
    assert "known here" not in said(desk, clock="foi", start="18 December 2023")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"clock": "foi", "start": ""}, "Day it starts</a>: This field is required."),
        ({"clock": "foi", "start": "May 2024"}, "A clock starts on a day"),
        ({"clock": "foi", "start": "soon"}, "Day it starts</a>: "),
        ({"clock": "foi", "start": "30 December 9999"}, "Day it starts</a>: "),
        ({"clock": "tower", "start": "3 May 2024"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_counted_is_said(desk: Desk, asked: dict[str, str], sentence: str) -> None:
    assert sentence in said(desk, **asked)


def test_nothing_asked_is_nothing_wrong(desk: Desk) -> None:
    assert "cannot be counted" not in said(desk)
