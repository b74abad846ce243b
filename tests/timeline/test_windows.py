"""The stretch of time a picture shows: how it is read, moved and widened, and the axis it is drawn to."""

from datetime import date
from itertools import pairwise

import pytest
from django.http import QueryDict
from hypothesis import assume, example, given
from hypothesis import strategies as st

from apps.timeline.layout import SMALL, text_width
from apps.timeline.windows import (
    FIRST,
    LAST,
    NARROWEST,
    WIDEST,
    BadWindow,
    Scale,
    Tick,
    Window,
    around,
    between,
    clipped,
    fitted,
    read_window,
    within,
)

TODAY = date(2026, 3, 10)
FIT = Window(date(2019, 4, 1).toordinal(), date(2026, 6, 30).toordinal())
FINE, STRONG = SMALL - 1, 13.0
"""Font sizes of the axis's labels, as the stylesheet has them."""
BESIDE = 5
"""Pixels by which a label stands right of its line."""
MOST_TICKS = 400

days = st.integers(FIRST, LAST)
lengths = st.one_of(st.integers(NARROWEST, 60), st.integers(NARROWEST, 5_000), st.integers(NARROWEST, WIDEST))
windows = st.builds(lambda first, length: within(first, first + length - 1), days, lengths)
dates = days.map(date.fromordinal)
shares = st.floats(-4, 4, allow_nan=False)
factors = st.floats(0.001, 1_000)


def is_a_window(window: Window) -> bool:
    return FIRST <= window.first <= window.last <= LAST and NARROWEST <= window.days <= WIDEST


def named(first: str, last: str, fit: Window = FIT) -> tuple[date, date]:
    window = read_window({"from": first, "to": last}, fit=fit)
    return window.starts, window.ends


# --- Read from an address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2020-03-01", "2021-05-04", (date(2020, 3, 1), date(2021, 5, 4))),
        ("1 March 2020", "autumn 2020", (date(2020, 3, 1), date(2020, 11, 30))),
        ("2020", "2021", (date(2020, 1, 1), date(2021, 12, 31))),
        (
            "2021",
            "2020",
            (date(2020, 12, 31), date(2021, 1, 1)),
        ),  # upside down: from the ends that were meant
        ("2021-05-04", "2020-03-01", (date(2020, 3, 1), date(2021, 5, 4))),
        ("2020-03-01", "2020-03-01", (date(2020, 3, 1), date(2020, 3, 1))),
        ("0001-01-01", "0001-12-31", (date(1, 1, 1), date(1, 12, 31))),
        ("9998", "9998", (date(9998, 1, 1), date(9998, 12, 31))),
        ("by the end of 2020", "since 2021", (date(2020, 12, 31), date(2021, 1, 1))),
        ("  2020-03-01  ", "2021-05-04", (date(2020, 3, 1), date(2021, 5, 4))),
    ],
)
def test_the_ends_are_read_in_any_words(first: str, last: str, shown: tuple[date, date]) -> None:
    assert named(first, last) == shown


def test_an_end_that_is_missing_is_that_of_everything() -> None:
    assert read_window({}, fit=FIT) == FIT
    assert named("2020-03-01", "") == (date(2020, 3, 1), FIT.ends)
    assert named("", "2020-03-01") == (FIT.starts, date(2020, 3, 1))


def test_an_end_beyond_everything_shows_as_much_time_there() -> None:
    late = read_window({"from": "2040-01-01"}, fit=FIT)
    early = read_window({"to": "1990-12-31"}, fit=FIT)
    assert (late.starts, late.days) == (date(2040, 1, 1), FIT.days)
    assert (early.ends, early.days) == (date(1990, 12, 31), FIT.days)


