"""People and sources are seen through the entries they stand in: the same gate, one step further.

Staff see all of a campaign's. Anybody else sees those of the entries they may see, and their own additions;
so a name that only an embargoed quote carries is not given away by a list, a search or a suggestion.
"""

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from apps.campaigns.access import Access
from apps.campaigns.roles import May
from apps.legislation.models import TargetDate
from apps.people.models import Organisation, Person, Post
from apps.sources.models import Source
from apps.timeline.forms import Names
from apps.timeline.models import Entry, Tag


def entries(access: Access) -> QuerySet[Entry]:
    return Entry.objects.visible_to(access.user, at=access.at, campaign=access.campaign)


def persons(access: Access) -> QuerySet[Person]:
    rows = Person.objects.filter(campaign=access.campaign)
    return _narrow(access, rows, Exists(entries(access).filter(person=OuterRef("pk"))))


def organisations(access: Access) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(campaign=access.campaign)
    if access.may(May.SEE_HIDDEN):
        return rows
    posts = Post.objects.filter(organisation=OuterRef("pk"), person__in=persons(access))
    return _narrow(access, rows, Exists(entries(access).filter(organisation=OuterRef("pk"))) | Exists(posts))


def sources(access: Access) -> QuerySet[Source]:
    rows = Source.objects.filter(campaign=access.campaign)
    if access.may(May.SEE_HIDDEN):
        return rows
    moved = TargetDate.objects.filter(source=OuterRef("pk"), milestone__in=entries(access).values("pk"))
    settled = entries(access).filter(milestone__settled_source=OuterRef("pk"))
    cited = Exists(entries(access).filter(source=OuterRef("pk"))) | Exists(moved) | Exists(settled)
    return _narrow(access, rows, cited)


def tags(access: Access) -> QuerySet[Tag]:
    rows = Tag.objects.filter(campaign=access.campaign)
    if access.may(May.SEE_HIDDEN):
        return rows
    return rows.filter(Exists(entries(access).filter(tags=OuterRef("pk"))))


def _narrow(access: Access, rows: QuerySet[Any], stands_in_one: Any) -> QuerySet[Any]:
    if access.may(May.SEE_HIDDEN):
        return rows
    own = Q(created_by=access.user.pk) if access.user.pk else Q(pk__in=[])
    return rows.filter(own | Q(stands_in_one))


def names(access: Access) -> Names:
    """What the forms of this campaign may find by name."""
    return Names(persons=persons(access), organisations=organisations(access), sources=sources(access))


FINDABLE = {
    "persons": (persons, "name"),
    "organisations": (organisations, "name"),
    "sources": (sources, "title"),
    "tags": (tags, "name"),
    "entries": (entries, "headline"),
}
"""What a field may ask suggestions of, and the text it is found by."""


def suggestions(access: Access, *, find: str, typed: str, most: int = 12) -> list[str]:
    """Names that hold what was typed, those that start with it first; shared names carry their number."""
    rows, name = FINDABLE[find]
    found: QuerySet[Model] = rows(access).order_by(name, "pk")
    starting = list(found.filter(**{f"{name}__istartswith": typed}).values_list("pk", name)[:most])
    seen = {pk for pk, _ in starting}
    inside = found.filter(**{f"{name}__icontains": typed}).exclude(pk__in=seen) if typed else found.none()
    pairs = starting + list(inside.values_list("pk", name)[: most - len(starting)])
    texts = [text for _, text in pairs]
    return [f"{text} [{pk}]" if texts.count(text) > 1 else text for pk, text in pairs]
