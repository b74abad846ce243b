"""Sign-off and consent: who lets a quote be used, and what hides it again at its moment."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence.actions import add_quote, edit_quote, extend_embargo, set_state
from apps.evidence.clearance import (
    clear_quote,
    record_consent,
    submit_quote,
    withdraw_clearance,
    withdraw_consent,
)
from apps.evidence.models import Consent, Outlet, Quote, SignOff, Voice
from apps.notices.models import Delivery
from apps.timeline.actions import Conflict
from apps.timeline.models import Entry, State
from tests import make
from tests.make import AT, DAY, SECOND

SOON = AT + DAY


def stored(quote: Quote) -> Quote:
    return Quote.everything.select_related("entry").get(pk=quote.pk)


def version(quote: Quote) -> int:
    return Entry.everything.get(pk=quote.pk).version


def span(quote: Quote) -> tuple[datetime | None, datetime | None]:
    entry = Entry.everything.get(pk=quote.pk)
    return entry.shown_from, entry.shown_until


def seen(user: User, quote: Quote, at: datetime) -> bool:
    return Entry.objects.visible_to(user, at=at).filter(pk=quote.pk).exists()


def clear(quote: Quote, **how: object) -> Quote:
    fields: dict = {"version": version(quote), "by": make.owner_of(quote.entry.campaign), "at": AT}
    return clear_quote(quote=quote, **(fields | how))


def test_from_draft_to_submitted_to_cleared_to_withdrawn(campaign: Campaign, cast: dict[str, User]) -> None:
    quote = make.quote(campaign, by=cast[Role.VOLUNTEER], approved=False)
    submit_quote(quote=quote, version=1, by=cast[Role.VOLUNTEER], at=AT)
    set_state(entry=quote.entry, state=State.PUBLISHED, by=cast[Role.PRESS])
    clear(quote, by=cast[Role.PRESS], outlets=["press", "print"], until=AT + DAY)
    one = stored(quote)
    assert (one.sign_off, one.cleared_by, one.cleared_for) == ("cleared", cast[Role.PRESS], "press print")
    assert (one.outlets, one.submitted_at) == ((Outlet.PRESS, Outlet.PRINT), None)
    assert span(quote) == (AT, AT + DAY)
    withdraw_clearance(quote=quote, by=cast[Role.OWNER], at=AT + DAY, because="It was a slip.")
    one = stored(quote)
    assert (one.sign_off, one.cleared_at, one.withdrawn_because) == ("withdrawn", None, "It was a slip.")
    assert span(quote) == (None, None)
    assert [row.sign_off for row in one.history.order_by("history_id")] == [
        *("draft", "submitted", "cleared", "withdrawn")
    ]


def test_a_clearance_ends_at_its_moment_without_anybody_acting(
    campaign: Campaign, cast: dict[str, User]
) -> None:
    quote = clear(make.quote(campaign), until=AT + DAY)
    viewer = cast[Role.VIEWER]
    assert [seen(viewer, quote, at) for at in (AT + DAY - SECOND, AT + DAY)] == [True, False]
    assert seen(cast[Role.PRESS], quote, AT + DAY)
    assert stored(quote).has_run_out(AT + DAY)


def test_the_second_of_two_who_decide_is_told(campaign: Campaign, cast: dict[str, User]) -> None:
    quote = make.quote(campaign, cleared=True)
    page = version(quote)
    withdraw_clearance(quote=quote, by=cast[Role.PRESS], at=AT, version=page)
    with pytest.raises(Conflict):
        clear(quote, version=page)
    with pytest.raises(Conflict):
        withdraw_clearance(quote=quote, by=cast[Role.OWNER], at=AT, version=page)
    assert stored(quote).sign_off == SignOff.WITHDRAWN


def test_on_the_record_needs_a_source_and_keeps_it(campaign: Campaign) -> None:
    quote = make.quote(campaign, source=None)
    with pytest.raises(ValidationError, match="Name the source first"):
        clear(quote)
    cleared = make.quote(campaign, cleared=True)
    without = make.facts(person=cleared.entry.person)
    with pytest.raises(ValidationError, match="Name the source first"):
        edit_quote(quote=cleared, facts=without, words=cleared.words, version=1, by=make.owner_of(campaign))
    with pytest.raises(ValidationError, match="Name the source first"):
        make.quote(campaign, cleared=True, source=None)
    assert stored(cleared).is_cleared()


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"outlets": []}, "at least one"),
        ({"until": AT}, "That day is over"),
        ({"until": AT - DAY}, "is over"),
    ],
)
def test_what_makes_no_sense_is_refused(how: dict, sentence: str, campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match=sentence):
        clear(make.quote(campaign), **how)


def test_anyone_sees_on_the_site_only_what_is_cleared_for_the_website(campaign: Campaign) -> None:
    """A frame and a feed for everybody are a website: consent for the press alone does not reach so far."""
    quote = make.case_study(campaign, visibility="public")
    make.consent(quote, scope=("press",))
    with pytest.raises(ValidationError, match="Anyone may see it"):
        clear(quote, outlets=("press",))
    assert span(quote) == (None, None)
    team = make.facts(date="2026-03-03", person=quote.entry.person, source=quote.entry.source)
    by = make.owner_of(campaign)
    edit_quote(quote=quote, facts=team, words=quote.words, version=version(quote), by=by)
    clear(quote, outlets=("press",))
    public = replace(team, visibility="public")
    with pytest.raises(ValidationError, match="not cleared for the website") as refused:
        edit_quote(quote=quote, facts=public, words=quote.words, version=version(quote), by=by)
    assert list(refused.value.message_dict) == ["visibility"]
    assert stored(quote).entry.visibility == "team"
    make.consent(quote, scope=("press", "website"))
    clear(quote, outlets=("press", "website"))
    edit_quote(quote=quote, facts=public, words=quote.words, version=version(quote), by=by)
    assert stored(quote).entry.visibility == "public"


def test_who_is_past_submitting_is_told(campaign: Campaign) -> None:
    quote = make.quote(campaign, cleared=True)
    with pytest.raises(ValidationError, match="past that: cleared"):
        submit_quote(quote=quote, version=1, by=make.owner_of(campaign), at=AT)


def test_a_case_study_waits_for_consent_that_covers_it(campaign: Campaign) -> None:
    story = make.case_study(campaign)
    with pytest.raises(ValidationError, match="Record the consent first"):
        clear(story)
    make.consent(story, scope=("press",), expires_at=AT + DAY)
    with pytest.raises(ValidationError, match="The consent is for press only"):
        clear(story, outlets=["press", "social"])
    with pytest.raises(ValidationError, match="Record the consent first"):
        clear(story, at=AT + DAY)
    assert clear(story).cleared_for == "press"
    with pytest.raises(ValidationError):
        add_quote(
            campaign=campaign,
            facts=make.facts(person=make.person(campaign)),
            words="Mine.",
            voice=Voice.CASE_STUDY,
            cleared=True,
            by=make.owner_of(campaign),
            at=AT,
        )


@pytest.mark.parametrize(
    ("until", "expires", "ends"),
    [
        (None, AT + DAY, AT + DAY),
        (AT + DAY, None, AT + DAY),
        (AT + 2 * DAY, AT + DAY, AT + DAY),
        (None, None, None),
    ],
)
def test_it_is_shown_until_clearance_or_consent_ends(
    until: datetime | None, expires: datetime | None, ends: datetime | None, campaign: Campaign
) -> None:
    story = make.cleared_case_study(campaign, until=until, expires_at=expires)
    assert span(story) == (AT, ends)


def test_a_consent_that_is_withdrawn_hides_it_at_once_and_takes_the_clearance(
    campaign: Campaign, cast: dict[str, User]
) -> None:
    story = make.cleared_case_study(campaign)
    assert seen(cast[Role.VIEWER], story, AT)
    withdraw_consent(
        quote=story, by=cast[Role.ADVOCACY], at=AT + DAY, because="She rang.", version=version(story)
    )
    consent = Consent.objects.get()
    assert (consent.ended_by, consent.ended_at, consent.ended_because) == (
        *(cast[Role.ADVOCACY], AT + DAY),
        "She rang.",
    )
    assert (stored(story).sign_off, span(story)) == ("withdrawn", (None, None))
    assert not seen(cast[Role.VIEWER], story, AT + DAY)
    with pytest.raises(ValidationError, match="No consent is open"):
        withdraw_consent(quote=story, by=cast[Role.OWNER], at=AT + DAY, because="", version=version(story))


def test_a_new_consent_takes_the_place_of_the_old_and_shows_it_for_longer(campaign: Campaign) -> None:
    story = make.cleared_case_study(campaign, expires_at=AT + DAY)
    make.consent(story, expires_at=AT + 9 * DAY, at=AT + 2 * DAY)
    assert span(story) == (AT, AT + 9 * DAY)
    make.consent(story, scope=("press",), at=AT + 3 * DAY)
    assert span(story) == (None, None)  # it is cleared for more than that
    ended = Consent.objects.exclude(ended_at=None)
    assert {one.ended_because for one in ended} == {"Another one took its place."}


def test_only_case_studies_have_consents_and_the_second_writer_is_told(campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match="Only a case study"):
        make.consent(make.quote(campaign))
    story = make.case_study(campaign)
    owner = make.owner_of(campaign)
    make.consent(story)
    with pytest.raises(Conflict):
        record_consent(quote=story, given=make.given(), version=1, by=owner, at=AT)


def test_an_edit_in_another_capacity_must_be_cleared_again(campaign: Campaign) -> None:
    quote = make.quote(campaign, cleared=True)
    facts = make.facts(person=quote.entry.person, source=quote.entry.source)
    owner = make.owner_of(campaign)
    edit_quote(quote=quote, facts=facts, words=quote.words, version=1, by=owner, voice=Voice.CASE_STUDY)
    assert (stored(quote).sign_off, span(quote)) == ("draft", (None, None))


@pytest.mark.parametrize("part", ["person", "organisation"])
def test_another_speaker_does_not_inherit_the_consent(
    part: str, campaign: Campaign, cast: dict[str, User]
) -> None:
    story = make.cleared_case_study(campaign, **{part: getattr(make, part)(campaign, "Whoever spoke")})
    stands = {"person": story.entry.person, "organisation": story.entry.organisation}
    stands["source"] = story.entry.source
    facts = make.facts(**(stands | {part: getattr(make, part)(campaign, "Somebody else")}))
    how = {"quote": story, "words": story.words, "by": cast[Role.OWNER], "at": AT + DAY}
    edit_quote(facts=make.facts("Shorter", **stands), version=version(story), **how)
    assert Consent.objects.get().ended_at is None  # the same speaker: it is still theirs
    edit_quote(facts=facts, version=version(story), **how)
    ended = Consent.objects.get()
    assert (ended.ended_by, ended.ended_at) == (cast[Role.OWNER], AT + DAY)
    assert ended.ended_because == "It was somebody else’s: the quote names another speaker now."
    with pytest.raises(ValidationError, match="Record the consent first"):
        clear(story, outlets=["press"], at=AT + DAY)
    told = Delivery.objects.get(recipient=cast[Role.PRESS])
    assert told.subject.startswith("No longer to be used")
    assert "named another speaker, and the consent was not theirs: it ended." in told.body


def test_whoever_is_named_with_their_organisation_has_still_consented(campaign: Campaign) -> None:
    story = make.cleared_case_study(campaign)
    theirs = make.organisation(campaign, "A support group")
    facts = make.facts(person=story.entry.person, organisation=theirs, source=story.entry.source)
    edit_quote(
        quote=story, facts=facts, words=story.words, version=version(story), by=make.owner_of(campaign)
    )
    assert (stored(story).sign_off, Consent.objects.get().ended_at) == ("draft", None)


def test_an_embargo_is_extended_by_days_on_the_clocks_of_the_campaign(campaign: Campaign) -> None:
    until = datetime.fromisoformat("2026-03-28T00:01:00+00:00")
    quote = make.quote(campaign, cleared=True, embargo_until=until)
    owner = make.owner_of(campaign)
    entry = extend_embargo(entry=quote.entry, days=7, version=1, by=owner, at=AT)
    assert entry.embargo_until == datetime.fromisoformat("2026-04-04T00:01:00+01:00")
    assert (entry.shown_from, entry.version) == (entry.embargo_until, 2)
    with pytest.raises(Conflict):
        extend_embargo(entry=quote.entry, days=1, version=1, by=owner, at=AT)
    with pytest.raises(ValidationError, match="lifted already"):
        extend_embargo(entry=entry, days=1, version=2, by=owner, at=entry.embargo_until)
    assert [row.history_user for row in entry.history.all()] == [owner, owner]


def test_an_embargo_extended_into_the_hour_that_is_not_there_ends_after_it(campaign: Campaign) -> None:
    until = datetime.fromisoformat("2026-03-28T01:30:00+00:00")
    entry = make.update(campaign, embargo_until=until)
    extended = extend_embargo(entry=entry, days=1, version=1, by=make.owner_of(campaign), at=AT)
    assert extended.embargo_until == datetime.fromisoformat("2026-03-29T02:00:00+01:00")