def test_too_wide_a_window_keeps_its_middle() -> None:
    window = read_window({"from": "0001-01-01", "to": "9998-12-31"}, fit=FIT)
    assert window.days == WIDEST
    assert abs(window.middle - (FIRST + LAST) / 2) <= 1


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("tomorrow", "“tomorrow” depends on when it is read. Write the day, like 3 September 2020."),
        ("May", "“may” has no year. Write it like 3 September 2020."),
        ("0000", "Years have four digits and run from 0001 to 9998."),
        ("0000-01-01", "Years have four digits and run from 0001 to 9998."),
        ("9999", "Years have four digits and run from 0001 to 9998."),
        ("10000", "Years have four digits and run from 0001 to 9998."),
        ("-0044", "Years have four digits and run from 0001 to 9998."),
        ("2021-02-29", "February 2021 has 28 days."),
        ("\x00", "A window’s ends are dates, like 3 September 2020, autumn 2020 or 2021."),
        ("2020\x00", "A window’s ends are dates, like 3 September 2020, autumn 2020 or 2021."),
        ("x" * 500, "A window’s ends are dates, like 3 September 2020, autumn 2020 or 2021."),
    ],
)
@pytest.mark.parametrize("end", ["from", "to"])
def test_what_is_no_date_is_refused_with_a_sentence(end: str, typed: str, because: str) -> None:
    with pytest.raises(BadWindow) as refusal:
        read_window({end: typed}, fit=FIT)
    assert str(refusal.value).lower() == because.lower()


typings = st.one_of(
    st.text(max_size=60),
    st.text("0123456789-/.~?%X ", max_size=24),
    st.sampled_from(
        ["", "2020", "0000", "0001", "9998", "9999", "../2020", "2020/..", "202X", "1900s", "now"]
    ),
    dates.map(date.isoformat),
)


@given(typings, typings, windows)
@example("0001", "9998", Window(FIRST, FIRST))
@example("", "0001-01-01", Window(LAST, LAST))
@example("9998-12-31", "", Window(FIRST, FIRST))
def test_any_address_gives_a_window_or_a_sentence(first: str, last: str, fit: Window) -> None:
    address = QueryDict(mutable=True)
    address["from"], address["to"] = first, last
    try:
        window = read_window(address, fit=fit)
    except BadWindow as wrong:
        assert str(wrong).endswith((".", "2021/.."))
        assert len(str(wrong)) > 20
    else:
        assert is_a_window(window)


@given(windows)
def test_a_windows_own_address_names_it(window: Window) -> None:
    assert read_window(window.address, fit=FIT) == window


@given(windows)
def test_upside_down_is_turned_round(window: Window) -> None:
    ends = window.address
    assert read_window({"from": ends["to"], "to": ends["from"]}, fit=FIT) == window


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (between(date(2020, 3, 1), date(2021, 5, 4)), "1 March 2020 to 4 May 2021"),
        (between(date(2020, 3, 1), date(2020, 3, 1)), "1 March 2020"),
    ],
)
def test_a_window_says_its_days(window: Window, words: str) -> None:
    assert window.words == words


# --- Moved, zoomed, widened -------------------------------------------------------------------------------


@given(dates, dates)
def test_between_two_days_whichever_is_the_earlier(one: date, other: date) -> None:
    window = between(one, other)
    assert is_a_window(window)
    assert window == between(other, one)
    if abs((one - other).days) < WIDEST:
        assert (window.starts, window.ends) == (min(one, other), max(one, other))


@given(windows, shares)
def test_moved_it_is_as_long_and_inside_the_calendar(window: Window, share: float) -> None:
    moved = window.moved(share)
    assert is_a_window(moved)
    assert moved.days == window.days
    if share == 0:
        assert moved == window
    elif moved.first > FIRST and moved.last < LAST:
        assert abs(moved.first - window.first - share * window.days) <= 1
        assert (moved.first > window.first) == (share > 0)


@given(windows)
def test_there_and_back_is_where_it_was(window: Window) -> None:
    assume(FIRST + window.days < window.first and window.last < LAST - window.days)
    assert window.later.earlier == window.earlier.later == window
    assert window.earlier < window < window.later


@given(windows, factors, st.floats(0, 1))
def test_zoomed_the_day_under_the_pointer_stays_there(window: Window, factor: float, at: float) -> None:
    pointed = window.first + at * (window.days - 1)
    zoomed = window.zoomed(factor, pointed)
    assert is_a_window(zoomed)
    assert zoomed.days == min(WIDEST, max(NARROWEST, round(window.days * factor)))
    if zoomed.first > FIRST and zoomed.last < LAST:
        before = Scale(window, 1_000).x(pointed + 0.5)
        after = Scale(zoomed, 1_000)
        assert abs(after.x(pointed + 0.5) - before) <= after.per_day + 0.02


