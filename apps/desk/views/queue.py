"""The review queue, and what became of what one sent to it."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.campaigns.access import Access, open_campaign
from apps.campaigns.roles import May
from apps.desk import proposed, visible
from apps.desk.listing import query_of
from apps.desk.reviewing import MOST_SHOWN, Place, answer, numbers_in, others_at, team_of
from apps.desk.views.proposals import try_to
from apps.intake import actions
from apps.intake.forms import REASONS, QueueForm
from apps.intake.models import Proposal
from apps.timeline.models import State, Use, Way

PAGE = 30
MOST_AT_ONCE = 100
MOST_DRAFTS = 20
COUNTED = 1_000
_NUMBER = re.compile(r"[0-9]{1,9}")


def open_queue(request: HttpRequest, slug: str) -> Access:
    return open_campaign(request, slug, May.APPROVE)


def waiting(access: Access) -> QuerySet[Proposal]:
    return Proposal.objects.waiting(at=access.at).filter(campaign=access.campaign)


def count_waiting(access: Access) -> str:
    """How many wait: "12", or "1,000+"."""
    count = waiting(access).order_by()[: COUNTED + 1].count()
    return f"{COUNTED:,}+" if count > COUNTED else str(count)


@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that waits, the oldest first, narrowed by what stands in the address."""
    access = open_queue(request, slug)
    form = _form(request.GET, access)
    rows = _narrowed(form, access)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    page = list(proposed.with_parts(rows).order_by("pk")[: PAGE + 1])
    cards = proposed.cards_of(page[:PAGE], access)
    drafts = visible.entries(access).filter(state=State.DRAFT).order_by("pk")
    context = {
        "access": access,
        "form": form,
        "cards": cards,
        "count": count_waiting(access),
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
        "query": query_of(request.GET),
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "drafts": list(drafts.select_related("created_by")[:MOST_DRAFTS]) if not after else [],
        "team": team_of(access),
        "reasons": REASONS,
        "others": others_at(_place(access), page[:PAGE], access),
    }
    return render(request, "desk/queue.html", context)


@require_safe
def queue_now(request: HttpRequest, slug: str) -> HttpResponse:
    """For the page that is open: who else is at the queue, and how what it shows was decided meanwhile."""
    access = open_queue(request, slug)
    ids = numbers_in(request.GET.get("of", ""), MOST_SHOWN)
    rows = list(proposed.proposals(access).filter(pk__in=ids))
    return answer(request, rows, place=_place(access), access=access)


def _place(access: Access) -> Place:
    return Place(f"queue {access.campaign.pk}", "what waits")


def _form(data: QueryDict, access: Access) -> QueueForm:
    senders = User.objects.filter(memberships__campaign=access.campaign).order_by("first_name", "pk")
    form = QueueForm(data, senders=senders)
    form.is_valid()
    return form


def _narrowed(form: QueueForm, access: Access) -> QuerySet[Proposal]:
    asked: dict[str, Any] = getattr(form, "cleaned_data", {})
    rows = waiting(access)
    if sort := asked.get("sort"):
        rows = rows.filter(sort=sort)
    if kind := asked.get("kind"):
        rows = rows.filter(kind=kind)
    if sender := asked.get("sender"):
        rows = rows.filter(proposed_by=sender)
    if asked.get("whose") == "me":
        rows = rows.filter(assignee=access.user.pk)
    elif asked.get("whose") == "nobody":
        rows = rows.filter(assignee=None)
    return rows


# --- Several at once ----------------------------------------------------------------------------------------


@dataclass
class Tally:
    """How a batch went."""

    done: int = 0
    refused: list[str] | None = None

    def note(self, row: Proposal, problem: str | None) -> None:
        if problem is None:
            self.done += 1
        else:
            said = f"{proposed.title_of(row)}: {problem or 'something is missing'}"
            self.refused = [*(self.refused or []), said]


