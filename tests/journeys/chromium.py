"""The browser: where it is on this machine, and what it must not meet without anybody noticing."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Playwright,
    Request,
    Response,
    WebError,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """A Chromium or Chrome: the one that CHROMIUM names, or one on PATH, or one in its place on macOS."""
    if named := environ.get("CHROMIUM"):
        return shutil.which(named)
    on_path = [found for name in NAMES if (found := shutil.which(name))]
    return next(iter([*on_path, *(path for path in MAC if Path(path).exists())]), None)


def arguments() -> list[str]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*QUIET, "--no-sandbox"] if root else list(QUIET)


def launch(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=arguments())


REFUSED = 409
"""How the site tells a script of its own that something is not done; the script says why."""


class Watch:
    """Notes what goes wrong in a browser behind the page: errors, refusals of the content security policy,
    parts that are missing, and anything asked of another host."""

    def __init__(self, site_url: str) -> None:
        self.site_url = site_url
        self.seen: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A page that is itself a 404 is reported too; what it lacks is seen in _response.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"{message.text} ({message.location.get('url')})")

    def _error(self, error: WebError) -> None:
        self.seen.append(str(error.error))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site_url}/", "data:", "blob:")):
            self.seen.append(f"asked for {request.url}")

    def _response(self, response: Response) -> None:
        if response.status == REFUSED or response.request.method == "HEAD":  # that asks whether it is there
            return
        if response.status >= (500 if response.request.is_navigation_request() else 400):
            self.seen.append(f"{response.status} for {response.url}")
