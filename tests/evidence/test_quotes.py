"""Quotes: sign-off, the speaker's post, and where the words stand."""

from datetime import datetime

import pytest

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence.actions import edit_quote, find_quotes_again, set_state
from apps.evidence.clearance import clear_quote, withdraw_clearance
from apps.evidence.models import Quote
from apps.timeline.actions import Conflict, Facts
from apps.timeline.models import Entry, State
from tests import make
from tests.make import AT, DAY, SECOND

WORDS = "The law must catch up."


def stored(quote: Quote) -> Quote:
    return Quote.everything.select_related("entry").get(pk=quote.pk)


def seen_by(user: User, quote: Quote, at: datetime) -> bool:
    return Entry.objects.visible_to(user, at=at).filter(pk=quote.pk).exists()


def facts_of(quote: Quote, **changed: object) -> Facts:
    entry = quote.entry
    stands: dict = {"headline": entry.headline, "date": entry.date, "source": entry.source}
    return make.facts(**(stands | {"person": entry.person, "organisation": entry.organisation} | changed))


def test_readers_see_a_quote_from_the_moment_it_is_cleared(campaign: Campaign, cast: dict[str, User]) -> None:
    quote, press = make.quote(campaign), cast[Role.PRESS]
    clear_quote(quote=quote, version=1, by=press, at=AT + DAY)
    new = stored(quote)
    assert (new.cleared_by, new.cleared_at, new.entry.shown_from) == (press, AT + DAY, AT + DAY)
    viewer = cast[Role.VIEWER]
    assert [seen_by(viewer, quote, at) for at in (AT, AT + DAY - SECOND, AT + DAY)] == [False, False, True]


def test_a_cleared_quote_still_waits_for_its_embargo(campaign: Campaign) -> None:
    quote = make.quote(campaign, embargo_until=AT + 2 * DAY)
    clear_quote(quote=quote, version=1, by=make.owner_of(campaign), at=AT + DAY)
    assert stored(quote).entry.shown_from == AT + 2 * DAY


def test_a_clearance_after_the_embargo_counts_from_itself(campaign: Campaign) -> None:
    quote = make.quote(campaign, embargo_until=AT)
    clear_quote(quote=quote, version=1, by=make.owner_of(campaign), at=AT + DAY)
    assert stored(quote).entry.shown_from == AT + DAY


def test_revoking_hides_it_again(campaign: Campaign, cast: dict[str, User]) -> None:
    quote = make.quote(campaign, cleared=True)
    assert seen_by(cast[Role.VIEWER], quote, AT)
    withdraw_clearance(quote=quote, by=cast[Role.PRESS], at=AT)
    new = stored(quote)
    assert (new.cleared_by, new.cleared_at, new.entry.shown_from) == (None, None, None)
    assert not seen_by(cast[Role.VIEWER], quote, AT)
    assert seen_by(cast[Role.PRESS], quote, AT)


def test_clearing_words_that_changed_meanwhile_is_refused(campaign: Campaign) -> None:
    owner, quote = make.owner_of(campaign), make.quote(campaign)
    edit_quote(quote=quote, facts=facts_of(quote), words="Other words.", version=1, by=owner)
    with pytest.raises(Conflict) as refusal:
        clear_quote(quote=quote, version=1, by=owner, at=AT)
    assert refusal.value.entry.version == 2
    assert stored(quote).cleared_at is None


def test_editing_the_words_takes_the_clearance_away(campaign: Campaign) -> None:
    quote = make.quote(campaign, cleared=True)
    edit_quote(quote=quote, facts=facts_of(quote), words="New words.", version=1, by=make.owner_of(campaign))
    new = stored(quote)
    assert (new.words, new.cleared_at, new.entry.shown_from) == ("New words.", None, None)


@pytest.mark.parametrize("part", ["person", "organisation"])
def test_another_speaker_takes_the_clearance_away(campaign: Campaign, part: str) -> None:
    quote = make.quote(campaign, cleared=True)
    other = getattr(make, part)(campaign, "Somebody else")
    edit_quote(
        quote=quote,
        facts=facts_of(quote, **{part: other}),
        words=WORDS,
        version=1,
        by=make.owner_of(campaign),
    )
    assert stored(quote).entry.shown_from is None


def test_a_new_headline_keeps_the_clearance(campaign: Campaign) -> None:
    quote = make.quote(campaign, cleared=True)
    edit_quote(
        quote=quote, facts=facts_of(quote, headline="New"), words=WORDS, version=1, by=make.owner_of(campaign)
    )
    new = stored(quote)
    assert (new.entry.headline, new.cleared_at, new.entry.shown_from) == ("New", AT, AT)


