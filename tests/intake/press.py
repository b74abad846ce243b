"""A newspaper of this machine: pages by path, that answer and fail as a test bids them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from tests.legislation.parliament import Fault, Handler, Parliament, says

PAGE = """<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>{title}. “Every month of delay leaves children open to harm that could have been prevented,” said Nadia
Okonjo, Director of Policy at the Harbour Children’s Trust.</p>
<p>Grooming offences in {where} rose by 104%, from 191 in 2018/19 to 389 in 2019/20, figures released to the
Trust show. Ministers said that they would answer before the summer, and that nobody should doubt it.</p>
<p>The committee meets again next month, and campaigners asked it to hear from those who had been harmed.</p>
</article></body></html>"""

MORNING = datetime(2026, 3, 9, 9, tzinfo=UTC)


@dataclass
class Press(Parliament):
    """`pages` by their path: each a media type and a body, or an answer of its own."""

    pages: dict[str, tuple[str, str] | Fault] = field(default_factory=dict)
    etags: bool = False
    told: list[dict[str, str]] = field(default_factory=list)
    """The headers of each request."""

    def answer(self, handler: Handler) -> None:
        self.told.append(dict(handler.headers))
        super().answer(handler)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        page = self.pages.get("/".join(path))
        if page is None:
            return says(404)
        if callable(page):
            return page
        kind, body = page
        etag = f'"{hash(body)}"'
        if self.etags and self.told[-1].get("If-None-Match") == etag:
            return says(304)
        return says(200, body.encode(), Content_Type=kind, ETag=etag)

    def prints(self, *stories: tuple[str, str], at: datetime = MORNING) -> None:
        """A feed of these stories, by path and title, each with its page."""
        items = "".join(self._item(path, title, at) for path, title in stories)
        feed = f"<rss version='2.0'><channel><title>The Echo</title>{items}</channel></rss>"
        self.pages["feed"] = ("application/rss+xml", feed)
        for number, (path, title) in enumerate(stories):
            self.pages.setdefault(
                path, ("text/html", PAGE.format(title=title, where=f"Town {number} {path}"))
            )

    def _item(self, path: str, title: str, at: datetime) -> str:
        url, when = f"{self.url}/{path}?utm_source=rss", format_datetime(at)
        said = f"<link>{url}</link><guid>{path}</guid><pubDate>{when}</pubDate>"
        return (
            f"<item><title>{title}</title>{said}<description>A &lt;b&gt;story&lt;/b&gt;</description></item>"
        )
