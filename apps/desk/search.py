"""Search: what an address asks for, and what is found, as far as somebody reaches.

Entries come out of the index through the gate (`Entry.objects.visible_to(…).matching(…)`); people,
organisations and sources by their names, among those `visible` shows this person, and nowhere else: so is
every word that is offered for a mistyped one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Lower

from apps.campaigns.fields import Line, PartialDateField
from apps.campaigns.models import Campaign
from apps.desk import visible
from apps.desk.rows import with_details
from apps.desk.standing import LABELS, Standing, standings
from apps.desk.visible import Reach
from apps.people.models import Organisation, Person, Post
from apps.sources.models import Source
from apps.timeline.index import mark, mark_of
from apps.timeline.models import Entry, Kind, Tag
from apps.timeline.models.entry import EntryQuerySet
from apps.timeline.models.matching import key_of
from apps.timeline.paging import COUNT_TO
from apps.words import Query, Term, clues, fold, is_close, nearest, read_query, tokens

PAGE = 30
NAMES_SHOWN = 5
NAMES_LISTED = 100
MOST_NAMED = 300
"""Rows one name in a filter may stand for."""
LOOKED_THROUGH, SAMPLE = 5_000, 1_000
"""Hits, of which all counts are taken in one look. Of more, so many of the newest show what is in them, and
at least how often."""
OFTEN, LIKELY = 3, 30
"""So many that are most often in the hits are offered, out of so many: namesakes are one."""
CANDIDATES = 5_000
NAMED = {"person": "People", "organisation": "Organisations", "source": "Sources"}
KINDS = [*((str(kind), f"{label}s") for kind, label in Kind.choices), *NAMED.items()]
RELEVANCE, DATE = "relevance", "date"
_PLACE = re.compile(r"(?P<tier>[0-2])\.(?P<key>\d{1,19})", re.ASCII)
_LARGEST = 2**63 - 1


class Typed(forms.CharField):
    """As it was typed, but for what no key types."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\x00", " ")


class SearchForm(forms.Form):
    """What can be asked. What was typed is kept where it is wrong."""

    q = Typed(label="Search", required=False, strip=False)
    kind = forms.MultipleChoiceField(
        choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple, label="Kinds"
    )
    person = Line(label="Said by, or about", required=False, max_length=200)
    organisation = Line(label="Organisation", required=False, max_length=200)
    role = Line(
        label="In the role of", required=False, max_length=100, help_text="Held on the day: “Minister”."
    )
    tag = Line(label="Tag", required=False, max_length=50)
    start = PartialDateField(label="From", required=False)
    end = PartialDateField(label="Until", required=False)
    standing = forms.ChoiceField(label="Only", choices=[("", "everything"), *LABELS], required=False)
    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(), to_field_name="slug", required=False, empty_label="every campaign"
    )
    sort = forms.ChoiceField(
        label="First", choices=[(RELEVANCE, "the closest"), (DATE, "the newest")], required=False
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "organisation", "role", "tag", "start", "end"):
            self.fields[name].widget.attrs |= {"autocomplete": "off"}
        if reach.campaign is None:
            campaigns: Any = self.fields["campaign"]
            campaigns.queryset = Campaign.objects.filter(pk__in=reach.campaigns)
        else:
            del self.fields["campaign"]


@dataclass(frozen=True)
class Facet:
    """One way to narrow the hits further: a parameter of the address, its value, and how many fit."""

    name: str
    value: str
    label: str
    count: str
    taken: bool = False


