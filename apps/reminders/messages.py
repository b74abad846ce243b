"""The words of a reminder."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from apps.dates import days, in_words, long_day
from apps.legislation.models import Milestone
from apps.reminders.models import Reminder


@dataclass(frozen=True)
class Message:
    subject: str
    body: str


def compose(reminder: Reminder, milestone: Milestone, *, at: datetime) -> Message:
    """What one person reads about one milestone at this moment. It says how late it is itself, if it is."""
    entry = milestone.entry
    today = entry.campaign.today(at)
    assert entry.due is not None
    left = (entry.due - today).days
    path = reverse("entry", kwargs={"slug": entry.campaign.slug, "pk": entry.pk})
    context = {
        "reminder": reminder,
        "milestone": milestone,
        "entry": entry,
        "campaign": entry.campaign,
        "target": in_words(reminder.target),
        "due": long_day(entry.due, weekday=True),
        "left": left,
        "state": state_of(left),
        "slip": days(milestone.slip_days) if milestone.slip_days > 0 else "",
        "delay": delay_of(reminder, at),
        "url": settings.SITE_URL + path,
    }
    subject = f"{state_of(left).capitalize()}: {entry.headline} ({in_words(reminder.target)})"
    return Message(subject=subject, body=render_to_string("reminders/message.txt", context))


def state_of(left: int) -> str:
    """ "in 7 days", "today", "3 days overdue"."""
    if left < 0:
        return f"{days(-left)} overdue"
    return {0: "today", 1: "tomorrow"}.get(left, f"in {days(left)}")


def delay_of(reminder: Reminder, at: datetime) -> str:
    """How late the message is, once that is worth a sentence."""
    hours = int((at - reminder.due_at).total_seconds() // 3600)
    return "" if hours < 1 else f"{hours} hour{'' if hours == 1 else 's'}"
