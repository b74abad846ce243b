"""Before a database that was put back from a copy is used again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.reminders.watch import hold_what_may_have_gone


class Command(BaseCommand):
    help = (
        "Hold every reminder that is due and stands as unsent, for a person to release: run it after putting"
        " a database back from a copy on another machine, before the scheduler starts there. (On the same"
        " machine the scheduler notices by itself.)"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        self.stdout.write(f"{hold_what_may_have_gone(until=at, at=at)} reminders are held.")
