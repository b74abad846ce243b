"""Loading twice, the next day, on sites of all sorts; and taking it away again."""

import stat
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.campaigns.actions import add_member, change_campaign, remove_member
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.desk.demo import fictional
from apps.desk.demo.load import Refused, find, freshen, load, plant_reminder, remove
from apps.desk.demo.people import find_owner, sign_ins, sign_ins_file
from apps.desk.demo.planted import HEADLINE
from apps.desk.demo.sittings import BREAKS
from apps.legislation.actions import settle
from apps.legislation.models import Milestone, Outcome, SittingBreak
from apps.reminders.actions import add_rule, set_default_ladder
from apps.reminders.models import Reminder, Rule, Tick
from apps.reminders.sending import look
from apps.sources.actions import take_snapshot
from apps.sources.models import Source
from apps.timeline.actions import remove_link
from apps.timeline.models import Density, Entry, Link
from tests import make
from tests.make import AT, DAY

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    """How many rows every table has."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model._base_manager.count() for model in models}


def sendings(campaign: Campaign) -> list[tuple[datetime, str]]:
    rows = Reminder.objects.filter(
        milestone__entry__campaign=campaign, rule__milestone__entry__headline=HEADLINE
    )
    mails = rows.filter(recipient__username="amira", channel__kind="email").order_by("due_at")
    return [(row.due_at, row.state) for row in mails]


# --- Loading ----------------------------------------------------------------------------------------------


def test_the_command_loads_it_and_says_so() -> None:
    said = StringIO()
    call_command("load_demo", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[:2] == ["“Online Harms Bill” is loaded.", "“Safer Streams (fictional example)” is loaded."]
    assert Campaign.objects.filter(demo=True).count() == 2


def test_a_production_site_refuses_it(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_a_site_with_campaigns_refuses_it_unless_beside_them(campaign: Campaign) -> None:
    with pytest.raises(CommandError, match="--beside"):
        call_command("load_demo")
    call_command("load_demo", beside=True, stdout=StringIO())
    assert Campaign.objects.count() == 3


def test_people_of_the_site_keep_their_names(campaign: Campaign) -> None:
    admin = make.user("admin")
    load(at=AT, beside=True)
    assert User.objects.get(username="admin") == admin
    assert User.objects.get(username="admin-demo").is_superuser


def test_loading_again_changes_nothing_but_the_planted_reminder(loaded: list[str]) -> None:
    before = counts()
    assert len(load(at=AT + timedelta(minutes=5))) == 1
    changed = {table for table, count in counts().items() if count != before[table]}
    assert changed == {"reminders_rule", "reminders_historicalrule", "reminders_reminder"}


def test_a_site_with_the_demo_gets_the_breaks_at_its_next_start_and_none_it_struck_out(
    loaded: list[str],
) -> None:
    written = SittingBreak.objects.count()
    assert written == len(BREAKS)
    SittingBreak.objects.all().delete()  # as on a site whose demo is older than they are
    SittingBreak.history.all().delete()
    freshen(at=AT)
    assert SittingBreak.objects.count() == written
    SittingBreak.objects.latest("first").delete()
    freshen(at=AT + timedelta(minutes=5))
    assert SittingBreak.objects.count() == written - 1


def test_everybody_can_sign_in_with_what_the_file_says(loaded: list[str]) -> None:
    assert stat.S_IMODE(sign_ins_file().stat().st_mode) == 0o600
    people = sign_ins()
    assert [(name, kind) for name, _, kind in people] == [
        ("amira", "owner"),
        ("tom", "advocacy"),
        ("priya", "press"),
        ("lewis", "volunteer"),
        ("jo", "viewer"),
        ("admin", "site administrator"),
    ]
    assert all(Client().login(username=name, password=password) for name, password, _ in people)
    assert len({password for _, password, _ in people}) == 6


def test_a_lost_file_is_made_again_with_new_passwords(loaded: list[str]) -> None:
    old = sign_ins()
    sign_ins_file().unlink()
    (name, password, _), *_ = sign_ins()
    assert password != old[0][1]
    assert Client().login(username=name, password=password)


def test_people_have_their_roles_on_both_campaigns(loaded: list[str]) -> None:
    for campaign in Campaign.objects.filter(demo=True):
        roles = dict(Membership.objects.filter(campaign=campaign).values_list("user__username", "role"))
        assert roles == {
            "amira": "owner",
            "tom": "advocacy",
            "priya": "press",
            "lewis": "volunteer",
            "jo": "viewer",
        }


# --- The planted reminder ---------------------------------------------------------------------------------


def test_a_second_start_plants_another_by_the_same_milestone(streams: Campaign) -> None:
    later = AT + timedelta(minutes=5)
    assert plant_reminder(at=later) == later + timedelta(seconds=60)
    minute = timedelta(seconds=60)
    # The first was never sent, and is not sent beside the second.
    assert sendings(streams) == [(AT + minute, "cancelled"), (later + minute, "planned")]
    assert Rule.objects.filter(milestone__entry__headline=HEADLINE, active=True).count() == 1


def test_a_start_just_before_midnight_plants_it_for_the_day_after(streams: Campaign) -> None:
    plant_reminder(at=datetime(2026, 3, 10, 23, 59, 30, tzinfo=UTC))
    assert (datetime(2026, 3, 11, 0, 0, 30, tzinfo=UTC), "planned") in sendings(streams)
    assert list(Entry.everything.filter(headline=HEADLINE).values_list("date", flat=True)) == ["2026-03-11"]


def test_one_that_was_settled_is_made_anew(streams: Campaign) -> None:
    milestone = Milestone.everything.get(entry__headline=HEADLINE)
    owner = make.owner_of(streams)
    settle(milestone=milestone, outcome=Outcome.MET, on=streams.today(AT), by=owner, at=AT)
    plant_reminder(at=AT + timedelta(minutes=5))
    assert Milestone.everything.get(entry__headline=HEADLINE).is_open()


def test_nothing_is_planted_where_its_owner_has_left(streams: Campaign) -> None:
    owner = make.owner_of(streams)
    add_member(campaign=streams, user=make.user("olga"), role=Role.OWNER, by=owner, at=AT)
    remove_member(membership=make.membership(streams, owner), by=owner)
    assert plant_reminder(at=AT + DAY) is None


# --- The next day -----------------------------------------------------------------------------------------


def test_the_next_day_it_is_written_anew(streams: Campaign) -> None:
    before = counts()
    lines = freshen(at=AT + DAY)
    assert (
        lines[0]
        == "“Safer Streams (fictional example)” of 10 March 2026 is written anew, with dates around today."
    )
    again = find(fictional.NAME)
    assert again is not None
    assert (again.slug, again.pk == streams.pk) == (streams.slug, False)
    assert Entry.everything.get(campaign=again, headline="Second reading").date == "2026-03-23"
    after = counts()
    days = Density._meta.db_table  # a day on, the same entries may stand in other blocks of days
    assert after.pop(days) and before.pop(days)
    assert after == before


def test_restarts_in_between_do_not_count_as_changes(streams: Campaign) -> None:
    for hours in (1, 2):
        plant_reminder(at=AT + timedelta(hours=hours))
    plant_reminder(at=AT + DAY)
    assert "anew" in freshen(at=AT + DAY)[0]


def edit_the_campaign(campaign: Campaign) -> None:
    campaign.summary = "Ours now."
    change_campaign(campaign=campaign, by=make.owner_of(campaign))


def take_a_snapshot(campaign: Campaign) -> None:
    source = Source.objects.filter(campaign=campaign)[0]
    take_snapshot(source=source, text="New.", by=make.owner_of(campaign), at=datetime.now(UTC))


def drop_a_link(campaign: Campaign) -> None:
    link = Link.objects.filter(from_entry__campaign=campaign)[0]
    remove_link(link=link, by=make.owner_of(campaign))


def change_the_ladder(campaign: Campaign) -> None:
    set_default_ladder(campaign=campaign, by=make.owner_of(campaign), at=AT)


def warn_of_one(campaign: Campaign) -> None:
    milestone = Milestone.everything.get(entry__headline="Second reading", entry__campaign=campaign)
    owner = make.owner_of(campaign)
    add_rule(milestone=milestone, days_before=3, clock=AT.time(), by=owner, at=AT)


CHANGES = [
    edit_the_campaign,
    make.update,
    make.quote,
    make.organisation,
    take_a_snapshot,
    drop_a_link,
    change_the_ladder,
    warn_of_one,
    lambda campaign: make.member(campaign, Role.VIEWER),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_has_changed_stays(streams: Campaign, change: object) -> None:
    change(streams)  # type: ignore[operator]
    lines = freshen(at=AT + DAY)
    assert lines[0].endswith("of 10 March 2026 was changed since, so it stays as it is.")
    assert Campaign.objects.filter(pk=streams.pk).exists()


def test_a_campaign_that_was_renamed_is_still_the_demo(streams: Campaign) -> None:
    streams.name = "Our streams"
    change_campaign(campaign=streams, by=make.owner_of(streams))
    load(at=AT)
    assert Campaign.objects.filter(demo=True).count() == 2


# --- Taking it away ---------------------------------------------------------------------------------------


def test_removing_leaves_nothing() -> None:
    before = counts()
    load(at=AT)
    streams = find(fictional.NAME)
    assert streams is not None
    change_everything(streams)
    Client().login(username="amira", password=sign_ins()[0][1])
    said = StringIO()
    call_command("remove_demo", stdout=said)
    assert counts() == before
    assert not sign_ins_file().exists()
    assert said.getvalue().splitlines()[-1] == "6 demo accounts are removed."
    connection.check_constraints()


def change_everything(campaign: Campaign) -> None:
    """Somebody has played with it, reminders have gone out, and the day after it was loaded again."""
    for change in CHANGES[:-1]:
        change(campaign)  # type: ignore[operator]
    assert look(clock=lambda: AT + timedelta(seconds=61)).sent == 4
    Tick.objects.all().delete()  # the scheduler's own
    load(at=AT + DAY)


def test_removing_leaves_what_is_beside_it(campaign: Campaign) -> None:
    make.update(campaign)
    before = counts()
    load(at=AT, beside=True)
    remove()
    assert counts() == before


def test_it_is_not_torn_out_of_a_campaign_that_is_none(campaign: Campaign) -> None:
    load(at=AT, beside=True)
    owner = find_owner()
    assert owner is not None
    add_member(campaign=campaign, user=owner, role=Role.PRESS, by=make.owner_of(campaign), at=AT)
    with pytest.raises(Refused, match="Amira Haddad of the demo is on “Online harms”"):
        remove()
    assert Campaign.objects.filter(demo=True).count() == 2
