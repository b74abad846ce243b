"""Several campaigns on one axis, or somebody's promises across campaigns: as a picture, and as a list."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.campaigns.access import Access, access_to, signed_in_or_visitor
from apps.campaigns.fields import no_control_characters
from apps.campaigns.models import Campaign
from apps.desk.compare import (
    MOST_TRACKS,
    Comparison,
    Promiser,
    Promises,
    Track,
    draw,
    fit,
    next_due,
    overview,
    promises_of,
    total,
    track_of,
)
from apps.desk.rows import several_by_year
from apps.desk.views.timeline import PLACES, unless_known, view_of, without
from apps.people.models import Organisation, Person
from apps.timeline.models import Entry, Kind
from apps.timeline.paging import Order, count_up_to, page_around, page_named
from apps.timeline.windows import around

PAGE = 50
MOST_LISTED = 200
"""Public campaigns of others that can be ticked; any other is compared by its address."""
MOST_PARTS = 30
LONGEST_NAME = 200
SLUG = re.compile(r"[-\w]{1,60}", re.ASCII)
DETAILS = (
    *("campaign", "source", "person", "organisation", "statistic", "milestone"),
    *("quote__post__organisation", "quote__verdict"),
)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    reader = Reader(signed_in_or_visitor(request), timezone.now())
    asked = asked_in(request.GET)
    chosen = chosen_by(reader, asked)
    context = {
        "asked": asked,
        "chosen": chosen,
        "problems": [*asked.problems, *chosen.problems],
        "options": options_for(reader, asked),
        "kinds": Kind.choices,
        "most": MOST_TRACKS,
    }
    if chosen.tracks:
        context |= picture_of(request.GET, reader, asked, chosen) | list_of(request.GET, reader, chosen)
    return render(request, "desk/compare.html", context)


@require_safe
def compared(request: HttpRequest) -> HttpResponse:
    """The picture alone, for the page that has it already and moves its window."""
    reader = Reader(signed_in_or_visitor(request), timezone.now())
    asked = asked_in(request.GET)
    chosen = chosen_by(reader, asked)
    if not chosen.tracks:
        said = [*asked.problems, *chosen.problems] or [
            "Choose the campaigns to compare: “c” is the address of each."
        ]
        return JsonResponse({"error": " ".join(said)}, status=400)
    context = picture_of(request.GET, reader, asked, chosen)
    if context["view"].problem:
        return JsonResponse({"error": context["view"].problem}, status=400)
    response = render(request, "desk/compared.html", context)
    return unless_known(request, response, caching="private, no-cache")


@dataclass(frozen=True)
class Reader:
    """Who asks, and when."""

    user: User | AnonymousUser
    at: datetime

    @property
    def today(self) -> date:
        """Their own day: the campaigns may be in several zones."""
        return timezone.localdate(self.at)

    def entries(self) -> QuerySet[Entry]:
        return Entry.objects.visible_to(self.user, at=self.at)


# --- What the address asks --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Campaigns by their addresses, kinds of entry, or whose promises. `typed` stands in the fields for
    names; `problems` are sentences on what cannot be as it was typed."""

    slugs: list[str]
    kinds: tuple[str, ...]
    promiser: Promiser | None
    typed: dict[str, str]
    problems: list[str]


def asked_in(address: QueryDict) -> Asked:
    problems: list[str] = []
    slugs = list(dict.fromkeys(slug for slug in map(str.strip, address.getlist("c")) if slug))
    if len(slugs) > MOST_TRACKS:
        problems.append(
            f"At most {MOST_TRACKS} campaigns fit on one axis; this asks for {len(slugs)}. Take some away."
        )
    kinds = tuple(kind for kind in Kind.values if kind in address.getlist("kind"))
    if unknown := [kind for kind in address.getlist("kind") if kind and kind not in Kind.values]:
        known = ", ".join(Kind.values[:-1])
        problems.append(
            f"There is no kind “{printable(unknown[0])}”: kinds are {known} and {Kind.values[-1]}."
        )
    typed = {name: " ".join(address.get(name, "").split()) for name in ("person", "organisation")}
    promiser = None
    for what in (Person, Organisation):
        name = typed["person" if what is Person else "organisation"]
        if wrong := wrong_with(name):
            problems.append(wrong)
        elif name and promiser:
            problems.append(
                f"This shows the promises of {promiser.name}. Ask for a person or an organisation, not both."
            )
        elif name:
            promiser = Promiser(what, name)
    typed = {name: printable(value, LONGEST_NAME) for name, value in typed.items()}
    return Asked(slugs, kinds or (Kind.MILESTONE.value,), promiser, typed, problems)


def wrong_with(name: str) -> str:
    """Why nobody can be called that, in a sentence; empty if somebody might."""
    if len(name) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters; this has {len(name)}."
    try:
        no_control_characters(name)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def printable(text: str, most: int = 60) -> str:
    """What was typed, as it can be said back."""
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[: most + 1]
    )
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


@dataclass(frozen=True)
class Option:
    """A campaign that can be ticked."""

    campaign: Campaign
    ticked: bool


