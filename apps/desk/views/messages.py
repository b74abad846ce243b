"""The inbox, and every other message as it was sent: to me, and as an owner to my campaigns' teams."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.campaigns.access import signed_in
from apps.campaigns.models import Membership
from apps.campaigns.roles import Role
from apps.notices.actions import mark_read
from apps.notices.letters import token_of
from apps.notices.models import Delivery

PAGE = 50
SENT = "sent"
"""The second list: what went out through any channel."""


def readable_by(user: User) -> QuerySet[Delivery]:
    owned = Membership.objects.filter(user=user, role=Role.OWNER).values_list("campaign_id", flat=True)
    return Delivery.objects.readable_by(user, owned_campaign_ids=list(owned))


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    sent = request.GET.get("show") == SENT
    rows = readable_by(user) if sent else Delivery.objects.inbox_of(user)
    rows = rows.select_related("recipient", "campaign").defer("body", "html").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: PAGE + 1])
    context = {
        "deliveries": page[:PAGE],
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
        "sent": sent,
    }
    return render(request, "desk/messages.html", context)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message. When its reader opens it, it is read."""
    user = signed_in(request)
    delivery = readable_by(user).select_related("recipient", "campaign").filter(pk=pk).first()
    if delivery is None:
        raise Http404("No such message.")
    if request.method == "GET":
        mark_read(user, at=timezone.now(), only=delivery)
    mine = delivery.recipient_id == user.pk
    # The link to answer by is signed for whom it was sent to: nobody else answers in their name.
    body = delivery.body if mine else delivery.body.replace(token_of(delivery.message_id), "…")
    return render(request, "desk/message.html", {"delivery": delivery, "body": body})


@require_POST
def read_messages(request: HttpRequest) -> HttpResponse:
    mark_read(signed_in(request), at=timezone.now())
    flash.success(request, "All messages are marked as read.")
    return redirect("messages")
