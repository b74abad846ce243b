"""What helps a form to arrive once and whole: texts that are alike, files held for a while, forms sent
twice."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.intake.models.proposals import Article


class Band(models.Model):
    """A part of a text's signature (see likeness): texts that are nearly the same have some in common."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bands")
    key = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}"


class Held(models.Model):
    """A file that came with a form which is still to be put right: its sender's alone, for a day, so that
    they need not choose it again. `url` is where the site itself fetched it, empty where it was chosen."""

    class Form(models.TextChoices):
        """Which form it came with, and may come back with: a photo is held as it was drawn anew."""

        TEXT = "text", "A text"
        UPDATE = "update", "An update's photo"

    key = models.CharField(max_length=43, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=10, choices=Form)
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=1000, blank=True)
    content = models.BinaryField()
    held_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "held"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Sending(models.Model):
    """A form as it was sent. `key` is of the page it was on and of all that stood in it: sent once more, it
    is answered with the address in `answer`, which is empty while the first is being taken."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=64)
    answer = models.CharField(max_length=500, blank=True)
    began_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="form_sent_once"),
            models.CheckConstraint(condition=~Q(key=""), name="sending_is_of_a_form"),
        ]

    def __str__(self) -> str:
        return self.answer
