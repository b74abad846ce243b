"""A whole site of its own behind a real gunicorn, with the demo in it, for a browser to visit."""

import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.signing import Signer
from django.utils import timezone

from apps.desk.demo import fictional, online_harms, planted
from script.address import open_address
from script.broker import ROOT
from script.serve import answers, manage, web

START_SECONDS = 30
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
TRUE_STORY = online_harms.NAME
PARTS = {
    "people": ("people_person", "name"),
    "organisations": ("people_organisation", "name"),
    "sources": ("sources_source", "title"),
    "packs": ("press_presspack", "title"),
}


@dataclass
class Site:
    """Where it is, and what its database says of addresses. `states` keeps the cookies of those signed in."""

    url: str
    folder: Path
    states: dict[str, Any] = field(default_factory=dict)

    def password(self, username: str) -> str:
        lines = (self.folder / "demo-sign-ins").read_text().splitlines()
        return dict(line.split(" ", 1) for line in lines)[username]

    def ask(self, question: str, *values: object) -> Any:
        """The first column of the first row."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database:
            row = database.execute(question, values).fetchone()
        assert row, (question, values)
        return row[0]

    def campaign(self, name: str = fictional.NAME) -> str:
        """A campaign's address."""
        return f"/c/{self.ask('SELECT slug FROM campaigns_campaign WHERE name = ?', name)}/"

    def entry(self, headline: str) -> str:
        """An entry's address."""
        pk = self.ask("SELECT id FROM timeline_entry WHERE headline = ?", headline)
        slug = self.ask(
            "SELECT slug FROM campaigns_campaign WHERE id ="
            " (SELECT campaign_id FROM timeline_entry WHERE id = ?)",
            pk,
        )
        return f"/c/{slug}/entries/{pk}/"

    def target(self, headline: str) -> date:
        """The day a milestone is meant for; the demo may have been made yesterday, when midnight passed."""
        return date.fromisoformat(self.ask("SELECT placed FROM timeline_entry WHERE headline = ?", headline))

    def letter(self) -> str:
        """What the links in the newest message carry."""
        name = self.ask("SELECT message_id FROM notices_delivery ORDER BY id DESC").strip("<>").split("@")[0]
        key = (self.folder / "secret_key").read_text()
        return Signer(key=key, salt="notices.letters", sep=".").sign(name)

    def part(self, what: str, name: str) -> str:
        """The address of a person, an organisation or a source of the fictional campaign, or of a pack of
        the true one."""
        table, column = PARTS[what]
        pk = self.ask(f"SELECT id FROM {table} WHERE {column} = ? ORDER BY id DESC", name)
        return f"{self.campaign(TRUE_STORY if what == 'packs' else fictional.NAME)}{what}/{pk}/"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Ours without any of the settings that may be in it."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "VAR_DIR": str(folder), **more}


@contextmanager
def running_site(folder: Path, **more: str) -> Iterator[Site]:
    """A site with everything in `folder`; with the demo unless DEMO says otherwise."""
    address = open_address({"PORT": "0"})
    environ = environment(folder, SITE_URL=address.url, **more)
    site = Site(address.url, folder)
    subprocess.run(manage("prepare_site"), cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
    if more.get("DEMO") != "0":
        send_one_reminder(folder, environ)
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            web(address),
            cwd=ROOT,
            env=environ,
            stdout=log,
            stderr=log,
            pass_fds=[address.listener.fileno()],
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not answers(address, address.url):
            assert process.poll() is None and time.monotonic() < until, (folder / "web.log").read_text()
            time.sleep(0.1)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=15)
        address.listener.close()


def send_one_reminder(folder: Path, environ: dict[str, str]) -> None:
    """Make the planted reminder due at once and send it, so that there is a message to read."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        database.execute(
            "UPDATE reminders_reminder SET due_at = ?1, try_at = ?1 WHERE milestone_id ="
            " (SELECT id FROM timeline_entry WHERE headline = ?2)",
            (timezone.now().replace(tzinfo=None).isoformat(" "), planted.HEADLINE),
        )
    subprocess.run(manage("send_due_reminders"), cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
