"""What the pages' tests read off a page: its links to other pages, its tables, and its cost."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext


def link_of(response: HttpResponse, rel: str) -> str | None:
    """The address of the next or previous page, or None."""
    found = re.search(rf'href="([^"]*)" rel="{rel}"', response.content.decode())
    return unescape(found[1]) if found else None


def link_called(response: HttpResponse, words: str) -> str | None:
    """Where the link with these words leads, or None."""
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(words)}</a>', response.content.decode())
    return unescape(found[1]) if found else None


def pages_from(client: Client, address: str, rel: str = "next") -> Iterator[HttpResponse]:
    """The page at that address and all that follow from it."""
    path = urlsplit(address).path
    response = client.get(address)
    yield response
    while (more := link_of(response, rel)) is not None:
        response = client.get(path + more)
        yield response


def table_in(response: HttpResponse) -> list[list[str]]:
    """The cells of each row of the page's tables, as text."""
    rows = re.findall(r"<tr[^>]*>\s*(<td.*?)</tr>", response.content.decode(), re.DOTALL)
    return [[text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in rows]


def listed_in(response: HttpResponse, path: str) -> list[str]:
    """The words of the links that lead to a numbered page below `path`, in order."""
    found = re.findall(rf'<a href="{path}\d+/">(.*?)</a>', response.content.decode(), re.DOTALL)
    return [text(words) for words in found]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def query_count(client: Client, address: str) -> int:
    """How many queries the page takes once its session is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
