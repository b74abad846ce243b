"""Receipts: whoever handed something in hears, in the app and once each, what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from apps.dates import long_day
from apps.intake.models import Decision, Proposal
from apps.notices.actions import tell
from apps.timeline.models import Use, Way

CATCH_UP = timedelta(days=3)
"""How far back a use is still worth telling, where nobody looked for a while."""
LISTED = 40


def tell_of(decision: Decision) -> None:
    """Of one thing at once; of those found in a text when the last of them is decided, all together."""
    proposal = decision.proposal
    if proposal.article_id:
        tell_of_text(proposal, at=decision.decided_at)
    elif decision.decided_by != proposal.proposed_by:
        subject = f"{decision.get_outcome_display()}: {name_of(proposal)}"
        _tell(proposal, subject, [decision], at=decision.decided_at)


def tell_of_text(proposal: Proposal, *, at: datetime) -> None:
    """What became of all that its sender proposed of the same text, once none of it waits any more: the last
    was decided, or taken back. Told again where more was decided since."""
    same = Proposal.objects.filter(article=proposal.article_id, proposed_by=proposal.proposed_by_id)
    if same.filter(state=Proposal.State.WAITING).exists():
        return
    rows = same.filter(state__in=[Proposal.State.ACCEPTED, Proposal.State.REJECTED])
    newest = Decision.objects.filter(proposal__in=rows).values("proposal").annotate(newest=Max("id"))
    decisions = Decision.objects.filter(pk__in=newest.order_by().values("newest"))
    found = list(decisions.select_related("proposal", "entry", "decided_by"))
    if not any(one.decided_by_id != proposal.proposed_by_id for one in found):
        return
    accepted = [one for one in found if one.outcome == Decision.Outcome.ACCEPTED]
    subject = f"{len(accepted)} of {len(found)} accepted: {proposal.article}"
    _tell(proposal, subject, found, at=at)


def _tell(proposal: Proposal, subject: str, decisions: Sequence[Decision], *, at: datetime) -> None:
    person = proposal.proposed_by
    if person is None or not person.is_active:
        return
    lines = [line_of(one) for one in decisions[:LISTED]]
    path = reverse("sent", kwargs={"slug": proposal.campaign.slug})
    tell(
        [person],
        subject=subject,
        body="\n\n".join([*lines, f"All that you sent: {settings.SITE_URL}{path}"]),
        key=f"decided {decisions[-1].pk}",
        campaign=proposal.campaign,
        at=at,
    )


def line_of(decision: Decision) -> str:
    """What became of one thing, and why."""
    who = decision.decided_by.name if decision.decided_by else "Somebody"
    name = name_of(decision.proposal)
    if decision.outcome == Decision.Outcome.REJECTED:
        return f"Not accepted by {who}: {name}\nWhy: {decision.because} You can change it and send it again."
    note = f"\n{decision.because}" if decision.because else ""
    return f"Accepted by {who}: {name}{note}"


def name_of(proposal: Proposal) -> str:
    """What whoever proposed it wrote: nothing that they might not see."""
    fields = proposal.fields
    said = fields.get("words") or fields.get("headline")
    figure = " ".join(filter(None, [str(fields.get("figure", "")), str(fields.get("measure", ""))]))
    if proposal.sort == Proposal.Sort.CHANGE:
        said = said or str(proposal.was.get("headline") or proposal.was.get("words") or "a change")
    text = " ".join(str(said or figure or proposal.get_kind_display()).split())
    return text if len(text) <= 120 else text[:120].rsplit(" ", 1)[0] + " …"


def tell_of_uses(*, at: datetime) -> int:
    """Tell whoever handed something in that it left in a press pack, once. Answers how many were told."""
    count = 0
    for use in Use.objects.order_by("-id").iterator(chunk_size=200):
        if use.used_at <= at - CATCH_UP:
            break
        if use.way != Way.EXPORTED:
            continue
        decisions = Decision.objects.filter(entry=use.entry_id, outcome=Decision.Outcome.ACCEPTED)
        for decision in decisions.select_related("proposal__proposed_by", "proposal__campaign"):
            count += _tell_of_use(decision.proposal, use, at)
    return count


def _tell_of_use(proposal: Proposal, use: Use, at: datetime) -> int:
    person = proposal.proposed_by
    if person is None or person.pk == use.used_by_id or not person.is_active:
        return 0
    day = use.used_at.astimezone(proposal.campaign.zone).date()
    tell(
        [person],
        subject=f"In use: {name_of(proposal)}",
        body=f"What you handed in went out in a press pack on {long_day(day)}.",
        key=f"used {proposal.pk} on {day}",
        campaign=proposal.campaign,
        at=at,
    )
    return 1
