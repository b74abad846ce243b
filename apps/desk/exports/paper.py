"""Drawings as PNG and PDF, made by Typst, which brings all it needs in one wheel.

Texts are set in Source Sans Pro, which comes as a package too; what it lacks (Chinese, emoji) in whatever
fonts the machine has.
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files

import typst

from apps.desk.exports.drawing import Drawing

_POINTS = 72
"""To the inch: at this many pixels to the inch, a point is a pixel."""

_SHEET = b"""
#set page(width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt, margin: 0pt)
#image(bytes(sys.inputs.drawing), format: "svg", width: 100%, height: 100%)
"""
_A4 = b"""
#set document(title: sys.inputs.title)
#set text(font: "Source Sans Pro", size: 9pt, lang: "en", region: "GB", fill: rgb("#1a1a1a"))
#set page(paper: "a4", flipped: true, margin: 12mm)
#grid(
  columns: 100%, rows: (auto, 1fr, auto), row-gutter: 4mm,
  heading(level: 1, text(size: 15pt, sys.inputs.title)),
  image(
    bytes(sys.inputs.drawing), format: "svg", width: 100%, height: 100%, fit: "contain",
    alt: sys.inputs.description,
  ),
  text(fill: rgb("#595959"), sys.inputs.foot),
)
"""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    own = files("font_source_sans_pro").joinpath("files")
    return typst.Fonts(font_paths=[str(own)], include_embedded_fonts=False)


def png(drawing: Drawing, *, scale: int = 2) -> bytes:
    """As many pixels to each of the drawing's own."""
    inputs = {"drawing": drawing.markup, "width": str(drawing.width), "height": str(drawing.height)}
    made = _compiler(_SHEET, inputs).compile(format="png", ppi=scale * _POINTS)
    assert isinstance(made, bytes)
    return made


def pdf(drawing: Drawing, *, foot: str, day: date) -> bytes:
    """One A4 page, landscape: the title, the drawing as large as it goes, and a line at the foot. `day` is
    the one it is dated, so that the same drawing makes the same file."""
    inputs = {
        "drawing": drawing.markup,
        "title": drawing.title,
        "description": drawing.description,
        "foot": foot,
    }
    made = _compiler(_A4, inputs).compile(format="pdf", timestamp=datetime.combine(day, time(), UTC))
    assert isinstance(made, bytes)
    return made


def _compiler(source: bytes, inputs: dict[str, str]) -> typst.Compiler:
    return typst.Compiler(source, font_paths=_fonts(), sys_inputs=inputs)
