"""Who else looks at a page of the review, and how what stands on it was decided meanwhile.

That somebody is there is kept in the cache, each by themselves, for as long as their page goes on asking: it
is no fact, and nothing depends on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.models import Membership
from apps.campaigns.roles import MAY, May
from apps.desk import proposed
from apps.desk.proposed import Card
from apps.intake.forms import REASONS
from apps.intake.models import Decision, Proposal

SECONDS_THERE = 40
"""After the last time that their page asked; it asks every 15 seconds: see static/reviewing.js."""
MOST_CARDS = 20
MOST_SHOWN = 400
DECIDERS = [role for role, may in MAY.items() if May.APPROVE in may]


def team_of(access: Access) -> list[User]:
    """Whoever may decide here."""
    rows = Membership.objects.filter(campaign=access.campaign, role__in=DECIDERS, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("user__first_name", "user_id")]


@dataclass(frozen=True)
class Place:
    """A page of the review: the name it is known by, and what is reviewed there."""

    name: str
    what: str


def others_at(place: Place, rows: Iterable[Proposal], access: Access) -> str:
    """A sentence on those who may decide and have this page open, too, or one of its proposals to themselves;
    nothing where there is nobody. Whoever asks is there from now on."""
    if access.may(May.APPROVE):
        cache.set(_key(place.name, access.user.pk or 0), 1, SECONDS_THERE)
    team = {person.pk: person.name for person in team_of(access) if person.pk != access.user.pk}
    there = cache.get_many([_key(place.name, pk) for pk in team])
    holding = {row.claimed_by_id for row in rows if row.is_claimed_from(access.user.pk, access.at)}
    names = [name for pk, name in team.items() if pk in holding or _key(place.name, pk) in there]
    return _said_of(names, place.what)


def _key(place: str, person: int) -> str:
    return f"reviewing {place} {person}".replace(" ", "-")


def _said_of(names: Sequence[str], what: str) -> str:
    """ "Amira and Tom are reviewing this text, too.", or nothing."""
    if not names:
        return ""
    *first, last = names
    who = f"{', '.join(first)} and {last} are" if first else f"{last} is"
    return f"{who} reviewing {what}, too."


def numbers_in(asked: str, most: int) -> list[int]:
    """Ids out of an address: "12,13"."""
    parts = asked[: 20 * most].split(",")[:most]
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19]


def answer(
    request: HttpRequest, rows: Sequence[Proposal], *, place: Place, access: Access, progress: str = ""
) -> HttpResponse:
    """For a page that asks: who else is there, how each proposal stands, and the cards it wants anew."""
    wanted = set(numbers_in(request.GET.get("cards", ""), MOST_CARDS))
    asked = proposed.with_parts(
        proposed.proposals(access).filter(pk__in=[row.pk for row in rows if row.pk in wanted])
    )
    cards = proposed.cards_of(list(asked), access) if wanted else []
    context = {"access": access, "reasons": REASONS}
    said = {
        "others": others_at(place, rows, access),
        "progress": progress,
        "stand": {row.pk: proposed.stands_of(row, access) for row in rows},
        "cards": {
            card.row.pk: {
                "html": render_to_string("desk/proposal_card.html", context | {"card": card}, request),
                "said": decided_in_words(card),
            }
            for card in cards
        },
    }
    response = JsonResponse(said)
    response["Cache-Control"] = "private, no-store"
    return response


def decided_in_words(card: Card) -> str:
    """For whoever is typing in its form."""
    decision = card.decision
    if decision is None or card.row.is_open:
        return (
            "It was changed meanwhile."
            if card.held_by is None
            else f"{card.held_by.name} is looking at this one."
        )
    who = decision.decided_by.name if decision.decided_by else "Somebody"
    verb = "accepted" if decision.outcome == Decision.Outcome.ACCEPTED else "did not accept"
    return f"{who} {verb} this one meanwhile. What you typed is still here, and is not sent."
