"""Messages as they were sent: mine, and as an owner those of my campaigns."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.campaigns.access import signed_in
from apps.campaigns.models import Membership
from apps.campaigns.roles import Role
from apps.notices.models import Delivery

PAGE = 50


def readable_by(user: User) -> QuerySet[Delivery]:
    owned = Membership.objects.filter(user=user, role=Role.OWNER).values_list("campaign_id", flat=True)
    return Delivery.objects.readable_by(user, owned_campaign_ids=list(owned))


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = readable_by(user).select_related("recipient", "campaign").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: PAGE + 1])
    context = {"deliveries": page[:PAGE], "more": page[PAGE - 1].pk if len(page) > PAGE else None}
    return render(request, "desk/messages.html", context)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    delivery = readable_by(user).select_related("recipient", "campaign").filter(pk=pk).first()
    if delivery is None:
        raise Http404("No such message.")
    return render(request, "desk/message.html", {"delivery": delivery})
