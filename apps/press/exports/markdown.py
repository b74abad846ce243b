"""A pack as Markdown with footnotes, as Pandoc, GitHub and most writing tools read them."""

import re
from urllib.parse import quote

from apps.press.content import Edition
from apps.press.exports.lines import Block, Footnote, Line, blocks_of, footnotes_of

SAFE = "%/:?#[]@!$&'()*+,;=~"
"""What stands in addresses as it is; a percent sign has been dealt with before."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^$&])")
_STARTS = re.compile(r"^(\s*)([-+=:]|\d+[.)])", re.MULTILINE)


def markdown(edition: Edition) -> bytes:
    content = edition.content
    blocks = blocks_of(content)
    said = [f"# {escaped(content.title)}", f"*{escaped(content.campaign)}. {escaped(content.known)}*"]
    said += [escaped(content.introduction)] if content.introduction else []
    said += [_block(block) for block in blocks]
    said += [f"---\n\n{escaped(edition.line)} {_url(edition.address)}"]
    said += [_footnote(footnote) for footnote in footnotes_of(blocks)]
    return ("\n\n".join(said) + "\n").encode()


def escaped(text: str) -> str:
    """Text that means itself: nothing that was typed becomes a heading, a link or HTML."""
    text = _STARTS.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
    # A number's dot, not the number, is what makes a list.
    return re.sub(r"^(\s*)\\(\d+)([.)])", r"\1\2\\\3", text, flags=re.MULTILINE)


def _block(block: Block) -> str:
    said = [_line(line) for line in block.lines]
    if block.headline:
        heading = f"## {block.number}. [{escaped(block.headline)}]({_url(block.address)})"
        said = [heading, f"*{escaped(block.kicker)}*", *said]
    elif block.number:
        said = [f"## {block.number}.", *said]
    return "\n\n".join(said)


def _line(line: Line) -> str:
    text = escaped(line.text) + "".join(f"[^{footnote.number}]" for footnote in line.footnotes)
    if line.style == "words":
        return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    if line.style == "fact":
        return f"**{escaped(line.text)}**" + text.removeprefix(escaped(line.text))
    if line.style in ("step", "link"):
        return f"- {text}"
    return f"*{text}*" if line.style == "gone" else text


def _footnote(footnote: Footnote) -> str:
    url = f" {_url(footnote.cite.url)}" if footnote.cite.url else ""
    return f"[^{footnote.number}]: {escaped(' '.join(footnote.cite.text.split()))}{url}"


def _url(url: str) -> str:
    """An address in angle brackets, which may hold none."""
    return f"<{quote(url, safe=SAFE)}>"
