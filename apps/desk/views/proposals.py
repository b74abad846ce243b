"""One proposal: looked at, changed, accepted, rejected; by one person at a time."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import READ_AND_WRITE, Access
from apps.campaigns.roles import May
from apps.desk import proposed, visible
from apps.desk.proposed import Card, MovesOthers, find_proposal, open_to_senders
from apps.desk.views.texts import progress_of
from apps.intake import actions
from apps.intake.forms import REASONS, ReadingForm, RejectForm, ReviewForm
from apps.intake.models import Proposal
from apps.intake.telling import tell_of, tell_of_text
from apps.timeline.actions import Conflict
from apps.timeline.forms import EntryForm
from apps.timeline.models import Kind

CONFLICT = (
    "The entry was changed since this was suggested. Nothing was overwritten: compare with what stands now, "
    "then accept again."
)


def open_reviewing(request: HttpRequest, slug: str, pk: int) -> tuple[Access, Proposal]:
    """A proposal, for whoever may decide on it; to others there is none."""
    access = open_to_senders(request, slug)
    if not access.may(May.APPROVE):
        raise Http404("No such proposal, or not one you may decide on.")
    return access, find_proposal(access, pk)


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@require_http_methods(READ_AND_WRITE)
def proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Look at one, with its form; whoever proposed it writes it anew here, and sends it again."""
    access = open_to_senders(request, slug)
    row = find_proposal(access, pk)
    if row.sort == Proposal.Sort.LINE:
        return redirect("take_line", slug=slug, pk=row.line_id)
    names = visible.names(access)
    if request.method == "POST" and may_change(row, access):
        form = proposed.entry_form(row, access, names, request.POST)
        review = proposed.review_form(row, access, request.POST)
        if form.is_valid() and review.is_valid() and _revise(request, row, form, review, access):
            return _done(request, access, pk)
        return _shown(request, row, access, form, review)
    if not may_change(row, access):
        return _shown(request, row, access, None, None)
    form = proposed.entry_form(row, access, names)
    review = proposed.review_form(row, access)
    for name, asked in (("person", form), ("moves", review)):
        if said := request.GET.get(name, "").replace("\x00", "")[:300]:
            asked.initial[name] = said
    return _shown(request, row, access, form, review)


def may_change(row: Proposal, access: Access) -> bool:
    """Reviewers what waits; whoever proposed it what has not become an entry."""
    if row.sort == Proposal.Sort.CHANGE and not sees_entry(row, access):
        return False
    own = row.proposed_by_id is not None and row.proposed_by_id == access.user.pk
    return row.is_open and access.may(May.APPROVE) or own and row.state != Proposal.State.ACCEPTED


def sees_entry(row: Proposal, access: Access) -> bool:
    """Whether the entry that it would change is still theirs to see: its form shows what stands there now."""
    return visible.entries(access).filter(pk=row.entry_id or 0).exists()


def _revise(request: HttpRequest, row: Proposal, form: EntryForm, review: ReviewForm, access: Access) -> bool:
    fields: dict[str, Any] = proposed.worded(row, form, review, access)
    was = None
    if row.entry is not None:
        fields, stands = proposed.suggested_of(form, row.entry, access)
        # What a reviewer sees there may not be for whoever suggested the change, who reads it.
        was = stands if row.proposed_by_id == access.user.pk else None
    try:
        actions.revise(
            proposal=row,
            fields=fields,
            version=review.cleaned_data["version"],
            span=review.cleaned_data.get("span"),
            was=was,
            by=access.member,
            at=access.at,
        )
    except actions.Taken as taken:
        review.add_error(None, str(taken))
        return False
    again = row.state in (Proposal.State.REJECTED, Proposal.State.LEFT)
    messages.success(request, "Sent again: it waits for review." if again else "Saved.")
    return True


def _back(row: Proposal, access: Access) -> HttpResponse:
    """To where it was reviewed."""
    slug = access.campaign.slug
    if row.article_id:
        address = reverse("article", kwargs={"slug": slug, "pk": row.article_id})
        return redirect(f"{address}#proposal-{row.pk}")
    return redirect("queue" if access.may(May.APPROVE) else "sent", slug=slug)


