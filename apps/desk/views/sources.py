"""The sources of a campaign, what rests on each, and the text kept of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import READ_AND_WRITE, open_campaign
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.actions import save_source
from apps.desk.downloads import original_of
from apps.desk.listing import listing_of
from apps.desk.views.people import find_row, may_edit, require_edit, years_with
from apps.evidence.actions import find_quotes_again
from apps.sources import actions
from apps.sources.forms import SnapshotForm, SourceForm
from apps.sources.models import Source


@require_safe
def sources(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    listing = listing_of(visible.sources(access), request.GET, by="title")
    return render(request, "desk/sources.html", {"access": access, "sources": listing})


@require_safe
def source(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    found = find_row(visible.sources(access), pk)
    context = {
        "access": access,
        "source": found,
        "snapshots": found.snapshots.select_related("taken_by", "original").defer("original__packed")[:20]
        if access.may(May.SEE_HIDDEN)
        else [],
        "live": getattr(found, "live_page", None) if access.role else None,
        "years": years_with(access, source=found),
        "may_edit": may_edit(access, found),
    }
    return render(request, "desk/source.html", context)


@require_http_methods(READ_AND_WRITE)
def edit_source(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Add a source, or edit one."""
    access = open_campaign(request, slug, May.ADD)
    if pk is None:
        row = Source(campaign=access.campaign, created_by=access.member)
    else:
        row = find_row(visible.sources(access), pk)
        require_edit(access, row)
    form = SourceForm(request.POST or None, instance=row, known=visible.sources(access))
    if form.is_valid():
        filled = form.save(commit=False)
        saved = save_source(source=filled, published=form.cleaned_data["published"], by=access.member)
        return redirect("source", slug=slug, pk=saved.pk)
    return render(request, "desk/edit_source.html", {"access": access, "form": form, "source": row})


@require_safe
def original(request: HttpRequest, slug: str, pk: int, snapshot: int) -> HttpResponse:
    """The page that a kept text was taken out of, as a file."""
    access = open_campaign(request, slug, May.SEE_HIDDEN)
    found = find_row(visible.sources(access), pk)
    return original_of(find_row(found.snapshots.all(), snapshot))


@require_http_methods(READ_AND_WRITE)
def add_snapshot(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.EDIT)
    found = find_row(visible.sources(access), pk)
    form = SnapshotForm(request.POST or None)
    if form.is_valid():
        text = form.cleaned_data["text"]
        actions.take_snapshot(source=found, text=text, by=access.member, at=access.at)
        find_quotes_again(source=found, by=access.member, at=access.at)
        messages.success(request, "The text is kept. Quotes from this source are checked against it.")
        return redirect("source", slug=slug, pk=pk)
    return render(request, "desk/add_snapshot.html", {"access": access, "form": form, "source": found})
