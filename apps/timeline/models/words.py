"""Words: what the index holds of each entry. apps/timeline/index.py keeps it."""

from django.db import models

from apps.timeline.models.entry import Entry


class Words(models.Model):
    """One entry in the index, as tokens (apps/words). PostgreSQL has them in the column `vector` as well,
    SQLite in the table timeline_search, whose rows go by the same key; neither is Django's."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="+")
    key = models.BigIntegerField()
    head = models.TextField()
    body = models.TextField()

    class Meta:
        verbose_name_plural = "words"
        constraints = [models.UniqueConstraint(fields=["key"], name="words_key_once")]

    def __str__(self) -> str:
        return self.head[:80]
