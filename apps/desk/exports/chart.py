"""The chart of a series as an SVG: drawn by Vega-Lite, described in words, in the site's own colours.

Honest by construction: figures stand over zero, at the time they are for and as wide as their period; a new
method ends the line and is marked in words; what was revised is not drawn beside what stands.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from apps.desk.exports.drawing import SVG, policy_of, text_element
from apps.desk.exports.said import clean
from apps.desk.newer import covered
from apps.desk.phrases import amount
from apps.evidence.arithmetic import Claim, Number, change_in_words
from apps.evidence.figures import CURRENCIES, long, plain
from apps.evidence.models import Series, Statistic
from apps.evidence.series import ends, period_of

STYLE = Path(__file__).with_name("chart.css").read_text()
POLICY = policy_of(STYLE)
WIDTHS = (300, 1_200)
USUAL_WIDTH, HEIGHT = 680, 260
PAPER, INK, GREY, RULE, STATISTIC = "#ffffff", "#1a1a1a", "#595959", "#d4d4d4", "#12436d"
MOST_BARS = 16
LETTER = 6.6
"""Pixels that a letter takes."""
SCALES = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))

Json = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """What is drawn, in words and as a file."""

    title: str
    description: str
    file: str


def chart(series: Series, figures: Sequence[Statistic], *, width: int = USUAL_WIDTH) -> Chart:
    """Of the figures that stand, in order; at least one."""
    title, description = series.name, described(figures)
    drawn = _drawn(json.dumps(spec(figures, width=width), sort_keys=True))
    return Chart(title, description, _alone(drawn, title=title, description=description))


# --- In words ---------------------------------------------------------------------------------------------


def described(figures: Sequence[Statistic]) -> str:
    """First, last, least, most and change: what the picture shows, for whoever does not see it."""
    first, last = figures[0], figures[-1]
    if len(figures) == 1:
        return f"One figure: {_for(first)}."
    low, high = min(figures, key=_value), max(figures, key=_value)
    said = [
        f"{len(figures)} figures, from {_for(first)} to {_for(last)}",
        f"The lowest is {_for(low)}, the highest {_for(high)}"
        if low.figure != high.figure
        else "All are the same",
        change_between(first, last, figures),
    ]
    breaks = [row for row in figures[1:] if row.is_break()]
    said += [f"A new method begins with {_below(row)}: {row.break_because}" for row in breaks[:5]]
    return ". ".join(part.rstrip(".") for part in said if part) + "."


def change_between(first: Statistic, last: Statistic, figures: Sequence[Statistic]) -> str:
    """From the first figure to the last, where one method counted both."""
    if any(row.is_break() for row in figures[1:]):
        return "First and last are counted by different methods, so no change between them is given"
    sort = "points" if last.unit == "%" else "percent"
    if sort == "percent" and first.figure <= 0:
        return ""
    step = Decimal(1) if sort == "percent" else 10 * min(first.figure_step, last.figure_step)
    claim = Claim(Number(last.figure), Number(first.figure), Number(Decimal(0), step), last.unit, sort)
    return f"From first to last: {change_in_words(claim)}"


def _for(row: Statistic) -> str:
    return f"{amount(row)} ({covered(row)})"


def _value(row: Statistic) -> Decimal:
    return row.figure


# --- As Vega-Lite -----------------------------------------------------------------------------------------


def spec(figures: Sequence[Statistic], *, width: int) -> Json:
    """https://vega.github.io/vega-lite/docs/. All that people typed stands in `values`, which hold no
    expressions."""
    by, power = _scale_of(figures)
    bars = len(figures) <= MOST_BARS and all(_has_ends(row) for row in figures)
    values = [_point(row, by) for row in figures]
    longest = max(len(each["covers"]) for each in values) + 2
    every = max(1, ceil(len(figures) * longest * LETTER / (width - 60)))
    named = {figures.index(pick(figures, key=_value)) for pick in (min, max)} | {0, len(figures) - 1}
    segment = 0
    for number, value in enumerate(values):
        shown = (len(figures) - 1 - number) % every == 0
        value["covers"] = value["covers"] if shown else ""
        value["said"] = value["said"] if (shown if bars else number in named) else ""
        value["break"] = value["break"] if number else ""
        segment += bool(value["break"])
        value["segment"] = segment
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": HEIGHT,
        "padding": {"left": 4, "right": 12 if bars else 28, "top": 24, "bottom": 28},
        "autosize": {"type": "fit", "contains": "padding"},
        "background": PAPER,
        "config": _config(),
        "data": {"values": values},
        "encoding": {"y": _up(figures[-1].unit, power), "x": _along(values, bars=bars)},
        "layer": [*(_bars() if bars else _line()), *_words(), *_breaks(values)],
    }


def _has_ends(row: Statistic) -> bool:
    start, end = period_of(row)
    return bool(row.period and start and end and end > start)


def _scale_of(figures: Sequence[Statistic]) -> tuple[Decimal, str]:
    most = max(abs(row.figure) for row in figures)
    return next(((by, word) for by, word in SCALES if most >= by), (Decimal(1), ""))


def _point(row: Statistic, by: Decimal) -> Json:
    start, end = period_of(row)
    first, last = start or ends(row), end or ends(row)
    return {
        "start": first.isoformat(),
        "end": (min(last, date.max - timedelta(1)) + timedelta(1)).isoformat(),
        "middle": (first + (last - first) / 2).isoformat(),
        "value": float(row.figure / by),
        "said": long(row.figure, row.figure_step) if by == 1 else plain(row.figure / by),
        "covers": _below(row),
        "break": "new method" if row.is_break() else "",
    }


def _below(row: Statistic) -> str:
    """What a figure is for, in few letters: "2019/20", "Oct 2009"."""
    if not row.period and row.entry.earliest and row.entry.earliest == row.entry.latest:
        return f"{row.entry.earliest:%b} {row.entry.earliest.year}"
    return covered(row).removeprefix("as of ")


def _up(unit: str, power: str) -> Json:
    title = " ".join(part for part in (unit if unit in CURRENCIES else "", power) if part)
    title = title if unit in CURRENCIES else " ".join(part for part in (power, unit) if part)
    axis = {"title": title or None, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end"}
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": True, "nice": True},
        "axis": axis | {"titleX": 0, "titleY": -14, "tickCount": 4, "format": ",~f"},
    }


def _along(values: list[Json], *, bars: bool) -> Json:
    starts, ends_ = min(each["start"] for each in values), max(each["end"] for each in values)
    return {
        "field": "start" if bars else "middle",
        "type": "temporal",
        "scale": {"domain": [starts, ends_], "type": "utc", "padding": 0 if bars else 24},
        "axis": {"labels": False, "ticks": False, "title": None, "grid": False},
    }


def _bars() -> list[Json]:
    mark = {"type": "bar", "color": STATISTIC, "stroke": PAPER, "strokeWidth": 2, "clip": True}
    return [{"mark": mark, "encoding": {"x2": {"field": "end"}, "y2": {"datum": 0}}}]


def _line() -> list[Json]:
    joined = {"detail": {"field": "segment", "type": "ordinal"}}
    return [
        {"mark": {"type": "line", "color": STATISTIC, "strokeWidth": 2}, "encoding": joined},
        {"mark": {"type": "point", "color": STATISTIC, "fill": STATISTIC, "filled": True, "size": 45}},
    ]


_SIGNS = tuple([{"filter": {"field": "value", side: 0}}] for side in ("gte", "lt"))


def _words() -> list[Json]:
    middle = {"x": {"field": "middle", "type": "temporal"}}
    over = {"type": "text", "dy": -9, "color": INK, "fontSize": 13, "fontWeight": "bold"}
    below = {"type": "text", "baseline": "top", "color": GREY, "fontSize": 12}
    return [
        {"transform": _SIGNS[0], "mark": over, "encoding": middle | {"text": {"field": "said"}}},
        {
            "transform": _SIGNS[1],
            "mark": over,
            "encoding": middle | {"text": {"field": "said"}, "y": {"datum": 0}},
        },
        {
            "mark": below,
            "encoding": middle
            | {"text": {"field": "covers"}, "y": {"value": "height"}, "yOffset": {"value": 8}},
        },
    ]


def _breaks(values: list[Json]) -> list[Json]:
    """A dashed line before each figure that begins a new method, and what it means in words."""
    if not any(each["break"] for each in values):
        return []
    only = [{"filter": {"field": "break", "equal": "new method"}}]
    at = {"x": {"field": "start", "type": "temporal"}}
    rule = {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.5}
    text = {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "color": INK, "fontSize": 12}
    return [
        {"transform": only, "mark": rule, "encoding": at | {"y": {"value": -8}, "y2": {"value": "height"}}},
        {"transform": only, "mark": text, "encoding": at | {"y": {"value": -4}, "text": {"field": "break"}}},
    ]


def _config() -> Json:
    return {
        "view": {"stroke": None},
        "font": "system-ui, sans-serif",
        "axis": {
            "gridColor": RULE,
            "domainColor": INK,
            "tickColor": RULE,
            "labelColor": GREY,
            "titleColor": GREY,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
    }


# --- As a file --------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _drawn(asked: str) -> str:
    """What Vega-Lite makes of a spec; the same for the same, whoever asks. The library is loaded when a chart
    is first drawn: it takes a second and some 70 MB."""
    import vl_convert  # noqa: PLC0415

    return vl_convert.vegalite_to_svg(json.loads(asked), allowed_base_urls=[])


def _alone(drawn: str, *, title: str, description: str) -> str:
    """With a title, a description and colours for dark and print; no roles within, for it is one image."""
    root = ElementTree.fromstring(clean(drawn))  # noqa: S314  # written by the library, every text escaped
    for element in root.iter():
        for name in [name for name in element.attrib if name == "role" or name.startswith("aria-")]:
            del element.attrib[name]
    root.set("role", "img")
    for place, (tag, text) in enumerate((("title", title), ("desc", description), ("style", STYLE))):
        root.insert(place, text_element(tag, text))
    assert root.tag == f"{{{SVG}}}svg"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'
