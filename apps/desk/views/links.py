"""Linking two entries."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import READ_AND_WRITE, open_campaign
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.views.entries import find_entry
from apps.timeline import actions
from apps.timeline.forms import LinkForm
from apps.timeline.models import Link, Relation


@require_http_methods(READ_AND_WRITE)
def add_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    found = find_entry(access, pk)
    form = LinkForm(request.POST or None, others=visible.entries(access))
    if form.is_valid():
        try:
            actions.add_link(
                from_entry=found,
                to_entry=form.cleaned_data["other"],
                relation=Relation(form.cleaned_data["relation"]),
                note=form.cleaned_data["note"],
                by=access.member,
                at=access.at,
            )
        except ValidationError as error:
            form.add_error("other", error)
        else:
            messages.success(request, "Linked.")
            return redirect("entry", slug=slug, pk=pk)
    return render(request, "desk/add_link.html", {"access": access, "entry": found, "form": form})


@require_POST
def remove_link(request: HttpRequest, slug: str, pk: int, link: int) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    seen = visible.entries(access)
    found = Link.objects.filter(pk=link, from_entry__in=seen, to_entry__in=seen).first()
    if found is None or pk not in (found.from_entry_id, found.to_entry_id):
        raise Http404("No such link.")
    if found.created_by_id != access.user.pk:
        access.require(May.EDIT)
    actions.remove_link(link=found, by=access.member)
    messages.success(request, "The link is removed.")
    return redirect("entry", slug=slug, pk=pk)