def _shown(
    request: HttpRequest,
    row: Proposal,
    access: Access,
    form: EntryForm | None,
    review: ReviewForm | None,
    effect: MovesOthers | None = None,
) -> HttpResponse:
    """The proposal with its form: a page of its own or, within the review page, its card. `effect`: what it
    would move, to be confirmed."""
    card = _card(row, access, form, review)
    card.effect = effect
    passage = None
    if row.article and row.start is not None and row.end is not None:
        passage = proposed.around(row.article.snapshot.text, row.start, row.end)
    context = {"access": access, "card": card, "passage": passage, "reasons": REASONS, "single": True}
    if access.may(May.APPROVE):
        context["pairs"] = list(row.pairs.select_related("said_by"))
    if is_htmx(request):
        return render(request, "desk/proposal_card.html", context | {"single": False})
    return render(request, "desk/proposal.html", context)


def _card(row: Proposal, access: Access, form: EntryForm | None, review: ReviewForm | None) -> Card:
    [card] = proposed.cards_of([row], access)
    card.form, card.review = form, review
    if form is not None and "person" in form.fields:
        card.near = proposed.near_names(str(form["person"].value() or ""), access)
    return card


@require_POST
def claim_proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Have it to oneself, to change it; or give it back."""
    access, row = open_reviewing(request, slug, pk)
    if request.POST.get("do") == "release":
        actions.release(proposal=row, by=access.member)
        return _answer(request, find_proposal(access, pk), access)
    try:
        actions.claim(proposal=row, by=access.member, at=access.at)
    except actions.Taken as taken:
        return _refused(request, row, access, str(taken))
    if is_htmx(request):
        row = find_proposal(access, pk)
        form = proposed.entry_form(row, access, visible.names(access))
        return _shown(request, row, access, form, proposed.review_form(row, access))
    return redirect("proposal", slug=slug, pk=pk)


@require_POST
def accept_proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make an entry of it: as it stands, or as it was changed in the form."""
    access, row = open_reviewing(request, slug, pk)
    if row.sort == Proposal.Sort.LINE:
        return redirect("take_line", slug=slug, pk=row.line_id)
    names = visible.names(access)
    if "review-because" in request.POST:
        form = proposed.entry_form(row, access, names, request.POST)
        review = proposed.review_form(row, access, request.POST)
    else:
        form = proposed.as_it_stands(row, access, names)
        review = proposed.reviewed_as_it_stands(row, access, request.POST.get("version", ""))
    if not (form.is_valid() and review.is_valid()):
        return _shown(request, row, access, form, review)
    confirmed = request.POST.get("confirmed", "")
    try:
        problem = try_to(lambda: proposed.accept(row, form, review, access, confirmed=confirmed), form)
    except proposed.MovesOthers as moves:
        return _shown(request, row, access, form, review, effect=moves)
    if problem is None:
        return _done(request, access, pk)
    if problem:
        return _refused(request, row, access, problem)
    return _shown(request, row, access, form, review)


def try_to(decide: Callable[[], Any], form: EntryForm | None = None) -> str | None:
    """Decide, in one transaction. Answers None where it was done; else why not, or '' where the form says."""
    try:
        with transaction.atomic():
            tell_of(decide())
    except (actions.Taken, actions.Unread) as refusal:
        return str(refusal)
    except Conflict:
        return CONFLICT
    except ValidationError as error:
        if form is None:
            return " ".join(error.messages)
        form.add_error(None, " ".join(error.messages))
        return ""
    return None


@require_POST
def reject_proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access, row = open_reviewing(request, slug, pk)
    if row.sort == Proposal.Sort.LINE:
        return redirect("dismiss_line", slug=slug, pk=row.line_id)
    form = RejectForm(request.POST, prefix=f"no-{row.pk}")
    if not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _refused(request, row, access, said)
    filled = form.cleaned_data
    problem = try_to(
        lambda: actions.reject(
            proposal=row,
            because=filled["because"],
            version=filled["version"],
            by=access.member,
            at=access.at,
        )
    )
    return _done(request, access, pk) if problem is None else _refused(request, row, access, problem)