@given(windows)
def test_narrower_and_wider_keep_the_middle(window: Window) -> None:
    for zoomed in (window.narrower, window.wider):
        assert is_a_window(zoomed)
        if zoomed.first > FIRST and zoomed.last < LAST:
            assert abs(zoomed.middle - window.middle) <= 1
    assert window.narrower.days == max(NARROWEST, round(window.days / 2))
    assert window.wider.days == min(WIDEST, window.days * 2)


@given(windows, st.floats(0, 4))
def test_widened_it_holds_itself_and_ends_with_the_calendar(window: Window, share: float) -> None:
    wide, more = window.widened(share), round(share * window.days)
    assert wide == clipped(window.first - more, window.last + more)
    assert FIRST <= wide.first <= window.first <= window.last <= wide.last <= LAST


@given(st.none() | dates, st.none() | dates, dates)
def test_fitted_it_shows_all_that_a_window_can_show(
    one: date | None, other: date | None, today: date
) -> None:
    first, last = (min(one, other), max(one, other)) if one and other else (one, other)
    window = fitted(first, last, today=today)
    assert is_a_window(window)
    if first is None or last is None:
        assert window == around(today)
        return
    whole = (last - first).days
    if whole * 1.09 < WIDEST:
        assert window.first <= first.toordinal() <= last.toordinal() <= window.last
    else:
        shown = min(max(today, first), last).toordinal()
        assert whole < WIDEST or window.first <= shown <= window.last


def test_one_entry_of_another_age_does_not_hide_the_rest() -> None:
    window = fitted(date(202, 3, 1), date(2026, 6, 20), today=TODAY)
    assert window.first < TODAY.toordinal() < date(2026, 6, 20).toordinal() <= window.last


@given(dates)
def test_around_a_day_it_stands_in_the_middle(day: date) -> None:
    window = around(day)
    assert window.days == 366
    assert window.first <= day.toordinal() <= window.last
    if window.first > FIRST and window.last < LAST:
        assert abs(window.middle - day.toordinal()) <= 1


# --- The scale --------------------------------------------------------------------------------------------

widths = st.integers(280, 2_600)


def ticks_of(window: Window, width: float) -> tuple[list[Tick], Window]:
    drawn = window.widened(1)
    return Scale(window, width).ticks(drawn), drawn


def overlaps(ticks: list[Tick], size: float, *, bold: bool) -> list[tuple[str, str]]:
    """Pairs of labels of which the one runs into the next."""
    labelled = sorted((tick for tick in ticks if tick.label), key=lambda tick: tick.day)
    return [
        (one.label, other.label)
        for one, other in pairwise(labelled)
        if one.x + BESIDE + text_width(one.label, size, bold=bold) > other.x
    ]


@given(windows, widths)
@example(between(date(2026, 8, 1), date(2026, 10, 30)), 400)
@example(between(date(2026, 8, 1), date(2026, 10, 30)), 364)
@example(Window(FIRST, FIRST), 280)
@example(Window(LAST, LAST), 2_600)
@example(within(FIRST, FIRST + WIDEST), 280)
@example(within(LAST - WIDEST, LAST), 2_600)
def test_labels_of_the_axis_never_run_into_one_another(window: Window, width: int) -> None:
    ticks, _ = ticks_of(window, width)
    fine = [tick for tick in ticks if not tick.strong]
    strong = [tick for tick in ticks if tick.strong]
    assert overlaps(fine, FINE, bold=False) == []
    assert overlaps(strong, STRONG, bold=True) == []


