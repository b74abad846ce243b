"""Proposals as their pages show them, and as the forms of entries take them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, TextField, When
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, QueryDict

from apps.accounts.models import User
from apps.campaigns.access import Access, SignInRequired, open_campaign
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.actions import change_milestone
from apps.desk.cascade import Foreseen, foresee
from apps.desk.kinds import KINDS
from apps.desk.moving import Near, near, open_milestones
from apps.desk.promised import Line, line_of
from apps.intake import actions
from apps.intake.forms import RejectForm, ReviewForm
from apps.intake.models import Article, Decision, Proposal, Reading
from apps.legislation.actions import revise_target
from apps.people.actions import add_post
from apps.people.models import Person
from apps.sources.models import Source
from apps.timeline.actions import add_link
from apps.timeline.forms import EntryForm, Names
from apps.timeline.models import Entry, Kind, Relation, Visibility
from apps.words.typos import is_close

Fields = dict[str, Any]
NOT_PROPOSED = ("version", "cleared", "submitted")
"""Fields of an entry's form that nobody proposes: clearing is a decision of its own."""
MOST_NEAR = 6
SHORT = 160


# --- Who may see and decide ---------------------------------------------------------------------------------


def open_to_senders(request: HttpRequest, slug: str) -> Access:
    """The campaign, for whoever may hand something in; to others there is no such page."""
    access = open_campaign(request, slug)
    if not access.may(May.ADD):
        raise Http404("No such page, or not for you to see.") if access.user.pk else SignInRequired
    return access


def proposals(access: Access) -> QuerySet[Proposal]:
    """What this person may see: reviewers what was handed in, everybody their own."""
    rows = Proposal.objects.filter(campaign=access.campaign)
    own = rows.filter(proposed_by=access.user.pk) if access.user.pk else rows.none()
    if not access.may(May.APPROVE):
        return own
    return rows.handed_in() | own


def articles(access: Access) -> QuerySet[Article]:
    """Texts that were taken in: reviewers see all, everybody else their own."""
    rows = Article.objects.filter(campaign=access.campaign)
    if access.may(May.APPROVE):
        return rows
    return rows.filter(added_by=access.user.pk)


def read_already(access: Access) -> QuerySet[Article]:
    """Those of them that need not be read again for this person: without what somebody else took in and sent
    nothing of, as what was found in that is for nobody else to see."""
    there = Proposal.objects.filter(article=OuterRef("pk"))
    shown = Q(Exists(there.handed_in())) | ~Q(Exists(there)) | Q(added_by=access.user.pk)
    return articles(access).filter(shown)


WITH = (
    *("campaign", "proposed_by", "assignee", "claimed_by", "entry"),
    *("article__source", "article__added_by", "photo"),
    *("line__quote__entry__person", "line__quote__entry__organisation", "line__quote__entry__source"),
    *("line__quote__post__organisation", "line__milestone__entry"),
)