def _done(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    return _answer(request, find_proposal(access, pk), access)


def _refused(request: HttpRequest, row: Proposal, access: Access, why: str) -> HttpResponse:
    """Say why nothing was written, over what stands now."""
    row = find_proposal(access, row.pk)
    if not is_htmx(request):
        messages.error(request, why)
        return _back(row, access)
    return _answer(request, row, access, problem=why)


def _answer(request: HttpRequest, row: Proposal, access: Access, *, problem: str = "") -> HttpResponse:
    """The card as it stands now, in place; or the page it stands on."""
    if not is_htmx(request):
        return _back(row, access)
    [card] = proposed.cards_of([row], access)
    card.problem = problem
    progress = ""
    if row.article_id:
        rows = proposed.proposals(access).filter(article=row.article_id).exclude(state=Proposal.State.LEFT)
        progress = progress_of(list(rows.only("state")))
    context = {"access": access, "card": card, "reasons": REASONS, "progress": progress, "swapped": True}
    return render(request, "desk/proposal_card.html", context)


@require_POST
def leave_proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Taken back by whoever proposed it."""
    access = open_to_senders(request, slug)
    row = find_proposal(access, pk)
    if row.proposed_by_id != access.user.pk:
        raise Http404("Only whoever proposed it takes it back.")
    version = request.POST.get("version", "")
    try:
        with transaction.atomic():
            actions.leave_out(
                proposal=row,
                version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                by=access.member,
                at=access.at,
            )
            if row.article_id:
                tell_of_text(row, at=access.at)
    except actions.Taken as taken:
        messages.error(request, str(taken))
    else:
        messages.success(request, "Taken back.")
    return _back(row, access)


# --- A second pair of eyes ----------------------------------------------------------------------------------


@require_POST
def ask_second_pair(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask that two people read the figure; or say, with a reason, that one is enough after all."""
    access, row = open_reviewing(request, slug, pk)
    two = request.POST.get("two") == "1"
    because = " ".join(request.POST.get("because", "").replace("\x00", "").split())[:300]
    if row.kind != Kind.STATISTIC or not (two or because):
        messages.error(request, "Say why one pair of eyes is enough: it stands beside the decision.")
        return redirect("proposal", slug=slug, pk=pk)
    try:
        actions.ask_for_two(proposal=row, two=two, because=because, by=access.member, at=access.at)
    except actions.Taken as taken:
        messages.error(request, str(taken))
        return _back(row, access)
    if two:
        messages.success(request, "Two people have to read this figure before it is accepted.")
    else:
        messages.success(request, "One pair of eyes is enough: noted, with your name.")
    return redirect("read_figure" if two else "proposal", slug=slug, pk=pk)


@require_http_methods(READ_AND_WRITE)
def read_figure(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read a figure in its text, without being told what anybody else read."""
    access, row = open_reviewing(request, slug, pk)
    form = ReadingForm(request.POST or None)
    if form.is_valid() and _read(request, row, form, access):
        return redirect("read_figure", slug=slug, pk=pk)
    readings = list(row.readings.select_related("read_by"))
    shown = actions.are_shown(readings, access.member)
    passage = None
    if row.article and row.start is not None and row.end is not None:
        passage = proposed.around(row.article.snapshot.text, row.start, row.end)
    context = {
        "access": access,
        "form": None if shown or not row.is_open else form,
        "row": row,
        "passage": passage,
        "own": next((one for one in readings if one.read_by_id == access.user.pk), None),
        "readings": readings if shown else [],
        "agreed": actions.agreed(readings) if shown else None,
        "measure": row.fields.get("measure", ""),
        "back": _back(row, access)["Location"],
    }
    return render(request, "desk/read_figure.html", context)


def _read(request: HttpRequest, row: Proposal, form: ReadingForm, access: Access) -> bool:
    try:
        actions.read(proposal=row, typed=form.cleaned_data["typed"], by=access.member, at=access.at)
    except actions.Taken as taken:
        messages.error(request, str(taken))
        return False
    messages.success(request, "Noted, as you read it.")
    return True
