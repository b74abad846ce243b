"""The words of a message: one reminder or many."""

from datetime import datetime

import pytest
from django.conf import settings

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.notices.letters import answer_address
from apps.reminders.checks import check
from apps.reminders.messages import SHOWN, Composed, compose, state_of
from apps.reminders.models import Reminder
from tests import make
from tests.make import AT, DAY
from tests.reminders import remind
from tests.reminders.remind import on

ID = "<0123@example.org>"


def composed(moment: datetime, *, to: User | None = None, **those: object) -> Composed:
    """What is due at that moment, in one message, by e-mail."""
    rows = list(remind.reminders(due_at__lte=moment, **those).exclude(state="cancelled"))
    recipient = to or rows[0].recipient
    told = check(rows, remind.channel_of(recipient), at=moment).told
    return compose(told, recipient, message_id=ID, at=moment)


def words(day: str, clock: str = "08:00") -> tuple[str, list[str]]:
    found = composed(on(day, clock)).words
    return found.subject, found.body.rstrip().split("\n")


@pytest.mark.parametrize(
    ("left", "words"),
    [(30, "in 30 days"), (1, "tomorrow"), (0, "today"), (-1, "1 day overdue"), (-664, "664 days overdue")],
)
def test_how_far_off_it_is(left: int, words: str) -> None:
    assert state_of(left) == words


def test_the_whole_message(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, target="2026-06-13", owner=make.owner_of(campaign))
    remind.move(milestone, "2026-06-20", at=AT + DAY)
    assert words("2026-06-13") == (
        "In 7 days: Royal Assent (20 June 2026)",
        [
            "Royal Assent",
            "Target: 20 June 2026, in 7 days.",
            "Watched by Olive.",
            "It has moved once, 7 days later than first promised.",
            f"Online harms · {settings.SITE_URL}/c/online-harms/entries/{milestone.pk}/",
            "",
            "Say that you have seen it, or ask to be told later (no sign-in needed):",
            answer_address(ID),
            "",
            "You get this because you are on the campaign’s team. How and when reminders reach you: "
            f"{settings.SITE_URL}/me/",
        ],
    )


def test_several_in_one_message_stand_in_the_order_of_their_dates(campaign: Campaign) -> None:
    remind.ladder(campaign, 7, 3)
    for headline, target in (("Third reading", "2026-06-20"), ("Second reading", "2026-06-16")):
        remind.milestone(campaign, headline=headline, target=target)
    subject, body = words("2026-06-13")
    assert subject == "In 3 days: Second reading (16 June 2026), and 1 more"
    assert [line for line in body if "reading" in line] == ["Second reading", "Third reading"]