@dataclass
class Search:
    """One search by one person. Built from a form; what it finds is asked for as it is needed."""

    reach: Reach
    form: SearchForm
    place: str = ""
    problems: list[str] = field(default_factory=list)
    damaged: bool = False

    def __post_init__(self) -> None:
        self.form.is_valid()
        self.asked: dict[str, Any] = getattr(self.form, "cleaned_data", {})
        self.query = read_query(self.asked.get("q", ""))
        self.problems = [self.query.problem] if self.query.problem else []
        self.problems += [
            f"{self.form.fields[name].label}: {error}"
            for name, errors in self.form.errors.items()
            for error in errors
        ]
        self.standings = standings(self.reach.at)
        self.kinds = [kind for kind in self.asked.get("kind", ()) if kind in Kind.values]
        self.sorts = [kind for kind in self.asked.get("kind", ()) if kind in NAMED]
        self.marks, self.rest = self._narrowed()

    @property
    def is_asked(self) -> bool:
        return bool(self.query or self.problems or self.narrows)

    @property
    def narrows(self) -> bool:
        """Whether anything is asked of entries but words and kind."""
        names = ("person", "organisation", "role", "tag", "start", "end", "standing")
        return any(self.asked.get(name) for name in names)

    # --- What is asked of entries ---

    def _narrowed(self) -> tuple[list[list[str]], list[Q]]:
        marks, rest = self._whose(), []
        if self.kinds:
            marks.append([mark(Kind(kind)) for kind in self.kinds])
        if standing := self.standings.get(self.asked.get("standing", "")):
            marks.append(list(standing.marks))
            rest.append(standing.is_so)
        if role := self.asked.get("role"):
            rest.append(self._held(role))
        campaign = self.asked.get("campaign") or self.reach.campaign
        here = [campaign.pk] if campaign else self.reach.campaigns
        if len(here) <= MOST_NAMED:
            marks.append([mark_of(Campaign, pk) for pk in here] or ["=none"])
        return marks, rest

    def _whose(self) -> list[list[str]]:
        """Marks of what is named in the filter; a sentence where nobody has the name."""
        marks = []
        kinds: tuple[tuple[str, type[Any], Callable[[Reach], QuerySet[Any]]], ...] = (
            ("person", Person, visible.persons_in),
            ("organisation", Organisation, visible.organisations_in),
            ("tag", Tag, visible.tags_in),
        )
        for name, model, rows in kinds:
            typed = self.asked.get(name)
            if typed:
                ids = self._named(rows(self.reach), name, typed)
                marks.append([mark_of(model, pk) for pk in ids] or ["=none"])
        return marks

    def _named(self, rows: QuerySet[Any], name: str, typed: str) -> list[int]:
        ids = _tagged(rows, typed) if name == "tag" else _called(rows, typed)
        if not ids:
            self.problems.append(f"Nothing here has the {name} “{typed[:80]}”.")
        if len(ids) > MOST_NAMED:
            self.problems.append(f"“{typed[:80]}” fits more than {MOST_NAMED} names. Type more of it.")
        return ids[:MOST_NAMED]

    def _held(self, role: str) -> Q:
        """In a post they held that day: of a quote it is kept, of the rest reckoned by the entry's day."""
        words = role.split()
        said = Q(*(Q(quote__post__role__icontains=word) for word in words))
        posts = Post.objects.filter(*(Q(role__icontains=word) for word in words), person=OuterRef("person"))
        held = Exists(posts.held_on(OuterRef("placed")))
        return (Q(kind=Kind.QUOTE) & said) | (~Q(kind=Kind.QUOTE) & Q(held))

    # --- Entries ---

    @property
    def finds_entries(self) -> bool:
        asked = bool(self.query) or self.narrows or bool(self.kinds)
        return asked and not self.problems and (bool(self.kinds) or not self.sorts)

    @cached_property
    def _seen(self) -> EntryQuerySet:
        """All that this person sees; the gate is asked once."""
        return visible.entries_in(self.reach)

    def entries(
        self, *marks: Iterable[str], head: bool | None = None, before: int | None = None
    ) -> EntryQuerySet:
        """What fits, through the gate; `marks` narrow it further."""
        start, end = self.asked.get("start"), self.asked.get("end")
        return self._seen.filter(*self.rest).matching(
            self.query,
            marks=[*self.marks, *marks],
            head=head,
            start=start.placed if start else None,
            end=end.latest if end else None,
            before=before,
        )

    @cached_property
    def tally(self) -> "Tally":
        return tally(self.entries, self.standings) if self.finds_entries else Tally()

    @property
    def count(self) -> int:
        """How many, or one more than is counted."""
        return self.tally.count

    @cached_property
    def page(self) -> tuple[list[Entry], str]:
        """The entries of the page, and the place of the next, if there is one."""
        if not self.finds_entries:
            return [], ""
        found: list[tuple[int, int, int]] = []
        tier, before = self._place()
        for number, head in self._tiers():
            if number < tier or len(found) > PAGE:
                continue
            rows = self.entries(head=head, before=before if number == tier else None).newest_first()
            hits = rows.values_list("pk", "placed")[: PAGE + 1 - len(found)]
            found += [(number, key_of(placed, pk), pk) for pk, placed in hits]
        shown = found[:PAGE]
        more = f"{shown[-1][0]}.{shown[-1][1]}" if len(found) > PAGE else ""
        return self._rows([pk for *_, pk in shown]), more

    def _tiers(self) -> Sequence[tuple[int, bool | None]]:
        """By date all are one. Else those come first whose own words hold what is asked."""
        if self.asked.get("sort") == DATE or not self.query:
            return [(0, None)]
        return [(1, True), (2, False)]

    def _place(self) -> tuple[int, int | None]:
        if not self.place:
            return 0, None
        match = _PLACE.fullmatch(self.place)
        if match is None or int(match["key"]) > _LARGEST:
            self.damaged = True
            return 0, None
        tier = int(match["tier"])
        if tier not in [number for number, _ in self._tiers()]:
            self.damaged = True
            return 0, None
        return tier, int(match["key"])

    def _rows(self, ids: list[int]) -> list[Entry]:
        rows = {row.pk: row for row in with_details(self._seen.filter(pk__in=ids))}
        return [rows[pk] for pk in ids if pk in rows]

    # --- Counts of what narrows further ---

    @cached_property
    def facets(self) -> list[list[Facet]]:
        """Lines of them: kinds, how they stand, who, which organisation, tag and campaign."""
        if not self.finds_entries or not self.count:
            return []
        lines = [
            self._kind_facets(),
            self._standing_facets(),
            self._often("person", Person, Counter(row[2] for row in self.tally.rows)),
            self._often("organisation", Organisation, Counter(row[3] for row in self.tally.rows)),
            self._often("tag", Tag, self._tags()),
        ]
        if self.reach.campaign is None and not self.asked.get("campaign"):
            lines.append(self._often("campaign", Campaign, Counter(row[4] for row in self.tally.rows)))
        return [line for line in lines if line]

    def _kind_facets(self) -> list[Facet]:
        return [
            Facet("kind", kind, f"{label.lower()}s", count, kind in self.kinds)
            for kind, label in Kind.choices
            if (count := self.tally.kinds.get(kind)) and (kind in self.kinds or not self.kinds)
        ]

    def _standing_facets(self) -> list[Facet]:
        taken = self.asked.get("standing", "")
        return [
            Facet("standing", name, standing.label, count, name == taken)
            for name, standing in self.standings.items()
            if (count := self.tally.standings.get(name)) and (not taken or name == taken)
        ]

    def _often(self, name: str, model: type[Any], seen: Mapping[int | None, int]) -> list[Facet]:
        """Those most often in the hits, each with how many hits it is in: namesakes together, for an address
        names them and leads to all of them."""
        if self.asked.get(name):
            return []
        top = sorted((pk for pk in seen if pk is not None), key=lambda pk: (-seen[pk], pk))[:LIKELY]
        counts: Counter[str] = Counter()
        named: dict[str, tuple[str, str]] = {}
        rows = _namesakes(model, top, self.reach.campaigns)
        for pk, label, value, called in sorted(rows, key=lambda row: (-seen.get(row[0], 0), row[0])):
            if called and pk in seen:
                counts[called] += seen[pk]
                named.setdefault(called, (label, value))
        order = sorted(named, key=lambda called: (-counts[called], named[called]))[:OFTEN]
        return [
            Facet(name, value, label, self.tally.words_of(counts[called]))
            for called in order
            for label, value in [named[called]]
        ]

    def _tags(self) -> Mapping[int | None, int]:
        """The tags of what is looked through, and on how many of it each stands."""
        hits = self._seen.of_keys([row[1] for row in self.tally.rows])
        return dict(hits.order_by().values_list("tags").annotate(Count("pk")))

    # --- Names ---

    @cached_property
    def names(self) -> list["Names"]:
        """People, organisations and sources with that name, on the first page."""
        if self.problems or not self.query or self.narrows or self.place or (self.kinds and not self.sorts):
            return []
        sorts = self.sorts or list(NAMED)
        most = NAMES_LISTED if self.sorts else NAMES_SHOWN
        found = [Names(sort, NAMED[sort], *named(self.reach, sort, self.query, most)) for sort in sorts]
        return [names for names in found if names.rows]

    @cached_property
    def meant(self) -> str:
        """The words with those exchanged that may be mistyped names, where only that finds something."""
        if self.problems or not self.query or self.count or self.place:
            return ""
        known: dict[str, None] = {}
        typed = [term.tokens[0] for term in self.query.wanted if len(term.tokens) == 1]
        for sort in ("person", "organisation"):
            for folded in _folded_like(ROWS[sort][1](self.reach), typed):
                known |= dict.fromkeys(folded.split())
        said = self.query.typed
        for word in typed:
            if word not in known and (likely := nearest(word, known)):
                said = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", likely, said, flags=re.IGNORECASE)
        if said == self.query.typed:
            return ""
        tried = read_query(said)
        finds = self._seen.filter(*self.rest).matching(tried, marks=self.marks)
        return said if tried and finds.order_by()[:1].count() else ""


