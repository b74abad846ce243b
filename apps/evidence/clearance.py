"""Sign-off and consent: who lets a quote be used, where and until when, and what takes that back.

draft → submitted → cleared → withdrawn, and from there again. That a clearance or a consent has run out is
derived: `shown_between` turns both into the moments between which the gate lets readers see the quote.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.evidence.models import Consent, Outlet, Quote, SignOff, Voice, outlets_text
from apps.timeline.actions import lock, save_derived, show
from apps.timeline.models import Entry, Visibility

Span = tuple[datetime | None, datetime | None]
NEVER: Span = (None, None)

NEEDS_A_SOURCE = "Name the source first: a quote on the record is cleared with the source that has it."
NEEDS_CONSENT = "Record the consent first: a case study is used only with consent that is in force."
NEEDS_WEBSITE = (
    "Anyone may see it on the public timeline, which is a website. Clear it for the website too, or edit it"
    " first so that the team alone sees it."
)
NOT_FOR_THE_WEBSITE = "It is not cleared for the website, so anyone may not see it here. Clear it for that."
NOT_THEIRS = "It was somebody else’s: the quote names another speaker now."


@dataclass(frozen=True, kw_only=True)
class Given:
    """A consent as it was given; see Consent."""

    person: str
    scope: tuple[str, ...]
    given_on: date
    expires_at: datetime | None = None
    under_18: bool = False
    guardian: str = ""
    reference: str = ""
    file: str = ""
    file_name: str = ""


def is_published(visibility: str) -> bool:
    """Whether the site itself shows it to anyone, once it is cleared."""
    return visibility == Visibility.PUBLIC


def open_consent(quote: Quote) -> Consent | None:
    """The consent that nobody ended; by the calendar it may have run out."""
    return quote.consents.filter(ended_at=None).first() if quote.is_case_study else None


def shown_between(quote: Quote) -> Span:
    """From when readers may see it, embargo apart, and from when they no longer may. Two empty ones: not."""
    if quote.cleared_at is None:
        return NEVER
    ends = [quote.cleared_until]
    if quote.is_case_study:
        consent = open_consent(quote)
        if consent is None or not consent.covers(quote.outlets):
            return NEVER
        ends.append(consent.expires_at)
    return quote.cleared_at, min((end for end in ends if end), default=None)


def may_be_cleared(quote: Quote, *, outlets: Iterable[str], until: datetime | None, at: datetime) -> None:
    """Raises ValidationError with what has to be there first."""
    outlets = tuple(outlets)
    consent = open_consent(quote)
    if not quote.is_case_study and quote.entry.source_id is None:
        raise ValidationError(NEEDS_A_SOURCE)
    if quote.is_case_study and (consent is None or not consent.is_in_force(at)):
        raise ValidationError(NEEDS_CONSENT)
    if not outlets:
        raise ValidationError("Say what it is cleared for: at least one.")
    if is_published(quote.entry.visibility) and Outlet.WEBSITE not in outlets:
        raise ValidationError(NEEDS_WEBSITE)
    if until is not None and until <= at:
        raise ValidationError("That day is over. Give one that is still to come, or none.")
    if consent is not None and not consent.covers(outlets):
        allowed = ", ".join(outlet.label for outlet in consent.outlets)
        raise ValidationError(f"The consent is for {allowed} only. Clear it for no more than that.")


@transaction.atomic
def submit_quote(*, quote: Quote, version: int, by: User, at: datetime) -> Quote:
    """Ask for it to be cleared. Raises Conflict where the entry has a newer version, ValidationError where it
    is cleared, or waits already."""
    quote = _locked(quote, version)
    if quote.sign_off in (SignOff.SUBMITTED, SignOff.CLEARED):
        raise ValidationError(f"It is past that: {SignOff(quote.sign_off).label.lower()}.")
    _forget_sign_off(quote)
    quote.sign_off, quote.submitted_by, quote.submitted_at = SignOff.SUBMITTED, by, at
    return _save(quote, by)


@transaction.atomic
def clear_quote(
    *,
    quote: Quote,
    version: int,
    by: User,
    at: datetime,
    outlets: Iterable[str] | None = None,
    until: datetime | None = None,
) -> Quote:
    """Sign the quote off: from now readers may see it, embargo apart, until `until`. `outlets` left out are
    all of them, or of a case study those of its consent.

    Raises Conflict where the words on the reader's page are no longer those that stand or somebody decided
    first, and ValidationError where a source or a consent is missing.
    """
    quote = _locked(quote, version)
    give_clearance(quote, by=by, at=at, outlets=outlets, until=until)
    return _save(quote, by)


def give_clearance(
    quote: Quote, *, by: User, at: datetime, outlets: Iterable[str] | None, until: datetime | None = None
) -> None:
    """Fill in the sign-off of a row that is about to be saved."""
    if outlets is None:
        outlets = default_outlets(quote)
    outlets = tuple(outlets)
    may_be_cleared(quote, outlets=outlets, until=until, at=at)
    _forget_sign_off(quote)
    quote.sign_off, quote.cleared_by, quote.cleared_at = SignOff.CLEARED, by, at
    quote.cleared_for, quote.cleared_until = outlets_text(outlets), until


def default_outlets(quote: Quote) -> tuple[str, ...]:
    """All, or of a case study those its consent names."""
    if quote.is_case_study:
        consent = open_consent(quote)
        return tuple(consent.outlets) if consent else ()
    return tuple(Outlet)


@transaction.atomic
def withdraw_clearance(
    *, quote: Quote, by: User, at: datetime, because: str = "", version: int | None = None
) -> Quote:
    """Take the sign-off back: from now only staff see the quote, wherever it stands. Raises Conflict where
    the entry has a newer version than the one asked for."""
    quote = _locked(quote, version)
    take_clearance_back(quote, by=by, at=at, because=because)
    return _save(quote, by)


def take_clearance_back(quote: Quote, *, by: User, at: datetime, because: str) -> None:
    """Fill in the withdrawal of a row that is about to be saved."""
    _forget_sign_off(quote)
    quote.sign_off, quote.withdrawn_by, quote.withdrawn_at = SignOff.WITHDRAWN, by, at
    quote.withdrawn_because = because


def start_again(quote: Quote) -> None:
    """The sign-off was of what stood before: it is a draft once more."""
    _forget_sign_off(quote)
    quote.sign_off = SignOff.DRAFT


def _forget_sign_off(quote: Quote) -> None:
    """History keeps what it was."""
    quote.cleared_by = quote.cleared_at = quote.cleared_until = None
    quote.withdrawn_by = quote.withdrawn_at = None
    quote.submitted_by = quote.submitted_at = None
    quote.cleared_for = quote.withdrawn_because = ""


@transaction.atomic
def record_consent(*, quote: Quote, given: Given, version: int, by: User, at: datetime) -> Consent:
    """Keep a consent; one that is open ends with it. The quote is shown for as long as the new one covers
    what it is cleared for. Raises Conflict, and ValidationError for a quote that is no case study."""
    quote = _locked(quote, version)
    if quote.voice != Voice.CASE_STUDY:
        raise ValidationError("Only a case study needs a consent. Edit the quote to make it one.")
    end_consent(quote, by=by, at=at, because="Another one took its place.")
    consent = Consent(
        quote=quote,
        scope=outlets_text(given.scope),
        recorded_by=by,
        recorded_at=at,
        **{name: getattr(given, name) for name in Given.__dataclass_fields__ if name != "scope"},
    )
    save_as(by, consent)
    _save(quote, by)
    return consent


@transaction.atomic
def withdraw_consent(*, quote: Quote, by: User, at: datetime, because: str, version: int) -> Quote:
    """Whoever spoke takes their consent back: it ends, and so does the clearance, at once."""
    quote = _locked(quote, version)
    if not end_consent(quote, by=by, at=at, because=because):
        raise ValidationError("No consent is open here that could be withdrawn.")
    if quote.is_cleared():
        take_clearance_back(quote, by=by, at=at, because="The consent was withdrawn.")
    return _save(quote, by)


def end_consent(quote: Quote, *, by: User, at: datetime, because: str) -> bool:
    """End the one that is open, for a quote whose sign-off is about to be saved. Whether there was one."""
    consent = quote.consents.filter(ended_at=None).first()
    if consent is None:
        return False
    consent.ended_by, consent.ended_at, consent.ended_because = by, at, because
    save_as(by, consent)
    return True


def _locked(quote: Quote, version: int | None) -> Quote:
    entry = lock(quote.entry, version=version)
    found = Quote.everything.get(pk=entry.pk)
    found.entry = entry
    return found


def _save(quote: Quote, by: User) -> Quote:
    ready, until = shown_between(quote)
    show(quote.entry, ready=ready, until=until)
    quote.entry = save_derived(entry=quote.entry, by=by)
    return save_as(by, quote)


def shown_of(entry: Entry) -> Span:
    """From when to when readers may see an entry of any kind, embargo apart."""
    if entry.kind != "quote":
        return entry.recorded_at, None
    return shown_between(entry.quote)
