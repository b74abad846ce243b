"""The front page, starting a campaign, and a campaign's home."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.campaigns.access import READ_AND_WRITE, open_campaign, signed_in
from apps.campaigns.forms import CampaignForm
from apps.campaigns.models import Campaign, Membership
from apps.desk.actions import start_campaign as start
from apps.desk.summary import home_of, summaries_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My campaigns; for a visitor the public ones, and on an empty site how to begin."""
    user, at = request.user, timezone.now()
    if isinstance(user, User):
        mine = Membership.objects.filter(user=user).select_related("campaign").order_by("campaign__name")
        return render(request, "desk/my_campaigns.html", {"campaigns": summaries_of(mine, user=user, at=at)})
    public = Campaign.objects.filter(is_public=True)
    context = {
        "campaigns": public,
        "empty": not Campaign.objects.exists(),
        "unclaimed": not User.objects.exists(),
    }
    return render(request, "desk/welcome.html", context)


@require_http_methods(READ_AND_WRITE)
def start_campaign(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = CampaignForm(request.POST or None)
    if form.is_valid():
        campaign = start(by=user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"{campaign.name} is open. Add what you know, or invite your team.")
        return redirect("campaign", slug=campaign.slug)
    return render(request, "desk/start_campaign.html", {"form": form})


@require_safe
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    return render(request, "desk/campaign.html", {"access": access, "home": home_of(access)})