def _tagged(rows: QuerySet[Any], typed: str) -> list[int]:
    found = rows.filter(name__iexact=typed).order_by("pk")
    return list(found.values_list("pk", flat=True)[: MOST_NAMED + 1])


def _called(rows: QuerySet[Any], typed: str) -> list[int]:
    """Those who have just that name; where nobody does, those whose names begin with the words of it."""
    whole = fold(typed)
    if not whole:  # signs alone, which would fit every name
        return []
    found = rows.filter(*(Q(folded__contains=f" {word}") for word in tokens(typed)))
    first = Case(When(folded=whole, then=0), default=1)
    likely = list(found.order_by(first, "pk").values_list("pk", "folded")[: MOST_NAMED + 1])
    return [pk for pk, folded in likely if folded == whole] or [pk for pk, _ in likely]


def _namesakes(model: type[Any], ids: Sequence[int], campaigns: Sequence[int]) -> list[tuple[Any, ...]]:
    """These and all that an address names as it names them: key, name, what the address says, what this is
    taken for."""
    if model is Campaign:
        return list(model.objects.filter(pk__in=ids).values_list("pk", "name", "slug", "slug"))
    called = Lower("name") if model is Tag else F("folded")
    rows = model.objects.annotate(called=called)
    alike = rows.filter(campaign__in=campaigns, called__in=rows.filter(pk__in=ids).values("called"))
    return list(alike.order_by().values_list("pk", "name", "name", "called"))