@given(st.integers(280, 2_600), st.floats(1, 140), st.integers(1, 4_000))
def test_labels_keep_apart_at_every_step_between_days_and_years(
    width: int, per_day: float, year: int
) -> None:
    """The windows of which days, weeks and months are the steps, each as likely as the others."""
    start = date(year, 1 + year % 12, 1).toordinal()
    window = within(start, start + max(1, round(width / per_day)) - 1)
    ticks, _ = ticks_of(window, width)
    assert overlaps([tick for tick in ticks if not tick.strong], FINE, bold=False) == []
    assert overlaps([tick for tick in ticks if tick.strong], STRONG, bold=True) == []


@given(windows, widths)
def test_the_axis_has_few_ticks_each_on_a_day_of_its_own(window: Window, width: int) -> None:
    scale = Scale(window, width)
    ticks, drawn = ticks_of(window, width)
    assert len({tick.day for tick in ticks}) == len(ticks) < MOST_TICKS
    assert all(FIRST <= tick.day <= drawn.last for tick in ticks)
    assert [tick.x for tick in ticks] == [scale.x(tick.day) for tick in ticks]
    for strong in (True, False):  # of each sort, one at most began before what is drawn
        assert sum(tick.day < drawn.first for tick in ticks if tick.strong == strong) <= 1


@given(windows, widths)
def test_the_axis_always_has_a_tick_to_tell_the_time_by(window: Window, width: int) -> None:
    ticks, drawn = ticks_of(window, width)
    assert min(tick.day for tick in ticks) <= drawn.first
    assert any(tick.label for tick in ticks)


@pytest.mark.parametrize(
    ("first", "last", "fine", "strong"),
    [
        (date(2026, 3, 1), date(2026, 3, 20), ["2", "3", "4"], ["March 2026"]),
        (date(2026, 3, 1), date(2026, 5, 20), ["2", "9", "16"], ["March 2026", "April 2026", "May 2026"]),
        (date(2026, 1, 1), date(2026, 12, 31), ["Feb", "Mar", "Apr"], ["2026"]),
        (date(2024, 1, 1), date(2026, 12, 31), ["Apr", "Jul", "Oct"], ["2024", "2025", "2026"]),
        (date(2017, 1, 1), date(2026, 12, 31), ["2017", "2018", "2019"], ["2020"]),
        (date(1, 1, 1), date(30, 12, 31), ["2", "4", "6"], ["1", "10", "20", "30"]),
    ],
)
def test_steps_suit_the_window(first: date, last: date, fine: list[str], strong: list[str]) -> None:
    ticks = Scale(between(first, last), 700).ticks(between(first, last))
    inside = [tick for tick in ticks if tick.day >= first.toordinal() and tick.label]
    assert [tick.label for tick in inside if tick.strong] == strong
    assert [tick.label for tick in inside if not tick.strong][:3] == fine


def test_the_first_of_each_stretch_is_where_it_begins() -> None:
    march = between(date(2026, 3, 1), date(2026, 3, 31))
    strong = [date.fromordinal(tick.day) for tick in Scale(march, 900).ticks(march.widened(1)) if tick.strong]
    assert strong == [
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
        date(2026, 4, 1),
        date(2026, 5, 1),
    ]
    weeks = between(date(2026, 3, 1), date(2026, 6, 30))
    fine = [tick for tick in Scale(weeks, 700).ticks(weeks) if not tick.strong]
    assert {date.fromordinal(tick.day).weekday() for tick in fine} == {0}


def test_no_label_of_the_axis_is_cut_by_an_edge_and_the_first_stretch_is_named() -> None:
    phone = between(date(2019, 1, 31), date(2024, 1, 1))
    strong = [tick for tick in Scale(phone, 358).ticks(phone) if tick.strong]
    assert [(tick.label, round(tick.x + tick.label_x)) for tick in strong] == [("2010s", 5), ("2020", 72)]
    days = between(date(2026, 6, 28), date(2028, 1, 22))
    ticks = Scale(days, 1_016).ticks(days)
    assert [tick.label for tick in ticks if tick.strong] == ["2026", "2027", ""]
    midsummer = between(date(2020, 7, 19), date(2023, 12, 11))
    fine = [tick for tick in Scale(midsummer, 1_016).ticks(midsummer) if not tick.strong]
    assert [tick.label for tick in fine][:2] == ["", "Oct"]