def test_what_it_said_of_each_is_kept_by_itself(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    for headline in ("Second reading", "Third reading"):
        remind.milestone(campaign, headline=headline)
    said = composed(on("2026-06-13")).said
    firsts = {row.pk: row.milestone.entry.headline for row in remind.reminders()}
    assert {pk: text.split("\n")[0] for pk, text in said.items()} == firsts


def test_beyond_so_many_the_rest_are_counted(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    for _ in range(SHOWN + 2):
        remind.milestone(campaign)
    subject, body = words("2026-06-13")
    assert subject == f"In 7 days: Royal Assent (20 June 2026), and {SHOWN + 1} more"
    assert body.count("Royal Assent") == SHOWN
    assert f"And 2 more: {settings.SITE_URL}/reminders/" in body


def test_the_html_says_the_same(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, headline="Commons & <b>Lords</b> agree")
    html = composed(on("2026-06-13")).words.html
    for piece in (
        "Commons &amp; &lt;b&gt;Lords&lt;/b&gt; agree</a>",
        "In 7 days",
        "20 June 2026",
        f"/c/online-harms/entries/{milestone.pk}/",
        answer_address(ID),
    ):
        assert piece in html
    assert "<b>" not in html


def test_a_change_says_from_what_to_what_why_and_by_whose_word(campaign: Campaign) -> None:
    reader = make.member(campaign, "advocacy")
    remind.ladder(campaign)
    milestone = remind.milestone(campaign, target="2026-06-20")
    remind.revise_target(
        milestone=milestone,
        to=remind.parse("2026-06"),
        reason="Lords amendments",
        source=make.source(campaign, title="Order paper"),
        by=make.owner_of(campaign),
        at=AT + DAY,
    )
    remind.plan(milestone, at=AT + DAY)
    found = composed(AT + 2 * DAY, to=reader).words
    assert found.subject == "Moved: Royal Assent, from 20 June 2026 to June 2026"
    assert found.body.split("\n")[:3] == [
        "Moved: Royal Assent",
        "From 20 June 2026 to June 2026 (the last day is Tuesday 30 June 2026), in 110 days.",
        "Because: Lords amendments (Order paper)",
    ]


def test_a_late_message_says_so(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    bodies = [words("2026-06-13", clock)[1] for clock in ("08:59", "09:00", "13:30")]
    late = [line.split(":")[0] for body in bodies for line in body if " late: " in line]
    assert late == ["This is 1 hour late", "This is 5 hours late"]


def test_what_is_older_than_a_day_is_listed_as_missed(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    for headline, target in (("Old", "2026-06-20"), ("Older", "2026-06-19"), ("Fresh", "2026-06-21")):
        remind.milestone(campaign, headline=headline, target=target)
    subject, body = words("2026-06-14", "12:00")
    assert subject == "In 7 days: Fresh (21 June 2026), and 2 more"
    places = [body.index(line) for line in ("Fresh", "Missed while reminders stood still:", "Older", "Old")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("targets", "subject"),
    [
        (["2026-06-20"], "Missed while reminders stood still: 1 deadline"),
        (["2026-06-20", "2026-06-19"], "Missed while reminders stood still: 2 deadlines"),
    ],
)
def test_where_all_is_old_it_is_one_list_of_what_was_missed(
    campaign: Campaign, targets: list[str], subject: str
) -> None:
    remind.ladder(campaign, 7)
    for target in targets:
        remind.milestone(campaign, target=target)
    assert words("2026-06-15")[0] == subject


def test_a_target_that_passed_meanwhile_was_missed(campaign: Campaign) -> None:
    """Its rung fell due late in the evening of its last day."""
    remind.ladder(campaign, 0)
    remind.milestone(campaign, target="2026-06-20")
    Reminder.objects.update(due_at=on("2026-06-20", "22:00"))
    assert words("2026-06-21", "06:00")[0] == "Missed while reminders stood still: 1 deadline"


def test_an_imprecise_target_says_how_sure_it_is_and_which_day_counts(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="../2026-06-30")
    subject, body = words("2026-06-23")
    assert subject == "In 7 days: Royal Assent (by the end of June 2026)"
    assert body[1] == "Target: by the end of June 2026, in 7 days; the last day is Tuesday 30 June 2026."


def test_an_overdue_message_counts_from_the_last_day(campaign: Campaign) -> None:
    remind.ladder(campaign, (-7, 7))
    remind.milestone(campaign, target="2026-06-20")
    assert words("2026-06-27")[0] == "7 days overdue: Royal Assent (20 June 2026)"


def test_who_watches_is_said_and_that_nobody_does(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    watched = remind.milestone(campaign, owner=make.owner_of(campaign))
    lonely = remind.milestone(campaign)
    said = composed(on("2026-06-13")).said
    found = [said[remind.reminders(milestone=one).get().pk].split("\n")[2] for one in (watched, lonely)]
    assert found == ["Watched by Olive.", "Nobody watches it."]


def test_the_words_of_people_are_not_escaped(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20", headline="Commons & Lords <agree>")
    subject, body = words("2026-06-13")
    assert (subject, body[0]) == (
        "In 7 days: Commons & Lords <agree> (20 June 2026)",
        "Commons & Lords <agree>",
    )


def test_days_are_counted_in_the_campaigns_zone(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    Reminder.objects.update(due_at=on("2026-06-19", "22:00"))
    before, after = (words("2026-06-19", clock)[0] for clock in ("22:59", "23:00"))
    assert (before.split(":")[0], after.split(":")[0]) == ("Tomorrow", "Today")
