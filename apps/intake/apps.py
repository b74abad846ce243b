from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import post_delete

from apps.evidence import files


class IntakeConfig(AppConfig):
    name = "apps.intake"

    def ready(self) -> None:
        # The admin and cascades delete rows without asking an action, and only a signal hears of them.
        post_delete.connect(forget_file, sender=self.get_model("Photo"))


def forget_file(instance: Any, **_: Any) -> None:
    """A photo's file goes with its row, once that is sure."""
    transaction.on_commit(lambda: files.forget(instance.stored))
