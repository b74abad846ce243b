"""The true campaign: its numbers are right, its words are where they should be, and it quotes little."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.campaigns.models import Campaign
from apps.evidence.arithmetic import Verdict
from apps.evidence.checks import Verbatim, check_change, verbatim
from apps.evidence.models import Quote, Statistic
from apps.legislation.models import Bill, Following, Milestone, Outcome, Standing
from apps.reminders.models import Reminder
from apps.sources.models import Snapshot, Source
from apps.timeline.models import Entry, Link

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
TODAY = date(2026, 3, 10)


def entries(campaign: Campaign) -> list[Entry]:
    return list(Entry.everything.filter(campaign=campaign).select_related("source"))


def milestone(campaign: Campaign, headline: str) -> Milestone:
    return Milestone.everything.select_related("entry").get(
        entry__campaign=campaign, entry__headline=headline
    )


def test_the_bill_was_664_days_late(harms: Campaign) -> None:
    bill = milestone(harms, "Online Harms Bill on the statute book")
    assert (bill.outcome, bill.settled_on) == (Outcome.MET, date(2023, 10, 26))
    assert bill.late_days(TODAY) == 664
    assert bill.settled_source is not None
    assert bill.settled_source.publisher == "House of Commons Library"


def test_it_moved_four_times_each_with_a_reason_and_a_source(harms: Campaign) -> None:
    bill = milestone(harms, "Online Harms Bill on the statute book")
    rows = list(bill.targets.all())
    assert [row.date for row in rows] == [
        "../2021-12-31",
        "../2022-12-31",
        "../2023-04-30",
        "../2023-07-31",
        "2023-23",
    ]
    assert bill.moves == 4
    assert all(row.reason and row.source for row in rows)


def test_no_move_is_recorded_before_its_source_was_published(harms: Campaign) -> None:
    for entry in Milestone.everything.filter(entry__campaign=harms):
        for row in list(entry.targets.select_related("source"))[1:]:
            assert row.source is not None
            assert row.source.published_day is not None
            assert row.source.published_day <= row.recorded_at.date(), row.reason


def test_it_follows_the_bill_and_no_longer_asks_for_it(harms: Campaign) -> None:
    bill = Bill.objects.get(campaign=harms)
    assert (bill.title, bill.external_id, bill.standing) == ("Online Safety Act 2023", "3137", Standing.LAW)
    assert bill.following == Following.STOPPED
    steps = list(bill.steps.select_related("milestone__entry").order_by("day", "order"))
    assert len(steps) == 42
    assert {step.milestone.outcome for step in steps if step.milestone} == {Outcome.MET}
    last = steps[-1].milestone
    assert last is not None
    assert (last.entry.headline, last.entry.date) == ("Online Safety Bill: Royal Assent", "2023-10-26")
    assert bill.promise == milestone(harms, "Online Harms Bill on the statute book")
    recorded = {step.milestone.entry.recorded_at.date() for step in steps if step.milestone}
    assert recorded == {date(2022, 3, 18), date(2022, 7, 13), date(2023, 1, 19), date(2023, 10, 27)}


@pytest.mark.parametrize(
    ("headline", "late"),
    [
        ("Final plans (full government response) published", -16),
        ("Online Harms Bill introduced", 472),
        ("Joint Committee reports on the draft Bill", 4),
        ("Report stage in the Commons, second day", 138),
    ],
)
def test_others_were_late_too_or_early(harms: Campaign, headline: str, late: int) -> None:
    assert milestone(harms, headline).late_days(TODAY) == late


def test_the_rise_adds_up(harms: Campaign) -> None:
    statistic = Statistic.everything.get(entry__campaign=harms, figure=389)
    change = check_change(statistic)
    assert change is not None
    assert change.verdict is Verdict.CONSISTENT
    assert change.working == "389 vs 191 → (389 − 191) / 191 = +103.7%, stated 104%"
    assert (statistic.period_earliest, statistic.period_latest) == (date(2019, 4, 1), date(2020, 3, 31))


def test_the_national_figure_is_hedged(harms: Campaign) -> None:
    assert Statistic.everything.get(entry__campaign=harms, figure=10_000).hedge == "over"


def test_it_has_its_entries_and_every_one_has_a_source(harms: Campaign) -> None:
    found = entries(harms)
    assert len(found) == 74
    assert [entry.headline for entry in found if entry.source is None] == []
    assert {entry.visibility for entry in found} == {"public"}


def test_every_source_says_who_published_it_and_when(harms: Campaign) -> None:
    sources = Source.objects.filter(campaign=harms)
    assert [source.title for source in sources if not (source.publisher and source.published)] == []
    assert [source.title for source in sources if not source.url] == [
        "Online child sex offences double in a year in region"
    ]


def test_quotes_are_short_cleared_and_where_a_text_is_kept_verbatim(harms: Campaign) -> None:
    quotes = list(Quote.everything.filter(entry__campaign=harms).select_related("entry__source", "post"))
    assert len(quotes) == 7
    assert all(len(quote.words.split()) < 25 for quote in quotes)
    assert all(quote.is_cleared() for quote in quotes)
    badges = {quote.entry.headline: verbatim(quote) for quote in quotes}
    unchecked = [headline for headline, badge in badges.items() if badge == Verbatim.NO_SOURCE]
    assert sorted(unchecked) == [
        "NSPCC: pass legislation by the end of 2021",
        "West Mercia Police: the rise reflects our own work",
    ]
    assert set(badges.values()) == {Verbatim.NO_SOURCE, Verbatim.VERIFIED}


def test_speakers_have_the_post_they_spoke_in(harms: Campaign) -> None:
    quotes = Quote.everything.filter(entry__campaign=harms).exclude(entry__person=None).select_related("post")
    assert {str(quote.post) for quote in quotes} == {
        "Head of Child Safety Online Policy, NSPCC",
        "Chief Superintendent, Head of crime and vulnerability, West Mercia Police",
        "Minister speaking for the Government in the House of Lords, HM Government",
        "Member of the House of Lords (Labour), House of Lords",
        "Member of the House of Lords (Conservative), House of Lords",
    }


def test_no_text_of_the_article_is_kept(harms: Campaign) -> None:
    kept = Snapshot.objects.filter(source__campaign=harms)
    assert kept.count() == 4
    assert not kept.filter(source__publisher="Shropshire Star").exists()


def test_anybody_may_read_it_and_nothing_of_it_is_left_to_remind_of(harms: Campaign) -> None:
    seen = Entry.objects.visible_to(AnonymousUser(), at=NOW, campaign=harms)
    assert seen.count() == len(entries(harms))
    assert not Reminder.objects.filter(milestone__entry__campaign=harms).exists()


def test_its_entries_are_linked(harms: Campaign) -> None:
    links = Link.objects.filter(from_entry__campaign=harms)
    assert {link.relation for link in links} == {
        "supports",
        "contradicts",
        "responds_to",
        "promises",
        "updates",
    }
    assert all(entry.recorded_at < NOW for entry in entries(harms))