@require_POST
def act_on_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept, reject or give somebody what is ticked. What cannot be done is said, one by one."""
    access = open_queue(request, slug)
    chosen = _chosen(request, access)
    back = f"{reverse('queue', kwargs={'slug': slug})}?{query_of(_kept(request))}"
    do = request.POST.get("do", "")
    if not chosen:
        messages.error(request, "Nothing is ticked. Tick what it is about, then press the button again.")
    elif do == "assign":
        _assign(request, [row for row, _ in chosen], access)
    elif do == "accept":
        _say(request, _accept(chosen, access), "accepted")
    elif do == "reject":
        because = " ".join(request.POST.get("because", "").replace("\x00", "").split())[:300]
        if not because:
            messages.error(request, "Say why, in a few words: whoever proposed it reads it.")
        else:
            _say(request, _reject(chosen, because, access), "not accepted")
    return redirect(back)


def _kept(request: HttpRequest) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in ("sort", "kind", "whose", "sender"):
        if value := request.POST.get(f"kept-{name}", ""):
            kept[name] = value[:40]
    return kept


def _chosen(request: HttpRequest, access: Access) -> list[tuple[Proposal, int]]:
    """The proposals that are ticked, each with the version that was seen."""
    seen: dict[int, int] = {}
    for each in request.POST.getlist("chosen")[:MOST_AT_ONCE]:
        pk, _, version = each.partition(":")
        if _NUMBER.fullmatch(pk) and _NUMBER.fullmatch(version):
            seen[int(pk)] = int(version)
    rows = proposed.with_parts(waiting(access).filter(pk__in=seen)).order_by("pk")
    return [(row, seen[row.pk]) for row in rows]


def _assign(request: HttpRequest, rows: list[Proposal], access: Access) -> None:
    asked = request.POST.get("to", "")
    person = next((user for user in team_of(access) if str(user.pk) == asked), None)
    if asked and person is None:
        messages.error(request, "Nobody of that name decides here. Pick one of those offered.")
        return
    count = actions.assign(proposals=rows, to=person)
    messages.success(request, f"{count} given to {person.name if person else 'nobody'}.")


def _accept(chosen: list[tuple[Proposal, int]], access: Access) -> Tally:
    tally = Tally()
    for row, version in chosen:
        if row.sort == Proposal.Sort.LINE:
            tally.note(row, "read it over first, on its own page")
            continue
        # Names are asked anew for each: one that is accepted may have added a person the next one names.
        form = proposed.as_it_stands(row, access, visible.names(access))
        review = proposed.reviewed_as_it_stands(row, access, version)
        if not (form.is_valid() and review.is_valid()):
            errors = [str(error) for errors in form.errors.values() for error in errors]
            tally.note(row, " ".join(errors[:2]))
            continue
        tally.note(row, _accept_one(row, form, review, access))
    return tally


def _accept_one(row: Proposal, form: Any, review: Any, access: Access) -> str | None:
    try:
        problem = try_to(lambda: proposed.accept(row, form, review, access), form)
    except proposed.MovesOthers as moves:
        return str(moves)
    if problem == "":
        return " ".join(str(error) for error in form.non_field_errors())
    return problem


def _reject(chosen: list[tuple[Proposal, int]], because: str, access: Access) -> Tally:
    tally = Tally()
    for row, version in chosen:
        if row.sort == Proposal.Sort.LINE:
            tally.note(row, "dismiss it on its own page")
            continue
        tally.note(row, _reject_one(row, version, because, access))
    return tally


def _reject_one(row: Proposal, version: int, because: str, access: Access) -> str | None:
    return try_to(
        lambda: actions.reject(proposal=row, because=because, version=version, by=access.member, at=access.at)
    )


def _say(request: HttpRequest, tally: Tally, done: str) -> None:
    if tally.done:
        messages.success(request, f"{tally.done} {done}.")
    for refused in (tally.refused or [])[:10]:
        messages.error(request, f"Not done: {refused}")


# --- What I sent --------------------------------------------------------------------------------------------


@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What this person handed in, and what became of each."""
    access = open_campaign(request, slug, May.ADD)
    rows = Proposal.objects.filter(campaign=access.campaign, proposed_by=access.user.pk)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    states = Q(state=Proposal.State.LEFT)
    page = list(proposed.with_parts(rows.exclude(states)).order_by("-pk")[: PAGE + 1])
    cards = proposed.cards_of(page[:PAGE], access)
    for card in cards:
        card.may_decide = False  # this page is about what became of it
    context = {
        "access": access,
        "cards": cards,
        "used": _used([card.decision.entry_id for card in cards if card.decision]),
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "desk/sent.html", context)


def _used(entries: list[int | None]) -> dict[int, str]:
    """The day on which each of these entries last went out in a press pack."""
    uses = Use.objects.filter(entry__in=[pk for pk in entries if pk], way=Way.EXPORTED).order_by("used_at")
    return {use.entry_id: timezone.localtime(use.used_at).date().isoformat() for use in uses}
