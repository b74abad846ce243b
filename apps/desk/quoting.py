"""A quote as its card shows it: what was said, by whom, where it stands, and how it may be used."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from apps.campaigns.access import Access
from apps.campaigns.roles import May
from apps.dates import in_words, long_day
from apps.desk.phrases import cleared_for, out_of_use
from apps.evidence.checks import EXPLAINED, Verbatim, judged
from apps.evidence.citing import FORMS, Citation, at_the_words, letters, plain, weighed
from apps.evidence.clearance import open_consent
from apps.evidence.models import Consent, Outlet
from apps.reminders.watch import length
from apps.timeline.models import Entry, Kind, State, Use

MOST_X, MOST_BLUESKY = 280, 300
LABELS = {"plain": "Plain, with citation", "markdown": "Markdown", "html": "HTML", "social": "Social post"}
MOST_USES = 50


@dataclass(frozen=True)
class Form:
    """One of the forms that a quote can be copied as."""

    name: str
    label: str
    text: str
    lengths: str = ""
    too_long: bool = False


@dataclass(frozen=True)
class Card:
    """All that the card says beyond the entry itself."""

    badge: str
    because: str
    checked_at: datetime | None
    differences: list[list[str]]
    cleared: str
    out_of_use: str
    may_not_copy: str
    forms: list[Form]
    at_the_words: str
    snapshot: str
    lifts_in: str = ""
    consent: Consent | None = None
    consents: list[Consent] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)


def card_of(entry: Entry, access: Access) -> Card:
    quote = entry.quote
    badge, differences, checked_at = _verdict(entry)
    staff = access.may(May.SEE_HIDDEN)
    refusal = may_not_copy(entry, access)
    embargoed = entry.is_embargoed(access.at) and entry.embargo_until is not None
    return Card(
        badge=badge.value,
        because=EXPLAINED[badge],
        checked_at=checked_at,
        differences=differences if staff else [],
        cleared=cleared_for(quote, access.campaign) if quote.is_cleared() else "",
        out_of_use=out_of_use(entry, access.at),
        may_not_copy=refusal,
        forms=[] if refusal else forms_of(entry, access),
        at_the_words=at_the_words(entry.source.url, quote.words) if entry.source else "",
        snapshot=snapshot_address(entry, access) if staff else "",
        lifts_in=length(entry.embargo_until - access.at) if embargoed and entry.embargo_until else "",
        consent=open_consent(quote) if staff else None,
        consents=list(quote.consents.select_related("recorded_by")) if staff and quote.is_case_study else [],
        uses=list(entry.uses.select_related("used_by")[:MOST_USES]) if staff else [],
    )


def _verdict(entry: Entry) -> tuple[Verbatim, list[list[str]], datetime | None]:
    """What the newest check found; where there has been none, what one finds now."""
    stored = getattr(entry.quote, "verdict", None)
    if stored is not None:
        return Verbatim(stored.badge), stored.differences, stored.checked_at
    found = judged(entry.quote)
    return found.badge, [[one.quoted, one.stands] for one in found.differences], None


def snapshot_address(entry: Entry, access: Access) -> str:
    """The kept text with the words marked, at the words."""
    quote = entry.quote
    if quote.snapshot_id is None or entry.source_id is None:
        return ""
    parts = {"slug": access.campaign.slug, "pk": entry.source_id, "snapshot": quote.snapshot_id}
    return reverse("snapshot", kwargs=parts) + f"?quote={entry.pk}#words"


def may_not_copy(entry: Entry, access: Access) -> str:
    """Why the quote cannot be taken from here; empty where it can. Under embargo it can, and says so."""
    if access.role is None:
        return "Sign in to copy it with its citation."
    if entry.state == State.WITHDRAWN:
        return "It is withdrawn: nobody may use it."
    if entry.state == State.DRAFT:
        return "It waits for approval: nobody may use it yet."
    why = out_of_use(entry, access.at)
    return f"It is not to be used: {why}." if why else ""


def plain_copy(entry: Entry, access: Access) -> str:
    """A quote with its citation, for a list to copy from; empty for all that cannot be copied."""
    if entry.kind != Kind.QUOTE or may_not_copy(entry, access):
        return ""
    return plain(citation_of(entry, access))


def forms_of(entry: Entry, access: Access, *, words: str = "") -> list[Form]:
    """The forms it is cleared for, with the words as they stand or shortened."""
    cited = citation_of(entry, access, words=words)
    names = [name for name in FORMS if name != "social" or Outlet.SOCIAL in entry.quote.outlets]
    return [_form(name, FORMS[name](cited)) for name in names]


def _form(name: str, text: str) -> Form:
    if name != "social":
        return Form(name, LABELS[name], text)
    x, bluesky = weighed(text), letters(text)
    said = f"{x} of {MOST_X} on X, {bluesky} of {MOST_BLUESKY} on Bluesky"
    return Form(name, LABELS[name], text, said, x > MOST_X or bluesky > MOST_BLUESKY)


def citation_of(entry: Entry, access: Access, *, words: str = "") -> Citation:
    quote, source, post = entry.quote, entry.source, entry.quote.post
    organisation = entry.organisation or (post.organisation if post else None)
    speaker = entry.person or entry.organisation
    return Citation(
        words=words or quote.words,
        speaker=str(speaker.name) if speaker else "",
        post=post.role if post else "",
        organisation=organisation.name if organisation else "",
        day=in_words(entry.date),
        source=str(source) if source else "",
        published=in_words(source.published) if source and source.published else "",
        url=source.url if source else "",
        embargo=_embargo(entry, access),
    )


def _embargo(entry: Entry, access: Access) -> str:
    if not entry.is_embargoed(access.at) or entry.embargo_until is None:
        return ""
    local = entry.embargo_until.astimezone(access.campaign.zone)
    return f"EMBARGOED until {local:%H:%M}, {long_day(local.date())} ({access.campaign.time_zone})"


def marked(text: str, start: int, end: int) -> dict[str, Any]:
    """A text in three parts, the middle one to be marked."""
    return {"before": text[:start], "words": text[start:end], "after": text[end:]}
