"""A quote as it leaves the site: with its speaker, post, source and day, in the form that the place needs.

No Django here, no clock: the words of a citation in, text out.
"""

import re
import unicodedata
from dataclasses import dataclass
from html import escape
from urllib.parse import quote as percent

LINK_WEIGHS = 23
"""What X and Mastodon count for a link, however long it is."""
_WEIGH_ONE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Ranges of characters that X counts once; all others count twice."""
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Citation:
    """Whose words, which, when and from where; empty where it is not known."""

    words: str
    speaker: str
    post: str = ""
    organisation: str = ""
    day: str = ""
    source: str = ""
    published: str = ""
    url: str = ""
    embargo: str = ""

    @property
    def who(self) -> str:
        """The speaker with the post and the organisation, each once."""
        parts = [self.speaker, self.post]
        if self.organisation and self.organisation not in (self.speaker, self.post):
            parts.append(self.organisation)
        return ", ".join(part for part in parts if part)

    @property
    def published_apart(self) -> str:
        return self.published if self.published != self.day else ""


def plain(cited: Citation) -> str:
    where = _joined(cited.source, cited.published_apart)
    lines = [f"“{cited.words}”", "— " + _joined(cited.who, cited.day)]
    if where or cited.url:
        lines.append(f"Source: {where}" if where else "Source:")
        if cited.url:
            lines[-1] += f" {cited.url}"
    return _held("\n".join(lines), cited)


def markdown(cited: Citation) -> str:
    quoted = "\n".join(f"> {_md(line)}" if line.strip() else ">" for line in f"“{cited.words}”".split("\n"))
    where = _md(_joined(cited.source, cited.published_apart))
    address = re.sub(r"[()<>\s]", lambda match: percent(match[0]), cited.url)
    source = f"[{where or cited.url}]({address})" if cited.url else where
    said_by = f"> — {_md(_joined(cited.who, cited.day))}"
    return _held(f"{quoted}\n>\n{said_by}{'. ' + source if source else ''}", cited)


def html(cited: Citation) -> str:
    cite = f' cite="{escape(cited.url)}"' if cited.url else ""
    where = escape(_joined(cited.source, cited.published_apart))
    if cited.url:
        where = f'<a href="{escape(cited.url)}">{where or escape(cited.url)}</a>'
    words = "<br>".join(escape(line) for line in f"“{cited.words}”".split("\n"))
    foot = f"<footer>— {escape(_joined(cited.who, cited.day))}{'. ' + where if where else ''}</footer>"
    held = f"<p><strong>{escape(cited.embargo)}</strong></p>\n" if cited.embargo else ""
    return f"{held}<blockquote{cite}>\n<p>{words}</p>\n{foot}\n</blockquote>"


def social(cited: Citation) -> str:
    text = f"“{cited.words}”\n— {cited.who}"
    return _held(f"{text}\n{cited.url}" if cited.url else text, cited)


FORMS = {"plain": plain, "markdown": markdown, "html": html, "social": social}


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _held(text: str, cited: Citation) -> str:
    return f"{cited.embargo}\n\n{text}" if cited.embargo else text


def _md(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#+|!~-])", r"\\\1", text)


# --- How long a post is -----------------------------------------------------------------------------------


def weighed(text: str) -> int:
    """Its length as X counts it, of at most 280: a link for 23, most letters of the world for one, and
    Chinese, Japanese and Korean ones and emoji for two."""
    text = unicodedata.normalize("NFC", text)
    links = len(_LINK.findall(text))
    rest = _LINK.sub("", text)
    return links * LINK_WEIGHS + sum(_weight(cluster) for cluster in _clusters(rest))


def _weight(cluster: str) -> int:
    if len(cluster) > 1 and not cluster[0].isalnum():
        return 2  # an emoji, of however many parts
    return sum(1 if any(low <= ord(one) <= high for low, high in _WEIGH_ONE) else 2 for one in cluster)


def letters(text: str) -> int:
    """Its length as Bluesky counts it, of at most 300: what a reader calls letters, links as they are."""
    return len(_clusters(text))


def _clusters(text: str) -> list[str]:
    """What a reader sees as one letter each: marks, variants and joined emoji go with what they belong to."""
    found: list[str] = []
    joins = False
    flag = False
    for one in text:
        point = ord(one)
        regional = 0x1F1E6 <= point <= 0x1F1FF
        goes_on = (
            unicodedata.combining(one)
            or unicodedata.category(one) in ("Mn", "Me")
            or 0xFE00 <= point <= 0xFE0F
            or 0x1F3FB <= point <= 0x1F3FF
            or point == 0x200D
        )
        if found and (goes_on or joins or (regional and flag)):
            found[-1] += one
            flag = False
        else:
            found.append(one)
            flag = regional
        joins = point == 0x200D
    return found


# --- Straight to the words --------------------------------------------------------------------------------


def at_the_words(url: str, words: str) -> str:
    """The address of a page that makes a browser go to the words and mark them (a text fragment)."""
    if not url:
        return ""
    said = words.split("\n")[0].split()
    if len(said) <= 10 and "\n" not in words:
        fragment = _fragment(" ".join(said))
    else:
        last = words.split("\n")[-1].split()
        fragment = f"{_fragment(' '.join(said[:5]))},{_fragment(' '.join(last[-5:]))}"
    page, _, anchor = url.partition("#")
    return f"{page}#{anchor.partition(':~:')[0]}:~:text={fragment}"


def _fragment(text: str) -> str:
    return percent(text, safe="").replace("-", "%2D")
