"""Loads the demo."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.desk.demo.load import Refused, load
from apps.desk.demo.people import sign_ins_file


class Command(BaseCommand):
    help = "Load the demo: two campaigns, and people to sign in as. Again, it freshens what is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--beside", action="store_true", help="beside campaigns of the site's own")

    def handle(self, *args: Any, beside: bool = False, **options: Any) -> None:
        try:
            lines = load(at=timezone.now(), beside=beside)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in [*lines, f"People to sign in as are in {sign_ins_file()}."]:
            self.stdout.write(line)
