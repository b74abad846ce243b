"""Those measured: our own timeline behind its real server, and two libraries out of npm on pages of their
own."""

import gzip
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache as once
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.databases import CAMPAIGN, ROOT, environment
from script.address import Address, open_address
from script.serve import answers, web

PAGES = Path(__file__).parent / "pages"
PACKAGES = {"vis-timeline": "8.5.4", "@knight-lab/timelinejs": "3.9.11"}
"""Installed for the benchmark alone, without what their install scripts would fetch."""
OURS, EMPTY = "Campaign Tracker", "an empty page"
WHEEL, BUTTONS = "wheel", "buttons"
START_SECONDS = 30


@dataclass(frozen=True)
class Rival:
    """Who is measured. `held` is what a pan takes hold of; zooming is by Ctrl+wheel there, or by the buttons
    (closer, wider) where it knows no wheel."""

    name: str
    path: str
    held: str
    buttons: tuple[str, str] = ("", "")
    package: str = ""

    @property
    def zooms_by(self) -> str:
        return BUTTONS if all(self.buttons) else WHEEL


PEERS = [
    Rival("vis-timeline", "vis.html?items={items}", ".vis-center", package="vis-timeline"),
    Rival("vis-timeline, clustered", "vis.html?cluster&items={items}", ".vis-center", package="vis-timeline"),
    Rival(
        "TimelineJS3",
        "timelinejs.html?items={items}",
        ".tl-timenav",
        buttons=(".tl-menubar-button:has(.tl-icon-zoom-in)", ".tl-menubar-button:has(.tl-icon-zoom-out)"),
        package="@knight-lab/timelinejs",
    ),
]
SELF = Rival(OURS, f"c/{CAMPAIGN}/timeline/", "#picture svg.picture")
NOBODY = Rival(EMPTY, "empty.html", "#timeline")


@dataclass(frozen=True)
class Stage:
    """Where one rival stands at one size. `calm` is a page of the same host that shows next to nothing."""

    url: str
    calm: str
    cookies: list[dict[str, Any]] = field(default_factory=list)


class NotInstalled(Exception):
    """The rivals cannot be had here; the message says why."""


def installed(cache: Path) -> Path:
    """The folder of the rivals' packages, installed once. Raises NotInstalled."""
    home = cache.parent / "npm"
    done = home / "installed.json"
    if done.exists() and json.loads(done.read_text()) == PACKAGES:
        return home / "node_modules"
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalled("npm is not on this machine")
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"private": true}\n')
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"]
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    print(f"Installing {', '.join(wanted)} in {home}", file=sys.stderr)
    done_so = subprocess.run(
        [*command, "--save-exact", *wanted], cwd=home, capture_output=True, text=True, check=False
    )
    if done_so.returncode:
        raise NotInstalled(f"npm could not install them: {done_so.stderr.strip()[-300:]}")
    done.write_text(json.dumps(PACKAGES))
    return home / "node_modules"


# --- Ours: as script/server starts it ----------------------------------------------------------------------


@contextmanager
def sites(urls: Mapping[int, str], cache: Path) -> Iterator[dict[int, Stage]]:
    """A site behind gunicorn for each database, its owner signed in; the items of each beside them, as files
    that the rivals are served."""
    with ExitStack() as stack:
        yield {size: stack.enter_context(site(url, cache, size)) for size, url in urls.items()}


@contextmanager
def site(url: str, cache: Path, size: int) -> Iterator[Stage]:
    address = open_address({"PORT": "0"})
    environ = environment(url, cache) | {"SITE_URL": address.url}
    command = [sys.executable, "-m", "benchmarks.browser.items", CAMPAIGN, str(items_file(cache, size))]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env=environ | {"DJANGO_SETTINGS_MODULE": "campaigntracker.settings"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    with (cache / f"web-{size}.log").open("wb") as log:
        process = subprocess.Popen(
            web(address),
            cwd=ROOT,
            env=environ,
            stdout=log,
            stderr=log,
            pass_fds=[address.listener.fileno()],
        )
    try:
        _wait(address, process)
        cookie = {**json.loads(told.stdout), "url": address.url}
        yield Stage(f"{address.url}/{SELF.path}", f"{address.url}/healthz", [cookie])
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing here is worth a graceful stop
        process.wait(timeout=60)
        address.listener.close()


def _wait(address: Address, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while not answers(address, address.url):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("The site did not start: see the log beside its database.")
        time.sleep(0.1)


def items_file(cache: Path, size: int) -> Path:
    return cache / f"items-{size}.json"


# --- The others: files, gzipped as any server would --------------------------------------------------------


@contextmanager
def served(cache: Path, packages: Path | None) -> Iterator[str]:
    """The address of a server with the rivals' pages, the packages and the items."""
    folders = {"npm": packages, "items": cache}

    @once
    def read(path: str) -> bytes | None:
        first, _, rest = path.partition("/")
        folder = folders.get(first, PAGES)
        if folder is None:
            return None
        file = (folder / (rest if first in folders else path)).resolve()
        return gzip.compress(file.read_bytes(), 9) if file.is_relative_to(folder) and file.is_file() else None

    class Files(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802  (http.server's name)
            path = urlsplit(self.path).path.lstrip("/")
            body = read(path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", guess_type(path)[0] or "application/octet-stream")
            self.send_header("Content-Encoding", "gzip" if body else "identity")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def stage(rival: Rival, host: str, size: int) -> Stage:
    path = rival.path.format(items=f"items/items-{size}.json")
    return Stage(f"{host}/{path}", f"{host}/{NOBODY.path}")
