"""Takes the demo away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.desk.demo.load import Refused, remove


class Command(BaseCommand):
    help = (
        "Remove the demo whole: its campaigns, its people, their history. Start with DEMO=0 to keep it away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = remove()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in lines:
            self.stdout.write(line)
