"""One article, read whole: a subheading within a quote, "He said", a sum that adds up, and time phrases."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.intake.extraction import Extraction, extract

ARTICLE = json.loads((Path(__file__).parent / "texts" / "regional-offences.json").read_text(encoding="utf-8"))
TEXT = ARTICLE["text"]


@pytest.fixture(scope="module")
def found() -> Extraction:
    return extract(TEXT, date(2022, 2, 10))


def test_quotes_have_their_speakers_and_roles(found: Extraction) -> None:
    assert [(quote.speaker, quote.role, quote.organisation) for quote in found.quotes] == [
        ("Petra Hollins", "Head of Rural Campaigns", "Clean Lanes Trust"),
        ("Colin Abara", "Head of environment and streets", "Fenmoor Council, Superintendent Ranger"),
    ]


def test_a_subheading_stays_out_of_the_parts(found: Extraction) -> None:
    first, second = found.quotes
    assert ["Urgent" in TEXT[part.start : part.end] for part in first.parts] == [False, False]
    assert TEXT[first.start : first.end].startswith("These figures show")
    assert TEXT[first.start : first.end].endswith("let it happen.")
    assert second.parts == ()


def test_the_sum_is_shown(found: Extraction) -> None:
    checks = [figure.check for figure in found.statistics if figure.check]
    assert [(check.verdict, check.working) for check in checks] == [
        ("consistent", "1,284 vs 709 → (1,284 − 709) / 709 = +81.1%, stated 81%")
    ]


def test_figures_have_their_periods(found: Extraction) -> None:
    said = {
        TEXT[one.start : one.end]: (one.value, one.unit, one.period, one.area) for one in found.statistics
    }
    assert said["1,284"] == (1284, "cases", "2020/21", "Fenmoor")
    assert said["709"] == (709, "cases", "2019/20", "Fenmoor")


def test_time_phrases_have_their_days(found: Extraction) -> None:
    assert [
        (TEXT[one.start : one.end], one.date_earliest, one.date_latest, one.kind) for one in found.deadlines
    ] == [
        ("before the end of the month", None, date(2022, 2, 28), "deadline"),
        ("by the end of 2023", None, date(2023, 12, 31), "deadline"),
        ("nearly 14 months since", date(2020, 12, 10), date(2021, 1, 9), "elapsed"),
        ("this spring", date(2022, 3, 1), date(2022, 5, 31), "deadline"),
    ]


def test_without_a_date_it_asks_and_does_not_guess() -> None:
    undated = extract(TEXT)
    asked: list[Any] = [
        (one.date_earliest, one.date_latest) for one in undated.deadlines if one.needs_published
    ]
    assert undated.published is None
    assert asked == [(None, None)] * 3
