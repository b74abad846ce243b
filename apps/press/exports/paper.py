"""A pack as a PDF, set by Typst: footnotes at the foot of their page, page numbers, links."""

import json
from datetime import UTC
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from apps.press.content import Edition
from apps.press.exports.lines import Block, blocks_of

TEMPLATE = Path(__file__).with_name("pack.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    own = files("font_source_sans_pro").joinpath("files")
    return typst.Fonts(font_paths=[str(own)], include_embedded_fonts=True)


def pdf(edition: Edition) -> bytes:
    made_at = edition.made_at.astimezone(UTC).replace(microsecond=0)  # Typst refuses them
    made = _compiler(edition).compile(format="pdf", timestamp=made_at)
    assert isinstance(made, bytes)
    return made


def pages(edition: Edition, *, ppi: float = 60) -> list[bytes]:
    """The same pages as PNG, to be looked at."""
    made: Any = _compiler(edition).compile(format="png", ppi=ppi)
    return list(made) if isinstance(made, list) else [made]


def _compiler(edition: Edition) -> typst.Compiler:
    return typst.Compiler(TEMPLATE, font_paths=_fonts(), sys_inputs={"pack": json.dumps(_data(edition))})


def _data(edition: Edition) -> dict[str, Any]:
    content = edition.content
    return {
        "title": content.title,
        "campaign": content.campaign,
        "known": content.known,
        "introduction": content.introduction,
        "by": edition.by,
        "foot": f"{content.title[:90]} · version {edition.number}",
        "line": edition.line,
        "url": edition.address,
        "blocks": [_block(block) for block in blocks_of(content)],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "number": block.number,
        "kicker": block.kicker,
        "headline": block.headline,
        "address": block.address,
        "lines": [
            {
                "style": line.style,
                "text": line.text,
                "footnotes": [{"text": note.cite.text, "url": note.cite.url} for note in line.footnotes],
            }
            for line in block.lines
        ],
    }
