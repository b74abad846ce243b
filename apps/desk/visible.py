"""People and sources are seen through the entries they stand in: the same gate, one step further.

Staff see all of a campaign's. Anybody else sees those of the entries they may see, and their own additions;
so a name that only an embargoed quote carries is not given away by a list, a search or a suggestion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.models import Campaign
from apps.campaigns.roles import SEE_HIDDEN_ROLES, May
from apps.evidence.models import Series
from apps.legislation.models import TargetDate
from apps.people.models import Organisation, Person, Post
from apps.sources.models import Source
from apps.timeline.forms import Names
from apps.timeline.index import mark
from apps.timeline.models import Entry, Kind, Tag
from apps.timeline.models.entry import EntryQuerySet, roles_of
from apps.words import read_query


@dataclass(frozen=True)
class Reach:
    """What one person reaches at one moment: one campaign or all they may see. Of those in `whole` they see
    everything, of those in `part` what their entries show. `roles`: what they are, by the campaign's id."""

    user: User | AnonymousUser
    at: datetime
    campaign: Campaign | None
    whole: tuple[int, ...]
    part: tuple[int, ...]
    roles: Mapping[int, str]

    @property
    def campaigns(self) -> tuple[int, ...]:
        return self.whole + self.part


def reach_of(access: Access) -> Reach:
    """One campaign."""
    here, hidden = (access.campaign.pk,), access.may(May.SEE_HIDDEN)
    whole, part = (here, ()) if hidden else ((), here)
    return Reach(access.user, access.at, access.campaign, whole, part, access.roles)


def reach_everywhere(user: User | AnonymousUser, at: datetime) -> Reach:
    """Every campaign they may see: those they are on, and the public ones."""
    roles = roles_of(user, None)
    public = Campaign.objects.filter(is_public=True).order_by("pk").values_list("pk", flat=True)
    whole = sorted(pk for pk, role in roles.items() if role in SEE_HIDDEN_ROLES)
    part = sorted({*roles, *public} - set(whole))
    return Reach(user, at, None, tuple(whole), tuple(part), roles)


def entries(access: Access) -> EntryQuerySet:
    return Entry.objects.visible_to(access.user, at=access.at, campaign=access.campaign, roles=access.roles)


def milestones(access: Access) -> EntryQuerySet:
    return entries(access).filter(kind=Kind.MILESTONE).select_related("milestone")


def persons(access: Access) -> QuerySet[Person]:
    return persons_in(reach_of(access))


def organisations(access: Access) -> QuerySet[Organisation]:
    return organisations_in(reach_of(access))


def sources(access: Access) -> QuerySet[Source]:
    return sources_in(reach_of(access))


def tags(access: Access) -> QuerySet[Tag]:
    return tags_in(reach_of(access))


def series(access: Access) -> QuerySet[Series]:
    """Those of which this person may see a figure. Staff too: a series is there for its figures."""
    shown = entries(access).filter(kind=Kind.STATISTIC, statistic__series=OuterRef("pk"))
    return Series.objects.filter(Exists(shown), campaign=access.campaign)


def entries_in(reach: Reach) -> EntryQuerySet:
    return Entry.objects.visible_to(reach.user, at=reach.at, campaign=reach.campaign, roles=reach.roles)


def persons_in(reach: Reach) -> QuerySet[Person]:
    rows = Person.objects.all()
    return _narrow(reach, rows, lambda: Exists(entries_in(reach).filter(person=OuterRef("pk"))))


def organisations_in(reach: Reach) -> QuerySet[Organisation]:
    def stands_in_one() -> Any:
        posts = Post.objects.filter(organisation=OuterRef("pk"), person__in=persons_in(reach))
        return Exists(entries_in(reach).filter(organisation=OuterRef("pk"))) | Exists(posts)

    return _narrow(reach, Organisation.objects.all(), stands_in_one)


def sources_in(reach: Reach) -> QuerySet[Source]:
    def is_cited() -> Any:
        seen = entries_in(reach)
        moved = TargetDate.objects.filter(source=OuterRef("pk"), milestone__in=seen.values("pk"))
        settled = seen.filter(milestone__settled_source=OuterRef("pk"))
        return Exists(seen.filter(source=OuterRef("pk"))) | Exists(moved) | Exists(settled)

    return _narrow(reach, Source.objects.all(), is_cited)


def tags_in(reach: Reach) -> QuerySet[Tag]:
    seen = Q(campaign__in=reach.whole)
    if reach.part:
        stands_in_one = Exists(entries_in(reach).filter(tags=OuterRef("pk")))
        seen |= Q(campaign__in=reach.part) & Q(stands_in_one)
    return Tag.objects.filter(seen)


def _narrow(reach: Reach, rows: QuerySet[Any], stands_in_one: Callable[[], Any]) -> QuerySet[Any]:
    """Of the whole campaigns all, of the others what stands in an entry they may see, and their own."""
    seen = Q(campaign__in=reach.whole)
    if reach.part:
        own = Q(created_by=reach.user.pk) if reach.user.pk else Q(pk__in=[])
        seen |= Q(campaign__in=reach.part) & (own | Q(stands_in_one()))
    return rows.filter(seen)


def names(access: Access) -> Names:
    """What the forms of this campaign may find by name."""
    return Names(
        persons=persons(access),
        organisations=organisations(access),
        sources=sources(access),
        series=series(access),
    )


FINDABLE = {
    "persons": (persons, "name"),
    "organisations": (organisations, "name"),
    "sources": (sources, "title"),
    "tags": (tags, "name"),
    "series": (series, "name"),
    "entries": (entries, "headline"),
    "milestones": (milestones, "headline"),
}
"""What a field may ask suggestions of, and the text it is found by."""


def suggestions(access: Access, *, find: str, typed: str, most: int = 12) -> list[str]:
    """Names that hold what was typed, those that start with it first; shared names carry their number.
    Entries are looked for in the index: the newest whose headline holds the words."""
    if find == "entries" and typed:
        return _numbered(_headlines(access, typed, most))
    rows, name = FINDABLE[find]
    found: QuerySet[Model] = rows(access).order_by(name, "pk")
    starting = list(found.filter(**{f"{name}__istartswith": typed}).values_list("pk", name)[:most])
    seen = {pk for pk, _ in starting}
    inside = found.filter(**{f"{name}__icontains": typed}).exclude(pk__in=seen) if typed else found.none()
    return _numbered(starting + list(inside.values_list("pk", name)[: most - len(starting)]))


def _headlines(access: Access, typed: str, most: int) -> list[tuple[int, str]]:
    query = read_query(typed)
    if not query:
        return []
    found = entries(access).matching(query, marks=[[mark(access.campaign)]], head=True).newest_first()
    return list(found.values_list("pk", "headline")[:most])


def _numbered(pairs: list[tuple[int, str]]) -> list[str]:
    texts = [text for _, text in pairs]
    return [f"{text} [{pk}]" if texts.count(text) > 1 else text for pk, text in pairs]
