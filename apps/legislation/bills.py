"""What people do with bills: find and follow one, say what was promised, settle what is disagreed on."""

import time
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.legislation.importing import Report, Steps, close, keep_promise
from apps.legislation.models import Bill, BillLook, DateConflict, Following, Milestone
from apps.legislation.providers import PROVIDERS, find_address
from apps.legislation.providers.asking import Asker, Trouble
from apps.legislation.providers.records import Found, ProviderBill
from apps.timeline.models import Visibility

MOST_WORDS = 200


def find_bills(
    words: str, *, clock: Callable[[], datetime], pause: Callable[[float], None] = time.sleep
) -> Found:
    """The bills whose title holds these words, or the one whose page has this address. For somebody who
    waits: it takes some seconds at most, and what went wrong is said instead."""
    bills: list[ProviderBill] = []
    troubles: list[str] = []
    more = False
    here = find_address(words)
    for provider in [here[0]] if here else list(PROVIDERS.values()):
        if provider.off():  # the page says so anyway
            continue
        asker = Asker(
            provider.base(), headers=provider.headers(), clock=clock, pause=pause, tries=1, patience=4
        )
        with asker as ask:
            try:
                found = Found((provider.get_bill(ask, here[1]),)) if here else provider.search(ask, words)
            except Trouble as trouble:
                troubles.append(f"{provider.title}: {trouble}")
                continue
        bills += found.bills
        troubles += found.troubles
        more = more or found.more
    if here and not bills:  # it can be followed all the same; the first look fills it in
        provider, external_id = here
        title, address = f"Bill {external_id}", provider.address_of(external_id)
        bills = [ProviderBill(provider=provider.name, external_id=external_id, title=title, address=address)]
    return Found(tuple(bills), more, tuple(troubles))


@transaction.atomic
def follow_bill(
    *,
    campaign: Campaign,
    provider: str,
    external_id: str,
    by: User,
    at: datetime,
    title: str = "",
    visibility: str = Visibility.TEAM,
    approved: bool = True,
) -> Bill:
    """Follow a bill from now on; the next look fills it in, `title` stands until then. Not `approved`, nobody
    looks before somebody approves. One that is followed already is left as it is; one that was stopped goes
    on. Raises ValidationError for a provider there is none of."""
    if provider not in PROVIDERS or not external_id or len(external_id) > 200:
        raise ValidationError("That is no bill that can be followed here.")
    known = Bill.objects.select_for_update().filter(
        campaign=campaign, provider=provider, external_id=external_id
    )
    bill = known.first() or Bill(
        campaign=campaign,
        provider=provider,
        external_id=external_id,
        title=(title or f"Bill {external_id}")[:200],
        address=PROVIDERS[provider].address_of(external_id),
        visibility=visibility,
        following=Following.STOPPED,
        followed_by=by,
        followed_at=at,
    )
    if bill.following == Following.STOPPED:
        bill.following = Following.FOLLOWED if approved else Following.WAITING
        save_as(by, bill)
        BillLook.objects.update_or_create(bill=bill, defaults={"try_at": at, "token": ""})
    return bill


@transaction.atomic
def set_following(*, bill: Bill, following: Following, by: User, at: datetime) -> None:
    """Approve it, stop looking, or go on."""
    bill.following = following
    save_as(by, bill)
    BillLook.objects.filter(bill=bill).update(try_at=at, asked_at=None)


@transaction.atomic
def change_bill(*, bill: Bill, promise: Milestone | None, visibility: str, by: User, at: datetime) -> None:
    """Say which milestone was the promise of it, and who sees the milestones that come of it from now on.
    Raises ValidationError for a milestone of another campaign, or one that came of the bill itself."""
    if promise and promise.entry.campaign_id != bill.campaign_id:
        raise ValidationError("That milestone belongs to another campaign.")
    if promise and bill.steps.filter(milestone=promise).exists():
        raise ValidationError("That one came of the bill itself. Choose one that the campaign set.")
    bill.promise, bill.visibility = promise, visibility
    save_as(by, bill)
    keep_promise(bill, by=by, at=at)


def ask_for_a_look(*, bill: Bill, at: datetime) -> None:
    """Have it read in full at the next look, changed or not."""
    BillLook.objects.filter(bill=bill).update(try_at=at, asked_at=at, token="", done=0)


class SettledAlready(Exception):
    """Somebody else, or the provider, settled it first. Nothing was changed."""


@transaction.atomic
def settle_conflict(*, conflict: DateConflict, theirs: bool, by: User, at: datetime) -> None:
    """Take the provider's date, or keep ours until the provider says something new. Raises SettledAlready."""
    bill = Bill.objects.select_for_update().get(pk=conflict.step.bill_id)
    locked = DateConflict.objects.select_for_update().select_related("step").get(pk=conflict.pk)
    if locked.took != DateConflict.Took.OPEN:
        raise SettledAlready
    if theirs:
        Steps(bill, at=at, report=Report(), by=by).overwrite(locked.step)
        keep_promise(bill, by=by, at=at)
    close(locked, took=DateConflict.Took.THEIRS if theirs else DateConflict.Took.OURS, by=by, at=at)
