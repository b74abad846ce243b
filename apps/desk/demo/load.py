"""Loading the demo, keeping it fresh, and taking it away again."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import RestrictedError
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.access import role_of
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.dates import long_day
from apps.desk.demo import extent, fictional, online_harms, planted, sittings
from apps.desk.demo.people import cast, cast_administrator, find_owner, new_sign_ins, sign_ins_file
from apps.timeline import index


class Refused(Exception):
    """The demo cannot be loaded or removed; the message says why."""


@transaction.atomic
def load(*, at: datetime, beside: bool = False) -> list[str]:
    """Load what is not there of the demo, and freshen what is. Answers what it did, a line each.

    Raises Refused in production, and on a site with campaigns of its own unless `beside` them.
    """
    _refuse(beside)
    lines = []
    before = User.objects.filter(demo=True).count()
    team = cast()
    cast_administrator()
    if User.objects.filter(demo=True).count() > before:
        new_sign_ins()
    if find(online_harms.NAME) is None:
        lines.append(_loaded(online_harms.build(team)))
    if find(fictional.NAME) is None:
        lines.append(_loaded(fictional.build(team, at=at)))
    return lines + freshen(at=at)


def _refuse(beside: bool) -> None:
    if settings.PRODUCTION:
        raise Refused("This is a production site, and the demo has an administrator: it is not loaded here.")
    if not beside and Campaign.objects.filter(demo=False).exists():
        raise Refused("This site has campaigns of its own. Add --beside to load the demo beside them.")


def _loaded(campaign: Campaign) -> str:
    return f"“{campaign.name}” is loaded."


@transaction.atomic
def freshen(*, at: datetime) -> list[str]:
    """Write the fictional campaign again if it is of an earlier day and untouched, plant its reminder, and
    write down the breaks that the true one does not have yet."""
    owner = find_owner()
    if owner and find(online_harms.NAME):
        sittings.write_breaks(by=owner)
    campaign = find(fictional.NAME)
    if campaign is None:
        return []
    lines = []
    if campaign.today(campaign.created_at) < campaign.today(at):
        lines.append(_rebuild(campaign, at))
    when = plant_reminder(at=at)
    if when:
        lines.append(f"A reminder is planned for {timezone.localtime(when):%H:%M:%S}.")
    return lines


def _rebuild(campaign: Campaign, at: datetime) -> str:
    since = long_day(campaign.today(campaign.created_at))
    if is_touched(campaign, at=at):
        return f"“{campaign.name}” of {since} was changed since, so it stays as it is."
    delete_campaign(campaign)
    fictional.build(cast(), at=at)
    return f"“{campaign.name}” of {since} is written anew, with dates around today."


def is_touched(campaign: Campaign, *, at: datetime) -> bool:
    """Whether anybody has changed the campaign or anything in it since it was written.

    Writing it ends with a second row of the campaign's history; the planted reminder does not count.
    """
    written = campaign.history.order_by("history_id")[1].history_date
    owner = find_owner()
    milestone = planted.find(campaign, owner=owner, at=at) if owner else None
    return extent.changed_since(campaign, written, apart_from_entry=milestone.pk if milestone else None)


def plant_reminder(*, at: datetime) -> datetime | None:
    """Plan a reminder of the fictional campaign for a minute from now, if it and its owner are there."""
    campaign, owner = find(fictional.NAME), find_owner()
    if campaign is None or owner is None or role_of(owner, campaign) != Role.OWNER:
        return None
    return planted.plant(campaign, owner=owner, at=at)


def find(name: str) -> Campaign | None:
    """The demo campaign that was loaded under that name, whatever it is called now."""
    for campaign in Campaign.objects.filter(demo=True):
        if campaign.history.earliest("history_id").name == name:
            return campaign
    return None


# --- Taking it away ---------------------------------------------------------------------------------------


@transaction.atomic
def remove() -> list[str]:
    """Delete the demo's campaigns and people, all they hold, and its history. Raises Refused where somebody
    of the demo has a part in a campaign that is none."""
    people = User.objects.filter(demo=True)
    _refuse_to_tear()
    lines = []
    for campaign in Campaign.objects.filter(demo=True):
        lines.append(f"“{campaign.name}” is removed.")
        delete_campaign(campaign)
    sittings.take_breaks_away()
    lines.append(f"{_delete_people(list(people))} demo accounts are removed.")
    sign_ins_file().unlink(missing_ok=True)
    return lines


def _refuse_to_tear() -> None:
    membership = Membership.objects.filter(user__demo=True, campaign__demo=False).first()
    if membership:
        raise Refused(
            f"{membership.user} of the demo is on “{membership.campaign}”, which is none. "
            "Take them off it first."
        )


def delete_campaign(campaign: Campaign) -> None:
    """Delete a campaign with everything in it and all its history."""
    pk = campaign.pk
    index.forget_campaign(campaign)
    Campaign.objects.get(pk=pk).delete()
    extent.forget(pk)


def _delete_people(people: list[User]) -> int:
    keys = [user.pk for user in people]
    _end_sessions({str(key) for key in keys})
    try:
        User.objects.filter(pk__in=keys).delete()
    except RestrictedError as error:
        raise Refused("Somebody of the demo cleared a quote of a campaign that is none.") from error
    extent.forget_rows(User, keys)
    return len(keys)


def _end_sessions(keys: set[str]) -> None:
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") in keys:
            session.delete()
