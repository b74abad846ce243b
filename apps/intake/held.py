"""Files held for a day: a form that comes back to be put right need not have them chosen again."""

import secrets
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.intake.models import Held

LASTS = timedelta(days=1)
MOST = 5
"""Files of one person; the oldest give way."""


def hold(*, form: Held.Form, name: str, content: bytes, by: User, at: datetime, url: str = "") -> Held:
    """Keep for a while what came with this form: a file that was chosen, or what the site fetched (`url`)."""
    plain = "".join(letter for letter in name if letter.isprintable())[-200:]
    held = Held.objects.create(
        key=secrets.token_urlsafe(32),
        person=by,
        form=form,
        name=plain or "a file",
        url=url,
        content=content,
        held_at=at,
    )
    own = Held.objects.filter(person=by).order_by("-id")
    Held.objects.filter(pk__in=list(own.values_list("pk", flat=True)[MOST:])).delete()
    return held


def find_held(key: str, *, form: Held.Form, by: User, at: datetime) -> Held | None:
    """What this person has held under that key, if it came with this form and is still there."""
    if not 0 < len(key) <= 43 or "\x00" in key:
        return None
    return Held.objects.filter(key=key, form=form, person=by, held_at__gt=at - LASTS).first()


def forget_old_files(*, at: datetime) -> None:
    Held.objects.filter(held_at__lte=at - LASTS).delete()
