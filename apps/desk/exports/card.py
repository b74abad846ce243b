"""The image that a link to a public campaign shows elsewhere: its name, how it stands, and its milestones."""

from html import escape

from apps.desk.exports.drawing import STYLE, SVG, Drawing
from apps.desk.exports.said import clean
from apps.timeline.layout import text_width

WIDTH, HEIGHT = 1_200, 630
"""Pixels, as those who show such images ask for."""
EDGE = 56
PICTURE_HEIGHT = 260
"""Pixels: the axis and five rows of milestones."""
NAME, SENTENCE, SMALL = 58, 34, 24
"""Font sizes in pixels."""


def card(name: str, sentence: str, picture: Drawing) -> Drawing:
    lines = wrapped(name, NAME, most=2, bold=True)
    y = EDGE + NAME - 8
    parts = []
    for line in lines:
        parts.append(_line(line, y, NAME, bold=True))
        y += round(NAME * 1.12)
    y += 4
    room = (HEIGHT - EDGE - PICTURE_HEIGHT - 24 - y) // round(SENTENCE * 1.3) + 1
    for line in wrapped(sentence, SENTENCE, most=max(1, min(3, room))):
        parts.append(_line(line, y, SENTENCE))
        y += round(SENTENCE * 1.3)
    width = WIDTH - 2 * EDGE
    top = HEIGHT - PICTURE_HEIGHT - EDGE - 8
    markup = (
        f'<svg xmlns="{SVG}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"<style>{STYLE}</style>"
        f'<rect class="backing" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<rect width="{WIDTH}" height="12" fill="#1a1a1a"/>'
        f'{"".join(parts)}<svg x="{EDGE}" y="{top}" width="{width}" height="{PICTURE_HEIGHT}" '
        f'viewBox="0 0 {picture.width} {picture.width * PICTURE_HEIGHT / width}" '
        f'preserveAspectRatio="xMinYMin slice">{picture.markup}</svg>'
        f"{_line('◆ Campaign Tracker', HEIGHT - 28, SMALL)}</svg>"
    )
    return Drawing(markup, WIDTH, HEIGHT, name, sentence)


def _line(text: str, y: float, size: int, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{EDGE}" y="{y}" style="font-size:{size}px"{weight}>{escape(clean(text))}</text>'


def wrapped(text: str, size: int, *, most: int, bold: bool = False) -> list[str]:
    """The text in at most so many lines of the card's width; an ellipsis ends what did not fit."""
    room = WIDTH - 2 * EDGE
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] += "…"
            break
    return [_cut(line, size, room, bold=bold) for line in lines if line]


def _cut(line: str, size: int, room: float, *, bold: bool) -> str:
    """A line of one endless word, cut where it would leave the card."""
    if text_width(line, size, bold=bold) <= room:
        return line
    while line and text_width(f"{line}…", size, bold=bold) > room:
        line = line[:-1]
    return f"{line}…"
