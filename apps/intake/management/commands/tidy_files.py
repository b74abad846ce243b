"""Kept files that nothing names any more, as an interrupted deletion or an older version of the site left
them."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.evidence import files
from apps.evidence.models import Consent
from apps.intake.models import Photo

YOUNG = timedelta(days=1)
"""A file may be there before the row that names it."""


class Command(BaseCommand):
    help = (
        "List files of photos and consents that no row names, and no history of one. With --delete, delete "
        "them: only with the database in use that the files belong to."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete", action="store_true", help="delete them")

    def handle(self, *args: Any, delete: bool = False, **options: Any) -> None:
        named = {
            *Photo.objects.values_list("stored", flat=True),
            *Consent.objects.exclude(file="").values_list("file", flat=True),
            *Consent.history.exclude(file="").values_list("file", flat=True),
        }
        left = [name for name in files.kept_before(timezone.now() - YOUNG) if name not in named]
        for name in left:
            self.stdout.write(name)
            if delete:
                files.forget(name)
        count = "1 file that nothing names" if len(left) == 1 else f"{len(left)} files that nothing names"
        self.stdout.write(f"{count}{', deleted' if delete and left else ''}.")