def options_for(reader: Reader, asked: Asked) -> list[Option]:
    """What this person may compare: theirs first, then what is public."""
    mine = list(Campaign.objects.joined_by(reader.user))
    public = Campaign.objects.filter(is_public=True).exclude(pk__in=[campaign.pk for campaign in mine])
    return [Option(campaign, campaign.slug in asked.slugs) for campaign in [*mine, *public[:MOST_LISTED]]]


# --- What is compared -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A campaign and what it adds up to."""

    access: Access
    words: str


@dataclass(frozen=True)
class Chosen:
    """The lanes, every entry in them, what it is taken by in order, and what each campaign adds up to."""

    tracks: list[Track] = field(default_factory=list)
    found: QuerySet[Entry] | None = None
    parts: tuple[Q, ...] = ()
    accesses: list[Access] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    promises: Promises | None = None
    problems: list[str] = field(default_factory=list)
    kinds: tuple[str, ...] = (Kind.MILESTONE.value,)


def chosen_by(reader: Reader, asked: Asked) -> Chosen:
    if len(asked.slugs) > MOST_TRACKS:
        return Chosen()
    real = [slug for slug in asked.slugs if SLUG.fullmatch(slug)]
    rows = Campaign.objects.filter(slug__in=real)
    seen = (
        {access.campaign.slug: access for access in access_to(reader.user, rows, at=reader.at)}
        if real
        else {}
    )
    problems = [
        f"There is no campaign at “{printable(slug)}” that you may see."
        for slug in asked.slugs
        if slug not in seen
    ]
    if problems and not reader.user.is_authenticated:
        problems.append("Sign in to compare your own.")
    accesses = [seen[slug] for slug in asked.slugs if slug in seen]
    if asked.promiser:
        return _promises(reader, asked, accesses, problems)
    tracks = [track_of(access) for access in accesses]
    every = len(asked.kinds) == len(Kind)
    kinds = [Q()] if every else [Q(kind=kind) for kind in asked.kinds]
    found = reader.entries().filter(campaign__in=[access.campaign.pk for access in accesses])
    return Chosen(
        tracks=tracks,
        found=found if every else found.filter(kind__in=asked.kinds),
        parts=tuple(track.part & kind for track in tracks for kind in kinds),
        accesses=accesses,
        lines=[Line(track.access, total(track)) for track in tracks],
        problems=problems,
        kinds=asked.kinds,
    )


def _promises(reader: Reader, asked: Asked, only: list[Access], problems: list[str]) -> Chosen:
    """Somebody's promises in every campaign, or in those that were asked for."""
    assert asked.promiser is not None
    promises = promises_of(
        asked.promiser,
        reader.user,
        at=reader.at,
        only=[access.campaign.pk for access in only] if asked.slugs else None,
    )
    rows = Campaign.objects.filter(pk__in=list(promises.tallies))
    accesses = access_to(reader.user, rows, at=reader.at) if promises.tallies else []
    tracks = [replace(track_of(access), within=promises.whose) for access in accesses[:MOST_TRACKS]]
    if len(accesses) > MOST_TRACKS:
        problems = [
            *problems,
            f"Of {len(accesses)} campaigns the first {MOST_TRACKS} are drawn. The list below has all.",
        ]
    parts = tuple(Q(campaign=access.campaign.pk) for access in accesses)
    return Chosen(
        tracks=tracks,
        found=promises.found,
        parts=parts if len(parts) <= MOST_PARTS else (Q(),),
        accesses=accesses,
        lines=[Line(access, promises.tallies[access.campaign.pk].words) for access in accesses],
        promises=promises,
        problems=problems,
    )


# --- What is shown of it ----------------------------------------------------------------------------------


def picture_of(address: QueryDict, reader: Reader, asked: Asked, chosen: Chosen) -> dict[str, Any]:
    """The picture that an address asks for, and what its template needs beside it."""
    comparison = Comparison(chosen.tracks, chosen.kinds, reader.today)
    view = view_of(address, fit(comparison), lanes=[track.key for track in chosen.tracks])
    comparison = replace(comparison, folded=view.folds, width=view.width)
    middle = date.fromordinal(int(view.window.middle))
    due = next_due(comparison, max(reader.today, middle))
    picture = draw(comparison, view.window)
    return {
        "picture": picture,
        "strip": overview(comparison, view.window, view.fit),
        "view": view,
        "gutter": 0,
        "whole": view.width,
        "folds": view.folds,
        "query": without(address, *PLACES, "width"),
        "next_deadline": around(due, view.window.days) if due else None,
        "today_window": around(reader.today, view.window.days),
    }


def list_of(address: QueryDict, reader: Reader, chosen: Chosen) -> dict[str, Any]:
    """A page of the same entries in order; around today where the address names none."""
    assert chosen.found is not None
    order = Order("placed", parts=chosen.parts)
    rows = chosen.found.select_related(*DETAILS)
    after, before = address.get("after"), address.get("before")
    page, damaged = page_named(rows, order, size=PAGE, after=after, before=before)
    page = page or page_around(rows, order, size=PAGE, at=reader.today)
    accesses = {access.campaign.pk: access for access in chosen.accesses}
    return {
        "page": page,
        "damaged": damaged,
        "count": chosen.promises.counted if chosen.promises else count_up_to(chosen.found),
        "years": several_by_year(page.rows, accesses, reader.entries(), today=reader.today),
    }
