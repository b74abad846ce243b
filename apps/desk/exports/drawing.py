"""The picture of a timeline as an SVG that stands by itself: its own colours, whole addresses, no script."""

import base64
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from apps.desk.exports.said import clean
from apps.timeline.layout import Lane, Picture
from apps.timeline.windows import Window

SVG = "http://www.w3.org/2000/svg"
STYLE = Path(__file__).with_name("drawing.css").read_text()


def policy_of(style: str) -> dict[str, list[str]]:
    """The content security policy of a file: nothing but its own style, which is named by its hash."""
    return {
        "default-src": ["'none'"],
        "style-src": [f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


POLICY = policy_of(STYLE)
ONLY_ON_PAGES = {"tabindex", "role"}

ElementTree.register_namespace("", SVG)


@dataclass(frozen=True)
class Drawing:
    """`markup` is the `<svg>` element alone; `width` and `height` are its own units, which are pixels."""

    markup: str
    width: float
    height: float
    title: str
    description: str

    @property
    def file(self) -> str:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{self.markup}\n'


def in_window(picture: Picture) -> Picture:
    """Without what a page draws beyond the window's ends, so that it can be moved: a file does not move."""
    window = picture.window
    lanes = [_in_window(lane, window) for lane in picture.lanes]
    ticks = [tick for tick in picture.ticks if tick.day <= window.after]
    return replace(picture, lanes=lanes, ticks=ticks, shades=picture.shaded)


def _in_window(lane: Lane, window: Window) -> Lane:
    placed = [
        each for each in lane.placed if each.mark.last >= window.first and each.mark.first <= window.after
    ]
    columns = [
        each for each in lane.columns if each.window.last >= window.first and each.window.first <= window.last
    ]
    return replace(lane, placed=placed, columns=columns)


def alone(markup: str, *, title: str, description: str, page: str) -> Drawing:
    """A page's picture, `<svg class="picture">…</svg>`, made to stand by itself. `page` is the whole address
    of the page, from which its links are reckoned."""
    # The markup is this site's own, every text in it escaped; it holds no entities and no document type.
    root = ElementTree.fromstring(clean(markup))  # noqa: S314
    for element in list(root.iter()):
        _stand(element, page)
    root.attrib.pop("aria-label", None)
    root.set("role", "img")
    head = [text_element("title", title), text_element("desc", description), text_element("style", STYLE)]
    head.append(
        ElementTree.Element(f"{{{SVG}}}rect", {"class": "backing", "width": "100%", "height": "100%"})
    )
    for place, element in enumerate(head):
        root.insert(place, element)
    return Drawing(
        ElementTree.tostring(root, encoding="unicode"),
        float(root.attrib["width"]),
        float(root.attrib["height"]),
        title,
        description,
    )


def _stand(element: ElementTree.Element, page: str) -> None:
    for name in [name for name in element.attrib if name.startswith("data-") or name in ONLY_ON_PAGES]:
        del element.attrib[name]
    kind = element.attrib.get("class", "").split(" ")[0]
    if kind in ("fold", "column"):  # what these do, a file cannot
        element.tag = f"{{{SVG}}}g"
        element.attrib.pop("href", None)
        for child in [child for child in element if child.tag == f"{{{SVG}}}title"]:
            element.remove(child)
    if "href" in element.attrib:
        element.set("href", urljoin(page, element.attrib["href"]))
    if (said := element.attrib.pop("aria-label", "")) and kind in ("item", "column"):
        element.insert(0, text_element("title", said.removesuffix(": show closer")))


def text_element(tag: str, text: str) -> ElementTree.Element:
    element = ElementTree.Element(f"{{{SVG}}}{tag}")
    element.text = clean(text)
    return element
