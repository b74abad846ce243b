"""What script/server runs before the site starts: tables, static files, and the demo on an empty site."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.desk.demo.load import freshen, load
from apps.desk.demo.people import sign_ins


class Command(BaseCommand):
    help = "Bring the database and the static files up to date, and load the demo on an empty site."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.migrate()
        self.collect_static()
        if settings.PRODUCTION:
            self.warn_of_demo()
        else:
            self.show_demo()

    def migrate(self) -> None:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date")
            call_command("migrate", verbosity=0, interactive=False)

    def collect_static(self) -> None:
        stamp, kept = static_stamp(), Path(settings.VAR_DIR) / "static-stamp"
        if kept.exists() and kept.read_text() == stamp and Path(settings.STATIC_ROOT).is_dir():
            return
        self.stdout.write("Collecting the static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        kept.write_text(stamp)

    def warn_of_demo(self) -> None:
        if User.objects.filter(demo=True).exists():
            self.stdout.write(
                "This site has the demo's accounts, and one may do everything: run remove_demo."
            )

    def show_demo(self) -> None:
        for line in demo_lines():
            self.stdout.write(line)
        people = sign_ins() if User.objects.filter(demo=True).exists() else []
        if people:
            self.stdout.write("Sign in as")
        for username, password, kind in people:
            self.stdout.write(f"  {username:<12} {password:<16} {kind}")


def demo_lines() -> list[str]:
    """Load the demo on a site that nobody uses yet; freshen it where it is."""
    at = timezone.now()
    if Campaign.objects.filter(demo=True).exists():
        return freshen(at=at)
    if not settings.DEMO or Campaign.objects.exists() or User.objects.filter(demo=False).exists():
        return []
    return load(at=at)


def static_stamp() -> str:
    """Changes when any static file does: a digest of their paths, sizes and times."""
    stamp = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            stamp.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return stamp.hexdigest()
