"""Adding people and the posts they held."""

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.people.models import Organisation, Person, Post


@transaction.atomic
def add_person(*, campaign: Campaign, name: str, by: User | None, url: str = "", note: str = "") -> Person:
    person = Person(campaign=campaign, name=name, url=url, note=note, created_by=by)
    return save_person(person=person, by=by)


@transaction.atomic
def save_person(*, person: Person, by: User | None) -> Person:
    return save_as(by, person)


@transaction.atomic
def add_organisation(
    *, campaign: Campaign, name: str, by: User | None, url: str = "", note: str = ""
) -> Organisation:
    organisation = Organisation(campaign=campaign, name=name, url=url, note=note, created_by=by)
    return save_organisation(organisation=organisation, by=by)


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: User | None) -> Organisation:
    return save_as(by, organisation)


@transaction.atomic
def add_post(
    *,
    person: Person,
    role: str,
    by: User | None,
    organisation: Organisation | None = None,
    held_from: PartialDate | None = None,
    held_to: PartialDate | None = None,
) -> Post:
    """A post held from the first possible day of `held_from` to the last possible day of `held_to`.

    Raises ValidationError for an organisation of another campaign.
    """
    if organisation is not None and organisation.campaign_id != person.campaign_id:
        raise ValidationError(f"“{organisation}” belongs to another campaign.")
    post = Post(
        person=person,
        organisation=organisation,
        role=role,
        held_from=held_from.text if held_from else "",
        held_to=held_to.text if held_to else "",
        from_day=held_from.earliest if held_from else None,
        to_day=held_to.latest if held_to else None,
    )
    return save_as(by, post)


@transaction.atomic
def remove_post(*, post: Post, by: User) -> None:
    delete_as(by, post)
