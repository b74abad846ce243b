"""Marks, columns and ticks as SVG. Written here and not by a template: a picture has hundreds, and a template
takes ten times as long for each. All that people typed goes through `escape`."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from apps.timeline.layout import Bar, Column, Lane, Mark, Placed
from apps.timeline.models import Kind
from apps.timeline.windows import Tick, Window

SHAPES = {
    Kind.MILESTONE: '<path class="shape" d="M0-8 8 0 0 8-8 0Z"/>',
    Kind.STATISTIC: '<circle class="shape" r="5.5"/>',
    Kind.QUOTE: '<path class="shape" d="M-1-7H9L6-3 9 1H1V8H-1Z"/>',
    Kind.UPDATE: '<path class="shape" d="M-7-1.5H7V1.5H-7Z"/>',
}
MET, ENDED = "M-3.5 0-1 2.8 3.5-2.5", "M-3-3 3 3M-3 3 3-3"
ENDS = ' text-anchor="end"'


def draw_mark(placed: Placed) -> SafeString:
    """The link that stands for one entry: its ground, bars, slip, shape and texts.

    `data-day`, `data-from`, `data-days` and `data-at` are what the script places it by as the window moves.
    """
    mark = placed.mark
    parts = [_opening(placed), _rect(placed.ground)]
    parts += [_bar(bar) for bar in placed.bars]
    if mark.trail:
        parts += _slip(placed)
    parts.append(SHAPES[Kind(mark.kind)])
    if mark.kind == Kind.MILESTONE and mark.outcome != "upcoming":
        parts.append(f'<path class="sign" d="{MET if mark.outcome == "met" else ENDED}"/>')
    if mark.about:
        parts.append('<text class="about" x="-9" y="4" text-anchor="end">~</text>')
    parts += [*_texts(placed), "</a>"]
    return mark_safe("".join(parts))  # noqa: S308  # every text in it is escaped


def draw_columns(lane: Lane, query: str) -> SafeString:
    """The links that stand for what a lane counts, each to its days, growing upwards from their common foot.
    `query` is the rest of their address, encoded."""
    if not lane.columns:
        return mark_safe("")  # nothing typed is in it
    foot = round(lane.columns[0].y + lane.columns[0].height, 2)
    start = escape(f"?{query}&" if query else "?")
    drawn = []
    for column in lane.columns:
        address, days, words = _stretch(column.window)
        drawn.append(
            f'<a class="column" href="{start}{address}" tabindex="-1" {days}'
            f' aria-label="{escape(lane.counted(column.count))}, {words}: show closer">'
            f'<rect x="{column.x}" width="{column.width}" height="{column.height}"/></a>'
        )
    upwards = f'<g transform="matrix(1 0 0 -1 0 {foot})">{"".join(drawn)}</g>'
    return mark_safe(upwards)  # noqa: S308  # the lane's name and the query are escaped


@lru_cache(maxsize=8_192)
def _stretch(window: Window) -> tuple[str, str, str]:
    """What every column over these days says of them: the end of its address, its attributes, its words."""
    address = f"from={window.starts}&amp;to={window.ends}"
    return address, f'data-day="{window.first}" data-until="{window.after}"', window.words


def draw_tick(tick: Tick, height: float) -> SafeString:
    """The line on which a stretch of the axis begins, down the whole picture, and the stretch's name."""
    role, top, foot = ("tick strong", 22, 34) if tick.strong else ("tick", 44, 51)
    label = f'<text x="{tick.label_x}" y="{foot}">{escape(tick.label)}</text>' if tick.label else ""
    drawn = (
        f'<g class="{role}" data-day="{tick.day}" transform="translate({tick.x} 0)">'
        f'<line y1="{top}" y2="{height}"/>{label}</g>'
    )
    return mark_safe(drawn)  # noqa: S308  # its label is escaped


def outline(columns: Iterable[Column]) -> str:
    """The columns as one path, for where none is a thing by itself."""
    return "".join(f"M{each.x} {each.y}h{each.width}v{each.height}h-{each.width}Z" for each in columns)


def _opening(placed: Placed) -> str:
    mark = placed.mark
    names = [
        "item",
        mark.kind,
        mark.outcome,
        "behind" if mark.late else "",
        "restricted" if mark.hidden else "",
    ]
    said = {
        "class": " ".join(filter(None, names)),
        "id": f"m{mark.pk}",
        "href": mark.address,
        "tabindex": "-1",
        "data-pk": mark.pk,
        "data-day": mark.at,
        **({"data-move": mark.move, "data-date": mark.date} if mark.move else {}),
        **({"data-links": " ".join(map(str, mark.links))} if mark.links else {}),
        "transform": f"translate({placed.x} {placed.y})",
        "aria-label": mark.name,
    }
    return f"<a {_attributes(said)}>"


def _attributes(values: dict[str, object]) -> str:
    return " ".join(f'{name}="{escape(str(value))}"' for name, value in values.items())


def _rect(bar: Bar) -> str:
    return f'<rect class="{bar.role}" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"/>'


def _bar(bar: Bar) -> str:
    return (
        f'<rect class="{bar.role}" data-from="{bar.from_day}" data-days="{bar.days}" x="{bar.x}" y="{bar.y}"'
        f' width="{bar.width}" height="{bar.height}"/>'
    )


def _slip(placed: Placed) -> list[str]:
    slip, (first, *moved) = placed.slip, placed.stops
    assert slip is not None
    days = f'data-from="{slip.from_day}" data-days="{slip.days}"'
    return [
        f'<line class="slip" {days} x1="{slip.x}" x2="{slip.end}"/>',
        _stop("first", first, "M0-6 6 0 0 6-6 0Z"),
        *(_stop("moved", stop, "M0-5V5") for stop in moved),
    ]


def _stop(role: str, stop: Bar, shape: str) -> str:
    return f'<path class="{role}" data-at="{stop.from_day}" transform="translate({stop.x} 0)" d="{shape}"/>'


def _texts(placed: Placed) -> list[str]:
    mark, texts = placed.mark, placed.texts
    return [
        _text("said", texts.words, texts.words_x, texts.words_y, ends=texts.ends),
        _text("label", texts.label, texts.label_x, texts.label_y, ends=texts.ends and _beside(mark)),
    ]


def _beside(mark: Mark) -> bool:
    """A milestone's headline stands below its line, and begins where it was put."""
    return mark.kind != Kind.MILESTONE


def _text(role: str, words: str, x: float, y: float, *, ends: bool) -> str:
    if not words:
        return ""
    return f'<text class="{role}" x="{x:.2f}" y="{y:.2f}"{ENDS if ends else ""}>{escape(words)}</text>'
