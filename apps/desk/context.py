"""What every page's frame needs."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Membership
from apps.campaigns.roles import Role
from apps.notices.models import Delivery
from apps.reminders.models import Reminder, Tick
from apps.reminders.watch import length, stands_still

MOST_UNREAD = 99


def site(request: HttpRequest) -> dict[str, object]:
    """Where the site is; whether it can send e-mail, for the pages that would promise it; and the frame."""
    return {
        "site_url": settings.SITE_URL,
        "sends_email": bool(settings.EMAIL_URL),
        "frame": Frame(request),
    }


class Frame:
    """What stands round every page of somebody signed in. Nothing is asked for a visitor, nor before a
    template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> User | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def unread(self) -> str:
        """How many messages in the inbox are unread: "3", "99+", or nothing."""
        if self.user is None:
            return ""
        rows = Delivery.objects.inbox_of(self.user).unread().order_by()
        count = rows[: MOST_UNREAD + 1].count()
        return f"{MOST_UNREAD}+" if count > MOST_UNREAD else str(count or "")

    @cached_property
    def standstill(self) -> str:
        """That reminders do not go out, for owners and staff; on a fresh site not before one is due."""
        if self.user is None:
            return ""
        at, tick = timezone.now(), Tick.objects.first()
        if not stands_still(tick, at) or not self._is_told():
            return ""
        if tick is not None:
            return f"the scheduler last looked {length(at - tick.looked_at)} ago"
        due = Reminder.objects.filter(state=Reminder.State.PLANNED, try_at__lt=at).order_by()
        return "the scheduler has never looked" if due.exists() else ""

    def _is_told(self) -> bool:
        assert self.user is not None
        return self.user.is_staff or Membership.objects.filter(user=self.user, role=Role.OWNER).exists()
