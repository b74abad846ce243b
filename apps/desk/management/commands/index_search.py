"""Writes the index of words anew, or says whether it is what it should be."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.desk.management.progress import Progress
from apps.timeline import index
from apps.timeline.models import Words


class Command(BaseCommand):
    help = "Write the index that search looks in anew. With --check: compare it with the entries, and say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where it differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        tell = Progress(index.number_of_entries())
        if not check:
            self.stdout.write(f"{index.rebuild(tell=tell):,} entries are in the index.")
            return
        drift = index.check(tell=tell)
        if drift:
            raise CommandError(f"{_said(drift)} Run manage.py index_search to write it anew.")
        self.stdout.write(f"The index is as it should be: {Words.objects.count():,} entries.")


def _said(drift: index.Drift) -> str:
    found = [
        f"{len(drift.missing):,} entries are missing{_first(drift.missing)}." if drift.missing else "",
        f"{len(drift.different):,} stand in it with other words{_first(drift.different)}."
        if drift.different
        else "",
        f"{drift.strange:,} of its rows belong to no entry." if drift.strange else "",
        "The table of SQLite is damaged." if drift.broken else "",
    ]
    return " ".join(filter(None, found))


def _first(ids: list[int]) -> str:
    shown = ", ".join(str(pk) for pk in ids[:5])
    return f" ({shown}{'…' if len(ids) > 5 else ''})"