@dataclass(frozen=True)
class Names:
    """Rows of one sort found by name. `more`: there are more than these; `close`: some are only like it."""

    sort: str
    label: str
    rows: list[Any]
    more: bool
    close: bool


ROWS: dict[str, tuple[Any, Callable[[Reach], QuerySet[Any]]]] = {
    "person": (Person, visible.persons_in),
    "organisation": (Organisation, visible.organisations_in),
    "source": (Source, visible.sources_in),
}
"""Of each sort, all there are and those somebody sees."""


def named(reach: Reach, sort: str, query: Query, most: int) -> tuple[list[Any], bool, bool]:
    """Rows whose names hold the words; of people and organisations, where there is room, those whose names
    hold words that these may be slips of."""
    by = "title" if sort == "source" else "name"
    model, seen_in = ROWS[sort]
    # What this person sees of them takes longer to ask than all else here: it is asked of what has the name.
    every = model.objects.filter(campaign__in=reach.campaigns)
    found: list[Any] = []
    if _holding(every, query).exists():
        held = _holding(seen_in(reach), query).select_related("campaign")
        found = list(held.order_by(by, "pk")[: most + 1])
    rows, more = found[:most], len(found) > most
    if sort == "source" or len(rows) >= most or any(term.unwanted for term in query.terms):
        return rows, more, False
    words = [token for term in query.wanted for token in term.tokens]
    there = {row.pk for row in rows}
    others = [pk for pk in _likely(_rows_like(every, words), words) if pk not in there]
    if not others:
        return rows, more, False
    like = seen_in(reach).filter(pk__in=others).select_related("campaign")
    close = list(like.order_by(by, "pk")[: most - len(rows)])
    return rows + close, more, bool(close)


def _likely(named: Sequence[tuple[int, str]], words: Sequence[str]) -> list[int]:
    """Those of the names in which each word stands, or something that it may be a slip of."""
    known = {name for _, folded in named for name in folded.split()}
    meant = [{name for name in known if name.startswith(word) or is_close(word, name)} for word in words]
    return [pk for pk, folded in named if all(not those.isdisjoint(folded.split()) for those in meant)]


