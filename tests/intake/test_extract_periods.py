"""Of when a figure is: not of since when, nor of when the figure is that it is held against."""

from datetime import date

import pytest

from apps.intake.extraction import extract


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("There were 612 deaths, the lowest since 1974.", {"612": None}),
        ("In 2020 there were 612 deaths, the worst since 1974.", {"612": "2020"}),
        ("There were 612 deaths, the most since records began in 1974.", {"612": None}),
        ("Last year it said that 1,200 libraries had closed since 2010.", {"1,200": None}),
        ("There were 612 deaths, up from 540 in 2018.", {"612": None, "540": "2018"}),
        ("There were 612 deaths, up from 540 the year before.", {"612": None, "540": "the year before"}),
        ("There were 612 deaths in 2020, up from 540 in 2018.", {"612": "2020", "540": "2018"}),
        ("In 2020 there were 612 deaths, up from 540 in 2018.", {"612": "2020", "540": "2018"}),
        ("Deaths rose from 540 in 2018 to 612.", {"540": "2018", "612": None}),
        ("Deaths rose by 12% on 2018.", {"12%": "2018"}),
        ("Police logged 612 offences and made 40 arrests in 2020.", {"612": "2020", "40": "2020"}),
        ("Of 1,200 people asked in 2020, 54 per cent agreed.", {"1,200": "2020", "54 per cent": "2020"}),
    ],
)
def test_a_figure_has_its_own_period(text: str, periods: dict[str, str | None]) -> None:
    found = {text[one.start : one.end]: one.period for one in extract(text, date(2021, 3, 5)).statistics}
    assert found == periods
