"""Drafts: what is typed and not sent yet outlives a lost connection, a closed tab and a flat battery."""

import json
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.intake.models import Draft

LASTS = timedelta(days=7)
MOST = 40
"""Drafts of one person; the oldest give way."""
LONGEST = 600_000
"""Characters of one draft: a text that is still to be shortened, with what marks it up."""


class BadDraft(ValueError):
    """No draft that could be put back into a form."""


@transaction.atomic
def keep(*, name: str, typed: str, by: User, at: datetime) -> None:
    """Keep what is typed, a JSON object of texts, in place of what was; nothing typed forgets it.
    Raises BadDraft."""
    said = _read(name, typed)
    own = Draft.objects.filter(person=by)
    if not said:
        own.filter(name=name).delete()
        return
    Draft.objects.update_or_create(person=by, name=name, defaults={"typed": said, "kept_at": at})
    own.filter(pk__in=list(own.values_list("pk", flat=True)[MOST:])).delete()


def _read(name: str, typed: str) -> dict[str, str]:
    if not 0 < len(name) <= 100 or "\x00" in name or len(typed) > LONGEST:
        raise BadDraft
    try:
        said = json.loads(typed)
    except (ValueError, RecursionError):
        raise BadDraft from None
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise BadDraft
    # PostgreSQL keeps no NUL, and no half of a pair of surrogates.
    return {_plain(field): _plain(value) for field, value in said.items()}


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def kept(*, by: User, at: datetime) -> QuerySet[Draft]:
    return Draft.objects.filter(person=by, kept_at__gt=at - LASTS)


def forget_old(*, at: datetime) -> None:
    Draft.objects.filter(kept_at__lte=at - LASTS).delete()