def _holding(rows: QuerySet[Any], query: Query) -> QuerySet[Any]:
    for term in query.terms:
        held = _held_by(term)
        rows = rows.exclude(held) if term.unwanted else rows.filter(held)
    return rows


def _held_by(term: Term) -> Q:
    words = " " + " ".join(term.tokens)
    if term.start:
        return Q(folded__contains=words)
    return Q(folded__contains=f"{words} ") | Q(folded__endswith=words)


def _rows_like(rows: QuerySet[Any], words: Sequence[str]) -> list[tuple[int, str]]:
    """Those that may hold a slip of every word: a piece of each stands in them."""
    for word in words:
        pieces = Q()
        for clue in clues(word):
            pieces |= Q(folded__contains=clue)
        rows = rows.filter(pieces)
    return list(rows.order_by("pk").values_list("pk", "folded")[:CANDIDATES])


def _folded_like(rows: QuerySet[Any], words: Sequence[str]) -> list[str]:
    """Names in which a slip of any of the words may stand."""
    pieces = Q(pk__in=[])
    for word in words:
        for clue in clues(word):
            pieces |= Q(folded__contains=clue)
    return list(rows.filter(pieces).order_by("pk").values_list("folded", flat=True)[:CANDIDATES])


@dataclass(frozen=True)
class Tally:
    """How many hits there are, up to one more than is counted; in words, of each kind and standing that any
    is of. `rows`: as (kind, key, person, organisation, campaign), all of them where it `is_whole`, else the
    newest."""

    count: int = 0
    rows: Sequence[tuple[Any, ...]] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    standings: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True

    def words_of(self, count: int) -> str:
        """Of what was counted in the rows."""
        return words_of(count, exact=self.is_whole)


def tally(found: Callable[..., EntryQuerySet], standings: Mapping[str, Standing]) -> Tally:
    """`found` answers the hits, narrowed to marks. What is in none of those looked at is counted by the
    index: it is rare, and to be named all the same."""
    so = {f"is_{name}": ExpressionWrapper(each.is_so, BooleanField()) for name, each in standings.items()}
    facts = ("kind", "pk", "person", "organisation", "campaign", *so)
    rows = list(found().order_by().annotate(**so).values_list(*facts)[: LOOKED_THROUGH + 1])
    hits: Sequence[tuple[Any, ...]] = rows
    whole = len(rows) <= LOOKED_THROUGH
    if not whole:
        hits = looked_at(found())
        rows = list(found().newest_first().annotate(**so).values_list(*facts)[:SAMPLE])
    kinds, exact = Counter(kind for kind, *_ in hits), len(hits) <= COUNT_TO
    stand = {name: sum(bool(row[at]) for row in rows) for at, name in enumerate(standings, start=5)}
    return Tally(
        len(hits),
        rows,
        _in_words(kinds, Kind.values, exact, lambda kind: found([mark(Kind(kind))])),
        _in_words(
            stand,
            standings,
            whole,
            lambda name: found(standings[name].marks).filter(standings[name].is_so),
        ),
        whole,
    )


def looked_at(found: QuerySet[Entry]) -> list[tuple[str, int]]:
    """The kind and key of each hit, in no order, of one more than is counted at most."""
    return list(found.order_by().values_list("kind", "pk")[: COUNT_TO + 1])


def _in_words(
    seen: Mapping[str, int], names: Iterable[str], exact: bool, rest: Callable[[str], QuerySet[Entry]]
) -> dict[str, str]:
    """ "412" where that is all, "412+" where it is so many at least. What was not seen, `rest` counts."""
    said = {}
    for name in names:
        if count := seen.get(name, 0):
            said[name] = words_of(count, exact=exact)
        elif not exact and (count := rest(name).order_by()[: SAMPLE + 1].count()):
            said[name] = words_of(min(count, SAMPLE), exact=count <= SAMPLE)
    return said


def words_of(count: int, *, exact: bool = True) -> str:
    """ "1,204", or "10,000+"; "1,204+" where it is so many at least."""
    return f"{count:,}" if exact and count <= COUNT_TO else f"{min(count, COUNT_TO):,}+"
