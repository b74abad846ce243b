"""The words of a reminder."""

import pytest
from django.conf import settings

from apps.campaigns.models import Campaign
from apps.legislation.models import Milestone
from apps.reminders.messages import Message, compose, state_of
from apps.reminders.models import Reminder
from tests import make
from tests.make import AT, DAY
from tests.reminders import remind
from tests.reminders.remind import on


def message(milestone: Milestone, at: str, clock: str = "08:00") -> Message:
    stored = Milestone.everything.select_related("entry__campaign", "owner").get(pk=milestone.pk)
    return compose(Reminder.objects.exclude(state="cancelled").earliest("due_at"), stored, at=on(at, clock))


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
    written = message(milestone, "2026-06-13")
    assert written.subject == "In 7 days: Royal Assent (20 June 2026)"
    assert written.body.rstrip().split("\n") == [
        "Royal Assent",
        "Online harms",
        "",
        "Target: 20 June 2026 (in 7 days; the last day is Saturday 20 June 2026).",
        "It has moved 1 time, 7 days later than first promised.",
        "Watched by Olive.",
        "",
        "See it, move the date or mark it met:",
        f"{settings.SITE_URL}/c/online-harms/entries/{milestone.pk}/",
        "",
        "You get this because you are on the campaign’s team. Rule: 7 days before.",
    ]


def test_a_late_message_says_so(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, target="2026-06-20")
    bodies = [message(milestone, "2026-06-13", clock).body for clock in ("08:59", "09:00", "13:30")]
    late = [line.split(":")[0] for body in bodies for line in body.split("\n") if "late" in line]
    assert late == ["This reminder is 1 hour late", "This reminder is 5 hours late"]


def test_an_imprecise_target_says_how_sure_it_is_and_which_day_counts(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, target="../2026-06-30")
    written = message(milestone, "2026-06-23")
    assert written.subject == "In 7 days: Royal Assent (by the end of June 2026)"
    assert "the last day is Tuesday 30 June 2026" in written.body


def test_an_overdue_message_counts_from_the_last_day(campaign: Campaign) -> None:
    remind.ladder(campaign, (-7, 7))
    written = message(remind.milestone(campaign, target="2026-06-20"), "2026-06-27")
    assert written.subject == "7 days overdue: Royal Assent (20 June 2026)"
    assert "the last day was Saturday 20 June 2026" in written.body
    assert "Rule: weekly while overdue." in written.body


def test_the_words_of_people_are_not_escaped(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, target="2026-06-20", headline="Commons & Lords <agree>")
    assert message(milestone, "2026-06-13").body.startswith("Commons & Lords <agree>\n")


def test_days_are_counted_in_the_campaigns_zone(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, target="2026-06-20")
    before, after = (message(milestone, "2026-06-19", clock).subject for clock in ("22:59", "23:00"))
    assert (before.split(":")[0], after.split(":")[0]) == ("Tomorrow", "Today")
