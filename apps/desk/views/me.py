"""Oneself: name and zone, when word may come, and through which channels."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.campaigns.access import READ_AND_WRITE, signed_in
from apps.campaigns.forms import ProfileForm
from apps.notices import actions
from apps.notices.channels import Fault, Undelivered
from apps.notices.forms import FORMS, ChannelForm
from apps.notices.models import Channel, Kind
from apps.reminders.planning import plan_person


@require_http_methods(READ_AND_WRITE)
def profile(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: the form of oneself, and one's channels."""
    user = signed_in(request)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if form.is_valid():
        with transaction.atomic():
            form.save()
            if form.changes_when():
                plan_person(user)
        messages.success(request, "Saved.")
        return redirect("profile")
    channels = actions.channels_of([user])[user.pk]
    context = {"form": form, "channels": channels, "works": any(channel.works for channel in channels)}
    return render(request, "desk/profile.html", context)


@never_cache
@require_http_methods(READ_AND_WRITE)
def add_channel(request: HttpRequest, kind: str) -> HttpResponse:
    """A webhook or a service of one's own. A webhook's signing key is shown on the answer, once."""
    user = signed_in(request)
    if kind not in FORMS:
        raise Http404("There are no channels of that kind to be added.")
    form = FORMS[kind](request.POST or None)
    if form.is_valid() and (channel := _add(form, user)):
        if channel.kind == Kind.WEBHOOK:
            return render(request, "desk/channel_added.html", {"channel": channel})
        messages.success(request, f"{channel.name} is added. Send yourself a test, to see that it arrives.")
        return redirect("profile")
    return render(request, "desk/add_channel.html", {"form": form, "kind": kind})


@transaction.atomic
def _add(form: ChannelForm, user: User) -> Channel | None:
    """What is refused goes onto the form."""
    filled = form.cleaned_data
    try:
        channel = actions.add_channel(
            user=user, kind=form.kind, name=filled["name"], address=filled["address"]
        )
    except ValidationError as error:
        form.add_error("address", error)
        return None
    plan_person(user)
    return channel


def _mine(request: HttpRequest, pk: int) -> Channel:
    return get_object_or_404(Channel, user=signed_in(request), removed_at=None, pk=pk)


@require_POST
def switch_channel(request: HttpRequest, pk: int) -> HttpResponse:
    channel = _mine(request, pk)
    with transaction.atomic():
        actions.switch_channel(channel=channel, on=not channel.active)
        plan_person(channel.user)
    messages.success(request, f"{channel} is {'on' if channel.active else 'off'}.")
    return redirect("profile")


@require_POST
def test_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test, and say what became of it. One that arrives puts a stopped channel to use again."""
    channel = _mine(request, pk)
    try:
        actions.send_test(channel, at=timezone.now())
    except Undelivered as failure:
        lost = "Nobody knows whether the test arrived" if failure.fault == Fault.UNSURE else "No test arrived"
        messages.error(request, f"{lost}. {failure}")
    else:
        if channel.stopped_at:
            plan_person(channel.user)
        messages.success(request, f"A test was sent to {channel}: look whether it is there.")
    return redirect("profile")


@require_POST
def remove_channel(request: HttpRequest, pk: int) -> HttpResponse:
    channel = _mine(request, pk)
    try:
        with transaction.atomic():
            actions.remove_channel(channel=channel, at=timezone.now())
            plan_person(channel.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"{channel} is removed, and its address forgotten.")
    return redirect("profile")