def with_parts(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Everything a card says, in as many queries however many there are. `printed` is a figure as it
    stands in its text, which is not read whole for that."""
    decided = Decision.objects.select_related("decided_by").order_by("id")
    length = F("end") - F("start")
    printed = Substr("article__snapshot__text", F("start") + 1, length)
    figures = Case(When(kind=Kind.STATISTIC, then=printed), output_field=TextField())
    return (
        rows.select_related(*WITH)
        .annotate(printed=figures)
        .prefetch_related(
            Prefetch("decisions", decided, to_attr="decided"),
            Prefetch("readings", Reading.objects.select_related("read_by"), to_attr="read"),
        )
    )


def find_proposal(access: Access, pk: int) -> Proposal:
    found = with_parts(proposals(access)).filter(pk=pk).first()
    if found is None:
        raise Http404("No such proposal, or not one you may see.")
    return found


# --- Fields, as typed ---------------------------------------------------------------------------------------


def typed_in(form: forms.Form) -> Fields:
    """What stands in a form, bound or not, as a person would have typed it."""
    return {
        name: _typed(form[name])
        for name in form.fields
        if name not in NOT_PROPOSED and not isinstance(form.fields[name], forms.FileField)
    }


def _typed(bound: forms.BoundField) -> str:
    shown = bound.field.widget.format_value(bound.value())
    if isinstance(shown, list | tuple):
        shown = shown[0] if shown else ""
    return str(shown if shown is not None else "").replace("\r\n", "\n")


def differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of fields that differ, in the order of `now`."""
    return [name for name in now if _flat(was.get(name)) != _flat(now[name])]


def _flat(value: Any) -> str:
    return " ".join(str(value or "").split())


@dataclass(frozen=True)
class Differs:
    label: str
    before: str
    after: str


def differences(was: Mapping[str, Any], now: Mapping[str, Any], kind: str) -> list[Differs]:
    """What differs, under the names that the fields have on their form."""
    return [
        Differs(label_of(name, kind), str(was.get(name) or ""), str(now[name] or ""))
        for name in differing(was, now)
    ]


LABELS: dict[str, dict[str, str]] = {
    Kind.QUOTE: {
        "date": "When it was said",
        "person": "Who said it",
        "organisation": "For which organisation",
    },
    Kind.STATISTIC: {"date": "As of", "person": "Counted by (person)", "organisation": "Counted by"},
    Kind.MILESTONE: {
        "date": "Target date",
        "person": "Who must do it (person)",
        "organisation": "Who must do it (organisation)",
    },
    Kind.UPDATE: {},
}
EXTRA = {
    "role": "Their role then",
    "link_to": "Link it to",
    "relation": "Because it",
    "moves": "It moves the date of",
    "reason": "Why it moved",
}


def label_of(name: str, kind: str) -> str:
    if name in LABELS[kind]:
        return LABELS[kind][name]
    made = KINDS[kind].form.base_fields.get(name)
    return str((made.label if made else None) or EXTRA.get(name) or name.replace("_", " ").capitalize())


# --- The forms ----------------------------------------------------------------------------------------------


def entry_form(proposal: Proposal, access: Access, names: Names, data: Any = None) -> EntryForm:
    """The form of its kind: with what is proposed in it, or bound to `data`."""
    how = KINDS[proposal.kind]
    changed = proposal.entry if proposal.sort == Proposal.Sort.CHANGE else None
    starts, ids = _starts(proposal, access), f"id_{proposal.pk}_%s"
    form = how.form(data, access=access, names=names, entry=changed, initial=starts, auto_id=ids)
    for name in ("cleared", "submitted"):
        form.fields.pop(name, None)
    return form


def _starts(proposal: Proposal, access: Access) -> Fields:
    """What is proposed, over what a new entry starts with."""
    fields = {name: value for name, value in proposal.fields.items() if name not in NOT_PROPOSED}
    if proposal.sort == Proposal.Sort.CHANGE:
        return fields
    starts: Fields = {"visibility": Visibility.TEAM}
    if proposal.kind == Kind.MILESTONE and access.may(May.APPROVE):
        starts["owner"] = str(access.user.pk)  # or nobody would watch it
    if proposal.article is not None:
        source = proposal.article.source
        starts["source"] = f"{source.title} [{source.pk}]"
    return starts | fields


def as_it_stands(proposal: Proposal, access: Access, names: Names) -> EntryForm:
    """The form as if what is proposed had been typed into it and sent."""
    blank = entry_form(proposal, access, names)
    data = QueryDict(mutable=True)
    for name, value in typed_in(blank).items():
        data[name] = value
    if proposal.entry is not None:
        data["version"] = str(_version_seen(proposal, proposal.entry, access, names))
    return entry_form(proposal, access, names, data)


def _version_seen(proposal: Proposal, entry: Entry, access: Access, names: Names) -> int:
    """Of what the entry says elsewhere, nothing would be overwritten: its version now. Where what would be
    changed reads otherwise since, nobody has compared the two: the version it was suggested from, which is
    refused."""
    if proposal.entry_version is None or entry.version == proposal.entry_version:
        return entry.version
    stands = typed_in(KINDS[proposal.kind].form(access=access, names=names, entry=entry))
    touched = differing(proposal.was, {name: stands.get(name, "") for name in proposal.fields})
    return proposal.entry_version if touched else entry.version


def suggested_of(form: EntryForm, entry: Entry, access: Access) -> tuple[Fields, Fields]:
    """What a form would change of an entry, and what stands there now; with its headline, to name it by."""
    stands = type(form)(access=access, names=visible.names(access), entry=entry)
    was, now = typed_in(stands), typed_in(form)
    changed = differing(was, now)
    before = {name: was.get(name, "") for name in changed}
    return {name: now[name] for name in changed}, before | {"headline": entry.headline}


def worded(proposal: Proposal, form: EntryForm, review: ReviewForm, access: Access) -> Fields:
    """What stands in the two forms, as far as it was proposed or somebody wrote it: without what a new entry
    starts with anyway, or an entry that would be changed says already."""
    blank = Proposal(
        campaign=proposal.campaign,
        sort=proposal.sort,
        kind=proposal.kind,
        article=proposal.article,
        entry=proposal.entry,
    )
    starts = typed_in(entry_form(blank, access, visible.names(access)))
    starts |= review_form(blank, access).typed()
    made = typed_in(form) | review.typed()
    changed = differing(starts, made)
    return {name: made[name] for name in made if name in proposal.proposed or name in changed}


def review_form(proposal: Proposal, access: Access, data: Any = None) -> ReviewForm:
    ids = f"id_{proposal.pk}_%s"
    form = ReviewForm(data, proposal=proposal, entries=visible.entries(access), auto_id=ids)
    kept = for_reader(proposal, proposal.fields, sees_all=access.may(May.SEE_HIDDEN))
    form.initial = {**form.initial, **{name: kept.get(name, "") for name in OTHERS}}
    return form


def reviewed_as_it_stands(proposal: Proposal, access: Access, version: Any) -> ReviewForm:
    unbound = review_form(proposal, access)
    data = {f"review-{name}": _typed(unbound[name]) for name in unbound.fields} | {"review-version": version}
    return review_form(proposal, access, data)


# --- Accepting ----------------------------------------------------------------------------------------------


class MovesOthers(Exception):
    """The date it moves has others hanging on it: what would become of them is to be seen first. Nothing was
    written."""

    asks = True

    def __init__(self, foreseen: Foreseen) -> None:
        count = len(foreseen.followers)
        others = "another deadline hangs" if count == 1 else f"{count} other deadlines hang"
        super().__init__(f"{others} on the date it moves: open it to see where they go, then accept it there")
        self.foreseen = foreseen


def accept(
    proposal: Proposal, form: EntryForm, review: ReviewForm, access: Access, *, confirmed: str = ""
) -> Decision:
    """Write what the two forms say, and the decision. `confirmed` is the mark of what was shown of other
    dates that move. Raises Taken, Unread, Conflict, ValidationError and MovesOthers."""
    filled = review.cleaned_data
    entry = filled.get("moves")
    is_theirs = proposal.is_open and not proposal.is_claimed_from(access.member.pk, access.at)
    is_first = is_theirs and proposal.version == filled["version"]
    if entry and is_first and access.may(May.MOVE) and entry.milestone.hanging.exists():
        moving = _moving(entry, form, filled["reason"], None, access)
        foreseen = foresee(moving, entry.milestone, access)
        if foreseen.mark and foreseen.mark != confirmed:
            raise MovesOthers(foreseen)
    made = worded(proposal, form, review, access)

    def write() -> Entry:
        if proposal.sort == Proposal.Sort.CHANGE:
            return _change(proposal, form, access)
        if moved := filled.get("moves"):
            return _move(moved, form, filled["reason"], access)
        return _add(proposal, form, review, access)

    return actions.accept(
        proposal=proposal,
        write=write,
        made=made,
        version=filled["version"],
        because=filled["because"],
        span=filled.get("span"),
        by=access.member,
        at=access.at,
    )


def _change(proposal: Proposal, form: EntryForm, access: Access) -> Entry:
    entry = visible.entries(access).filter(pk=proposal.entry_id or 0).first()
    if entry is None:
        raise ValidationError("The entry it would change is gone, or not for you to see.")
    KINDS[proposal.kind].edit(form, entry, access.member, access.at)
    return entry


def _move(entry: Entry, form: EntryForm, reason: str, access: Access) -> Entry:
    """The date that was found is the milestone's new one: a row in the record of its dates, and reminders
    planned anew."""
    if not access.may(May.MOVE):
        raise ValidationError(
            "Moving a date is for owners and advocacy. Nothing was written: give it to one of them."
        )
    _moving(entry, form, reason, form.source_chosen(by=access.member), access)()
    return entry


def _moving(
    entry: Entry, form: EntryForm, reason: str, source: Source | None, access: Access
) -> Callable[[], object]:
    milestone, to = entry.milestone, form.cleaned_data["date"]
    return lambda: change_milestone(
        lambda: revise_target(
            milestone=milestone, to=to, reason=reason, source=source, by=access.member, at=access.at
        ),
        milestone=milestone,
        at=access.at,
    )


def _add(proposal: Proposal, form: EntryForm, review: ReviewForm, access: Access) -> Entry:
    by, at, filled = access.member, access.at, review.cleaned_data
    if role := filled.get("role"):
        _hold(form, role, access)
    added = KINDS[proposal.kind].add(form, access.campaign, by, at, True)
    if other := filled.get("link_to"):
        relation = Relation(filled["relation"] or Relation.SUPPORTS)
        add_link(from_entry=added, to_entry=other, relation=relation, by=by, at=at)
    return added


def _hold(form: EntryForm, role: str, access: Access) -> None:
    """Note the post they spoke in, unless one like it is known. A person who is new is added on the way."""
    filled = form.cleaned_data
    person = form._person(filled["person"], by=access.member)
    if person is None:
        return
    filled["person"] = person
    organisation = form._organisation(filled["organisation"], by=access.member)
    filled["organisation"] = organisation
    if not person.posts.filter(role__iexact=role).exists():
        add_post(person=person, role=role, organisation=organisation, by=access.member)


# --- What a card says ---------------------------------------------------------------------------------------


OTHERS = ("link_to", "relation", "moves", "reason")
"""Fields that say of another entry what it is called."""


def for_reader(row: Proposal, fields: Fields, *, sees_all: bool) -> Fields:
    """Without what staff typed of other entries, which may not be for whoever proposed it to see; their own
    words stay."""
    if sees_all:
        return fields
    return {
        name: value
        for name, value in fields.items()
        if name not in OTHERS or value == row.proposed.get(name, "")
    }


@dataclass
class Card:
    """A proposal on a page. `title` is the fact in one line, `facts` what else is proposed, `words` what it
    rests on in its text. `held_by` is who else has it to themselves; `lacks` what it needs before it can be
    accepted as it stands."""

    row: Proposal
    title: str
    facts: list[tuple[str, str]]
    changes: list[Differs]
    line: Line | None = None
    held_by: User | None = None
    mine: bool = False
    may_decide: bool = False
    reject: RejectForm | None = None
    form: EntryForm | None = None
    review: ReviewForm | None = None
    near: list[str] = field(default_factory=list)
    watchers: Mapping[str, str] = field(default_factory=dict)
    moving: list[Near] = field(default_factory=list)
    problem: str = ""
    effect: MovesOthers | None = None
    sees_all: bool = False
    stands: str = ""

    @property
    def decision(self) -> Decision | None:
        decided: list[Decision] = getattr(self.row, "decided", [])
        return decided[-1] if decided else None

    @property
    def edited(self) -> list[Differs]:
        """What was changed and added since it was proposed, and by accepting it."""
        proposed, made = _proposed_and_made(self.row, self.decision)
        return differences(self._naming(proposed), self._naming(made), self.row.kind)

    def _naming(self, fields: Fields) -> Fields:
        """With the name of whoever watches, whose number the field holds; and without what names other
        entries, where that is not for this reader."""
        fields = for_reader(self.row, fields, sees_all=self.sees_all)
        owner = str(fields.get("owner") or "")
        return fields | {"owner": self.watchers.get(owner, "somebody who has left")} if owner else fields

    @property
    def readings(self) -> list[Reading]:
        return getattr(self.row, "read", [])

    @property
    def has_photo(self) -> bool:
        return hasattr(self.row, "photo")

    @property
    def lacks(self) -> str:
        if self.row.sort not in (Proposal.Sort.FOUND, Proposal.Sort.ENTRY):
            return ""
        fields = self.row.fields
        if self.row.kind == Kind.QUOTE and not (fields.get("person") or fields.get("organisation")):
            return "Who said it is missing."
        if self.row.kind == Kind.STATISTIC and not fields.get("measure"):
            return "What is counted is missing."
        return "" if fields.get("date") else "Its date is missing."


SHOWN: dict[str, tuple[str, ...]] = {
    Kind.QUOTE: ("person", "role", "organisation", "date"),
    Kind.STATISTIC: ("area", "period", "baseline", "stated_change", "organisation", "date"),
    Kind.MILESTONE: ("date", "moves", "reason", "person", "organisation"),
    Kind.UPDATE: ("date", "note", "source"),
}


def card_of(row: Proposal, access: Access, *, reject: bool = True) -> Card:
    sees_all = access.may(May.SEE_HIDDEN)
    fields = for_reader(row, row.fields, sees_all=sees_all)
    change = row.sort == Proposal.Sort.CHANGE
    line = line_of(row.line, access) if row.line else None
    held = row.claimed_by if row.is_claimed_from(access.user.pk, access.at) else None
    shown = () if change else SHOWN[row.kind]
    return Card(
        row,
        line.headline if line else title_of(row),
        [(label_of(name, row.kind), str(fields[name])) for name in shown if fields.get(name)],
        differences(row.was, fields, row.kind) if change else [],
        line=line,
        held_by=held,
        mine=row.proposed_by_id is not None and row.proposed_by_id == access.user.pk,
        may_decide=access.may(May.APPROVE) and row.is_open,
        reject=RejectForm(initial={"version": row.version}, prefix=f"no-{row.pk}") if reject else None,
        stands=stands_of(row, access),
        sees_all=sees_all,
    )


def stands_of(row: Proposal, access: Access) -> str:
    """The same for as long as its card would look the same to this person: see desk/reviewing.py."""
    held = row.claimed_by_id if row.is_claimed_from(access.user.pk, access.at) else 0
    return f"{row.version}-{row.state}-{held}"


def cards_of(rows: Iterable[Proposal], access: Access) -> list[Card]:
    cards = [card_of(row, access) for row in rows]
    watchers = _watchers(cards)
    dated = [card for card in cards if card.row.kind == Kind.MILESTONE and card.row.is_undecided]
    milestones = open_milestones(access) if dated else []
    for card in cards:
        card.watchers = watchers
    for card in dated:
        card.moving = near(card.row, milestones) if card.row.sort != Proposal.Sort.CHANGE else []
    return cards


def _watchers(cards: Sequence[Card]) -> dict[str, str]:
    """The names of those whom the cards' fields have watch a milestone, by their numbers as typed."""
    said = [fields for card in cards for fields in _proposed_and_made(card.row, card.decision)]
    numbers = {owner for fields in said if (owner := str(fields.get("owner") or "")).isdecimal()}
    people = User.objects.filter(pk__in=numbers) if numbers else ()
    return {str(person.pk): person.name for person in people}


def _proposed_and_made(row: Proposal, decision: Decision | None) -> tuple[Fields, Fields]:
    """What came, and what was made of it: by accepting it, or so far."""
    if decision is not None and decision.outcome == Decision.Outcome.ACCEPTED:
        return (decision.proposed, decision.made) if decision.made else ({}, {})
    return row.proposed, dict.fromkeys(row.proposed, "") | row.fields


def title_of(row: Proposal) -> str:
    """The fact in one line."""
    fields = row.fields
    if row.sort == Proposal.Sort.CHANGE:
        # As whoever proposed it saw it: what the entry says now may not be theirs to see.
        return _short(str(row.was.get("headline", ""))) or "An entry"
    if row.kind == Kind.QUOTE:
        return f"“{_short(str(fields.get('words', '')))}”"
    if row.kind == Kind.STATISTIC:
        parts = [str(fields.get("hedge", "")), str(fields.get("figure", "")), str(fields.get("unit", ""))]
        figure = " ".join(filter(None, parts))
        measure = str(fields.get("measure", ""))
        printed = _flat(getattr(row, "printed", ""))
        said = measure or (f"“{printed}”" if printed and printed != figure else "")
        return _short(f"{figure}: {said}" if said else figure) or "A figure"
    return _short(str(fields.get("headline", ""))) or "Without a headline"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else text[:SHORT].rsplit(" ", 1)[0] + " …"


def near_names(name: str, access: Access) -> list[str]:
    """People here whose name is close to this one: the same surname, or a slip of the keyboard away."""
    wanted = name.casefold().split()
    if not wanted:
        return []
    surname = wanted[-1]
    rows = visible.persons(access).filter(folded__icontains=surname[: max(3, len(surname) - 2)])
    found = [person for person in rows.order_by("name", "pk")[:200] if _is_near(wanted, person)]
    if len(found) == 1 and found[0].name.casefold() == name.casefold():
        return []
    return [f"{person.name} [{person.pk}]" for person in found[:MOST_NEAR]]


def _is_near(wanted: Sequence[str], person: Person) -> bool:
    words = person.name.casefold().split()
    return bool(words) and (words[-1] == wanted[-1] or is_close(wanted[-1], words[-1]))


# --- The text with its marks --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that the same proposals rest on. `first` are those whose words begin here."""

    text: str
    ids: tuple[int, ...] = ()
    kind: str = ""
    first: int | None = None
    state: str = ""


def pieces_of(text: str, rows: Sequence[Proposal]) -> list[Piece]:
    """The text cut where proposals begin and end; of those that overlap, the shortest gives its kind."""
    spans = [(row.start, row.end, row) for row in rows if row.start is not None and row.end is not None]
    ends = {0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)}
    cuts = sorted(cut for cut in ends if cut <= len(text))
    starting: dict[int, list[tuple[int, int, Proposal]]] = {}
    for span in spans:
        starting.setdefault(span[0], []).append(span)
    seen: set[int] = set()
    pieces: list[Piece] = []
    opened: list[tuple[int, int, Proposal]] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        opened = [span for span in opened if span[1] > start] + starting.get(start, [])
        pieces.append(_piece(text[start:end], opened, seen))
    return pieces


def _piece(text: str, opened: Sequence[tuple[int, int, Proposal]], seen: set[int]) -> Piece:
    """One mark can be the target of one proposal: of the first that has none yet. The others find theirs by
    the ids it bears."""
    if not opened:
        return Piece(text)
    shortest = min(opened, key=lambda span: span[1] - span[0])[2]
    ids = tuple(row.pk for _, _, row in opened)
    new = next((pk for pk in (shortest.pk, *ids) if pk not in seen), None)
    if new is not None:
        seen.add(new)
    return Piece(text, ids, shortest.kind, new, shortest.state)


_PARAGRAPHS = re.compile(r"\n\s*\n")


def around(text: str, start: int, end: int, *, reach: int = 300) -> tuple[str, str, str]:
    """A passage with as much of its surroundings as helps to read it."""
    before, after = text[max(0, start - reach) : start], text[end : end + reach]
    before = _PARAGRAPHS.split(before)[-1] if _PARAGRAPHS.search(before) else before
    after = _PARAGRAPHS.split(after)[0]
    return ("…" if start - reach > 0 and len(before) == reach else "") + before, text[start:end], after
