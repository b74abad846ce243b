"""Persons and organisations of a campaign, and what each of them said, counted or must do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.desk import slips, visible
from apps.desk.actions import remove_post as take_post_away
from apps.desk.actions import save_organisation, save_person
from apps.desk.listing import listing_of
from apps.desk.rows import by_year, with_details
from apps.desk.trends import trend_of
from apps.people import actions
from apps.people.forms import OrganisationForm, PersonForm, PostForm
from apps.people.models import Organisation, Person

RECENT = 50


def find_row(rows: QuerySet[Any], pk: int) -> Any:
    """The row, if it is among those this person may see; otherwise there is no such page."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("Not here, or not for you to see.")
    return found


def require_edit(access: Access, row: Any) -> None:
    """Those who may edit may; so may whoever added it."""
    if not may_edit(access, row):
        access.require(May.EDIT)


def may_edit(access: Access, row: Any) -> bool:
    own = row.created_by_id is not None and row.created_by_id == access.user.pk
    return access.may(May.EDIT) or (access.may(May.ADD) and own)


def years_with(access: Access, **whose: Model) -> Any:
    """The newest entries of somebody or something, as the timeline shows them."""
    found = with_details(visible.entries(access).filter(**whose)).order_by("-placed", "-pk")[:RECENT]
    return by_year(list(found)[::-1], access)


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    context = {
        "access": access,
        "persons": listing_of(
            visible.persons(access).prefetch_related("posts__organisation"), request.GET, by="name", key="p"
        ),
        "organisations": listing_of(visible.organisations(access), request.GET, by="name", key="o"),
    }
    return render(request, "desk/people.html", context)


@require_safe
def person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    found = find_row(visible.persons(access), pk)
    context = {
        "access": access,
        "person": found,
        "posts": found.posts.select_related("organisation"),
        "years": years_with(access, person=found),
        "trend": trend_of(slips.milestones(access).filter(person=found), access, of="person", pk=pk),
        "may_edit": may_edit(access, found),
    }
    return render(request, "desk/person.html", context)


@require_safe
def organisation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    found = find_row(visible.organisations(access), pk)
    context = {
        "access": access,
        "organisation": found,
        "posts": found.posts.filter(person__in=visible.persons(access)).select_related("person")[:200],
        "years": years_with(access, organisation=found),
        "trend": trend_of(
            slips.milestones(access).filter(organisation=found), access, of="organisation", pk=pk
        ),
        "may_edit": may_edit(access, found),
    }
    return render(request, "desk/organisation.html", context)


@dataclass(frozen=True)
class Named:
    """What differs between editing a person and an organisation. `name` is also that of page and template."""

    name: str
    model: type[Person] | type[Organisation]
    form: type[PersonForm] | type[OrganisationForm]
    seen: Callable[[Access], QuerySet[Any]]
    save: Callable[..., Person | Organisation]


PERSON = Named("person", Person, PersonForm, visible.persons, save_person)
ORGANISATION = Named("organisation", Organisation, OrganisationForm, visible.organisations, save_organisation)


@require_http_methods(READ_AND_WRITE)
def edit(request: HttpRequest, slug: str, what: Named, pk: int | None = None) -> HttpResponse:
    """Add a person or an organisation, or edit one."""
    access = open_campaign(request, slug, May.ADD)
    if pk is None:
        row = what.model(campaign=access.campaign, created_by=access.member)
    else:
        row = find_row(what.seen(access), pk)
        require_edit(access, row)
    form = what.form(request.POST or None, instance=row, known=what.seen(access))
    if form.is_valid():
        what.save(**{what.name: form.save(commit=False)}, by=access.member)
        return redirect(what.name, slug=slug, pk=row.pk)
    context = {"access": access, "form": form, what.name: row}
    return render(request, f"desk/edit_{what.name}.html", context)


@require_http_methods(READ_AND_WRITE)
def add_post(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    found = find_row(visible.persons(access), pk)
    require_edit(access, found)
    form = PostForm(request.POST or None, organisations=visible.organisations(access))
    if form.is_valid():
        filled = form.cleaned_data
        named = filled.pop("organisation")
        if isinstance(named, str):
            named = actions.add_organisation(campaign=access.campaign, name=named, by=access.member)
        actions.add_post(person=found, organisation=named, by=access.member, **filled)
        messages.success(request, "The post is added.")
        return redirect("person", slug=slug, pk=pk)
    return render(request, "desk/add_post.html", {"access": access, "form": form, "person": found})


@require_POST
def remove_post(request: HttpRequest, slug: str, pk: int, post: int) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    found = find_row(visible.persons(access), pk)
    require_edit(access, found)
    take_post_away(post=find_row(found.posts.all(), post), by=access.member)
    messages.success(request, "The post is removed.")
    return redirect("person", slug=slug, pk=pk)
