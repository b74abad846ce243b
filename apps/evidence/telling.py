"""Who hears, in the app and once each: that an embargo lifts, that a clearance or a consent ends or ended."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import MAY, May
from apps.dates import long_day
from apps.evidence.comparing import find
from apps.evidence.models import Quote
from apps.notices.actions import tell
from apps.timeline.models import Entry, State, Use, Way

DAY = timedelta(days=1)
BEFORE_EMBARGO = DAY
BEFORE_END = timedelta(days=7)
CATCH_UP = timedelta(days=3)
"""How far back an end is still worth telling, where nobody looked for a while."""
NAMED = 20
INTO_UPDATE = "Update"
"""What a quote is copied as whose words go into an entry of ours; the use's address is that entry's."""
CLEARERS = [role for role, may in MAY.items() if May.CLEAR in may]


def desk_of(campaign: Campaign) -> list[User]:
    """Whoever answers for what is said: owners and press."""
    here = Membership.objects.filter(campaign=campaign, role__in=CLEARERS, user__is_active=True)
    return [member.user for member in here.select_related("user")]


def look(*, at: datetime) -> int:
    """Tell what is due, campaign by campaign. Answers how many notices there were; those given before are
    recognised, and given once."""
    return sum(_look_at(campaign, at) for campaign in Campaign.objects.order_by("pk").iterator())


def _look_at(campaign: Campaign, at: datetime) -> int:
    here = Entry.everything.filter(campaign=campaign)
    count = 0
    soon = Q(embargo_until__gt=at, embargo_until__lte=at + BEFORE_EMBARGO)
    # Each by an index of its own: what is shown later, and what is not shown yet for another reason too.
    for entries in (here.filter(shown_from__gt=at), here.filter(shown_from__isnull=True)):
        for entry in entries.filter(soon).exclude(state=State.WITHDRAWN).select_related("campaign"):
            _tell_of_embargo(entry, at)
            count += 1
    ending = here.filter(shown_until__isnull=False, shown_until__gt=at - CATCH_UP)
    for entry in ending.filter(shown_until__lte=at + BEFORE_END).select_related("campaign", "quote"):
        _tell_of_end(entry, at)
        count += 1
    return count


def _tell_of_embargo(entry: Entry, at: datetime) -> None:
    until = entry.embargo_until
    assert until is not None
    then = "Nobody needs to act: readers see it from that moment."
    if entry.shown_from is None:
        then = "Readers will not see it then: it is not approved or cleared yet."
    tell(
        desk_of(entry.campaign),
        subject=f"An embargo lifts {_when(until, entry.campaign)}: {entry.headline}",
        body=f"{then} To keep it longer, extend the embargo on its page.\n\n{_address(entry)}",
        key=f"embargo {entry.pk} {until.isoformat()}",
        campaign=entry.campaign,
        at=at,
    )


def _tell_of_end(entry: Entry, at: datetime) -> None:
    until = entry.shown_until
    assert until is not None
    what = _what_ends(entry.quote, until)
    if until > at:
        return tell(
            desk_of(entry.campaign),
            subject=f"{what} ends {_when(until, entry.campaign)}: {entry.headline}",
            body=f"From that moment only staff see the quote. Clear it again, or have the consent renewed, "
            f"to keep it in use.\n\n{_address(entry)}",
            key=f"ends {entry.pk} {until.isoformat()}",
            campaign=entry.campaign,
            at=at,
        )
    return tell_it_is_hidden(entry, because=f"{what} ended {_when(until, entry.campaign)}.", of=until, at=at)


def _what_ends(quote: Quote, until: datetime) -> str:
    return "The clearance" if quote.cleared_until == until else "The consent"


def tell_it_is_hidden(
    entry: Entry, *, because: str, of: datetime, at: datetime, words: str | None = None
) -> None:
    """A quote is out of use: owners and press hear it, with who copied or exported it and where it went.
    `words`: those that were in use, where others take their place."""
    tell(
        desk_of(entry.campaign),
        subject=f"No longer to be used: {entry.headline}",
        body="\n".join([because, *_how_gone(entry, words), "", *who_has_it(entry), "", _address(entry)]),
        key=f"hidden {entry.pk} {of.isoformat()}",
        campaign=entry.campaign,
        at=at,
    )


def _how_gone(entry: Entry, words: str | None) -> list[str]:
    """That it is gone, and what of ours keeps its words: an entry is hidden by a person, not by a quote."""
    places = written_into(entry, words)
    if not places:
        return ["It is gone from every page, feed and file."]
    return [
        "The quote itself is gone from every page, feed and file. Its words were also written into these, "
        "and stand there until somebody edits or withdraws them:",
        *(f"- {place.headline}: {_address(place)}" for place in places),
    ]


def written_into(entry: Entry, words: str | None = None) -> list[Entry]:
    """What is published here and holds the words of the quote: what they were copied into, and what is linked
    to it and has them verbatim."""
    here = Entry.everything.filter(campaign=entry.campaign, state=State.PUBLISHED).select_related("campaign")
    copies = entry.uses.filter(way=Way.COPIED, form=INTO_UPDATE).values_list("address", flat=True)
    keys = {int(key) for key in (path.rstrip("/").rpartition("/")[2] for path in copies) if key.isdecimal()}
    linked = Q(links_out__to_entry=entry) | Q(links_in__from_entry=entry)
    found = here.filter(Q(pk__in=keys) | linked).order_by("pk").distinct()
    words = entry.quote.words if words is None else words
    return [each for each in found if each.pk in keys or find(words, f"{each.headline}\n{each.note}")]


def who_has_it(entry: Entry) -> list[str]:
    """Lines on who copied or exported it, newest first."""
    uses = list(uses_of(entry)[: NAMED + 1])
    if not uses:
        return ["Nobody copied or exported it from here."]
    lines = [
        "These have it and must be told:",
        *(f"- {line_of(use, entry.campaign)}" for use in uses[:NAMED]),
    ]
    return [*lines, "- and others: see its page."] if len(uses) > NAMED else lines


def uses_of(entry: Entry) -> QuerySet[Use]:
    return entry.uses.select_related("used_by").order_by("-used_at", "-id")


def line_of(use: Use, campaign: Campaign) -> str:
    who = use.used_by.name if use.used_by else "somebody who has left"
    where = f", in {use.where}" if use.where else ""
    return f"{who} {use.get_way_display()} it as {use.form}{where}, {_when(use.used_at, campaign)}"


def _when(moment: datetime, campaign: Campaign) -> str:
    local = moment.astimezone(campaign.zone)
    return f"{long_day(local.date())}, {local:%H:%M} ({campaign.time_zone})"


def _address(entry: Entry) -> str:
    path = reverse("entry", kwargs={"slug": entry.campaign.slug, "pk": entry.pk})
    return settings.SITE_URL + path