def test_who_edits_second_is_told_and_nothing_is_written(campaign: Campaign) -> None:
    owner, quote = make.owner_of(campaign), make.quote(campaign, cleared=True)
    edit_quote(quote=quote, facts=facts_of(quote), words="First.", version=1, by=owner)
    with pytest.raises(Conflict):
        edit_quote(quote=quote, facts=facts_of(quote), words="Second.", version=1, by=owner)
    assert stored(quote).words == "First."


def test_restoring_a_quote_whose_clearance_was_taken_back_meanwhile_does_not_show_it(
    campaign: Campaign,
) -> None:
    owner, quote = make.owner_of(campaign), make.quote(campaign, cleared=True)
    page = Entry.everything.select_related("quote").get(pk=quote.pk)  # read before the clearance went
    withdraw_clearance(quote=quote, by=owner, at=AT)
    set_state(entry=page, state=State.WITHDRAWN, by=owner)
    set_state(entry=page, state=State.PUBLISHED, by=owner)
    assert stored(quote).entry.shown_from is None


def test_approving_a_cleared_draft_shows_it_from_its_clearance(campaign: Campaign) -> None:
    quote = make.quote(campaign, approved=False)
    clear_quote(quote=quote, version=1, by=make.owner_of(campaign), at=AT + DAY)
    assert stored(quote).entry.shown_from is None
    set_state(entry=quote.entry, state=State.PUBLISHED, by=make.owner_of(campaign))
    assert stored(quote).entry.shown_from == AT + DAY


def test_every_step_of_a_sign_off_is_in_history_with_its_author(
    campaign: Campaign, cast: dict[str, User]
) -> None:
    quote = make.quote(campaign, by=cast[Role.ADVOCACY])
    clear_quote(quote=quote, version=1, by=cast[Role.PRESS], at=AT)
    withdraw_clearance(quote=quote, by=cast[Role.OWNER], at=AT)
    rows = quote.history.order_by("history_id")
    assert [(row.history_type, row.history_user, row.cleared_at) for row in rows] == [
        ("+", cast[Role.ADVOCACY], None),
        ("~", cast[Role.PRESS], AT),
        ("~", cast[Role.OWNER], None),
    ]
    authors = [row.history_user for row in quote.entry.history.order_by("history_id")]
    assert authors == [cast[Role.ADVOCACY], cast[Role.PRESS], cast[Role.OWNER]]


def test_the_words_are_found_in_the_newest_text_that_has_them(campaign: Campaign) -> None:
    source = make.source(campaign)
    older = make.snapshot(source, f"She said: {WORDS}")
    make.snapshot(source, "The page is gone.", at=AT + DAY)
    quote = make.quote(campaign, words=WORDS, source=source)
    assert (quote.snapshot, quote.start, quote.end) == (older, 10, 10 + len(WORDS))
    assert older.text[quote.start : quote.end] == WORDS


def test_a_text_kept_later_is_searched_for_the_quotes_of_its_source(campaign: Campaign) -> None:
    owner, source = make.owner_of(campaign), make.source(campaign)
    ours, other = (make.quote(campaign, words=words, source=source) for words in (WORDS, "Not in there."))
    elsewhere = make.quote(campaign, words=WORDS)
    text = make.snapshot(source, WORDS)
    find_quotes_again(source=source, by=owner)
    assert [stored(quote).snapshot for quote in (ours, other, elsewhere)] == [text, None, None]
    assert [quote.history.count() for quote in (ours, other, elsewhere)] == [2, 1, 1]


@pytest.mark.parametrize(
    ("day", "role"),
    [("2019-12-31", "Policy officer"), ("2020-06-01", "Head of policy"), ("2020", ""), ("2018", "")],
)
def test_the_post_is_the_one_held_that_day(campaign: Campaign, day: str, role: str) -> None:
    speaker = make.person(campaign)
    make.post(speaker, role="Policy officer", held_from="2019", held_to="2020-01")
    make.post(speaker, role="Head of policy", held_from="2020")
    quote = make.quote(campaign, person=speaker, date=day)
    assert (quote.post.role if quote.post else "") == role


def test_of_several_posts_the_one_in_the_organisation_named_counts(campaign: Campaign) -> None:
    speaker, nspcc = make.person(campaign), make.organisation(campaign, "NSPCC")
    make.post(speaker, role="Trustee", organisation=make.organisation(campaign, "Barnardo’s"))
    head = make.post(speaker, role="Head of policy", organisation=nspcc)
    assert make.quote(campaign, person=speaker, organisation=nspcc).post == head
    assert make.quote(campaign, person=speaker).post is None
