"""Search: one box over everything a person may see, in one campaign or in all."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.campaigns.access import Access, open_campaign, signed_in_or_visitor
from apps.campaigns.roles import Role
from apps.desk import visible
from apps.desk.citing import citation
from apps.desk.newer import Since, since_among
from apps.desk.quoting import plain_copy
from apps.desk.search import Facet, Search, SearchForm, words_of
from apps.desk.views.timeline import without
from apps.desk.visible import Reach
from apps.timeline.models import Entry, Kind
from apps.words import Piece, Query, pieces

LONG = 280
"""Characters of a text that are shown of a hit."""


@require_safe
def everywhere(request: HttpRequest) -> HttpResponse:
    """Over the campaigns one is on and the public ones; for a visitor the public ones."""
    reach = visible.reach_everywhere(signed_in_or_visitor(request), timezone.now())
    return _answer(request, reach, None)


@require_safe
def here(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    return _answer(request, visible.reach_of(access), access)


def _answer(request: HttpRequest, reach: Reach, access: Access | None) -> HttpResponse:
    form = SearchForm(request.GET, reach=reach)
    search = Search(reach, form, place=request.GET.get("after", ""))
    entries, more = search.page
    today = access.today if access else timezone.localdate(reach.at)  # the campaigns may be in several zones
    since = since_among(entries, lambda: visible.entries_in(reach), today=today)
    context = {
        "access": access,
        "search": search,
        "form": form,
        "typed": request.GET.get("q", "").replace("\x00", "")[:MOST_KEPT],
        "hits": [
            hit_of(entry, search.query, _access(entry, reach), request, since.get(entry.pk))
            for entry in entries
        ],
        "count": words_of(search.count),
        "facets": [
            [Narrower(facet, _toggled(request.GET, facet)) for facet in line] for line in search.facets
        ],
        "names": [
            (names, [(row, pieces(str(row), search.query)) for row in names.rows]) for names in search.names
        ],
        "meant": search.meant,
        "more": more,
        "query": without(request.GET, "after"),
        "active": _active(search),
        "at": reach.at,
    }
    return render(request, "desk/search.html", context)


MOST_KEPT = 1_000
"""Characters of too long a search that stay in the box."""


@dataclass(frozen=True)
class Hit:
    """An entry with its words marked. `since` is what has come out since a figure, `copied` what `c` copies,
    empty where it is not for use; `is_noted` where the campaign keeps who took it: a quote, by somebody who
    is on it."""

    entry: Entry
    access: Access
    headline: list[Piece]
    words: list[Piece]
    note: list[Piece]
    hidden: bool
    since: Since | None
    copied: str
    is_noted: bool


def _access(entry: Entry, reach: Reach) -> Access:
    role = reach.roles.get(entry.campaign_id)
    return Access(entry.campaign, reach.user, Role(role) if role else None, reach.at)


def hit_of(
    entry: Entry, query: Query, access: Access, request: HttpRequest, since: Since | None = None
) -> Hit:
    details: Any = entry
    said = {
        "quote": lambda: details.quote.words,
        "statistic": lambda: details.statistic.measure,
    }.get(entry.kind, str)()
    note = pieces(entry.note, query, most=LONG)
    hidden = entry.is_hidden(access.at)
    is_noted = entry.kind == Kind.QUOTE and access.role is not None
    cited = "" if hidden else citation(entry, request.build_absolute_uri(_path(entry)))
    if cited and since:  # whoever pastes it is told as they were
        cited = f"{cited}. {since.sentence}."
    copied = plain_copy(entry, access) if is_noted else cited
    return Hit(
        entry=entry,
        access=access,
        headline=pieces(entry.headline, query),
        words=pieces(said, query, most=LONG),
        note=note if any(piece.hit for piece in note) else [],
        hidden=hidden,
        since=since,
        copied=copied,
        is_noted=is_noted and bool(copied),
    )


def _path(entry: Entry) -> str:
    return reverse("entry", kwargs={"slug": entry.campaign.slug, "pk": entry.pk})


@dataclass(frozen=True)
class Narrower:
    """A facet, and the address that takes it, or lets it go."""

    facet: Facet
    query: str


def _toggled(address: QueryDict, facet: Facet) -> str:
    made = address.copy()
    made.pop("after", None)
    if facet.taken:
        made.setlist(facet.name, [value for value in made.getlist(facet.name) if value != facet.value])
    else:
        made[facet.name] = facet.value
    return without(made)


SAID = {
    "person": "by or about {}",
    "organisation": "of {}",
    "role": "as {}",
    "tag": "tagged {}",
    "start": "from {}",
    "end": "until {}",
    "campaign": "in {}",
}


def _active(search: Search) -> list[str]:
    """The filter in words, for the line that says what is looked in."""
    form = search.form
    said = [
        words.format(f"“{str(form[name].value())[:60]}”")
        for name, words in SAID.items()
        if name in form.fields and form[name].value()
    ]
    if standing := search.standings.get(form["standing"].value() or ""):
        said.insert(0, f"only {standing.label}")
    return said
