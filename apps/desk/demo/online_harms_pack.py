"""The press pack of the Online Harms Bill campaign: handed over in 2022, and kept up to date since."""

from collections.abc import Callable
from datetime import date, datetime

from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.roles import Role
from apps.desk.demo.scribe import Scribe
from apps.desk.packs.gathering import gather
from apps.press.actions import add_note, change_item, change_pack, freeze, put, record_export, start_pack
from apps.press.models import Form, PressPack

TITLE = "How late is the Bill?"
INTRODUCTION = (
    "What was counted, what was asked for, and what became of the dates. Every line names its source;"
    " the Bill’s dates are told as Parliament and the press gave them."
)
HELD = ("389", "10000", "burrows", "statute-book", "report", "put-off-again")
BESIDE = {"burrows": "The demand that the whole campaign is measured by."}
NOTE = "The final Commons stages have been put off twice since July; the Bill has been carried over once."
AS_OF, EXPORTED, UPDATED = "2022-10-31", "2022-11-01", "2023-10-27"


def write_pack(scribe: Scribe, *, by: User, at: Callable[[str], datetime]) -> None:
    """As of the end of October 2022 when it was exported, and now as of today: the page says what changed."""
    then = at(EXPORTED)
    day = date.fromisoformat(AS_OF)
    pack = start_pack(
        campaign=scribe.campaign, title=TITLE, introduction=INTRODUCTION, as_of=day, by=by, at=then
    )
    put(pack=pack, entries=[scribe.entries[name] for name in HELD], by=by, at=then)
    for name, text in BESIDE.items():
        item = pack.items.select_related("pack").get(entry=scribe.entries[name])
        change_item(item=item, text=text, place=item.place, revision=_revision(pack), by=by, at=then)
    add_note(pack=pack, text=NOTE, place=len(HELD), revision=_revision(pack), by=by, at=then)
    _export(pack, Access(campaign=scribe.campaign, user=by, role=Role.PRESS, at=then))
    change_pack(
        pack=pack,
        title=TITLE,
        introduction=INTRODUCTION,
        as_of=None,
        query="",
        revision=_revision(pack),
        by=by,
        at=at(UPDATED),
    )


def _revision(pack: PressPack) -> int:
    pack.refresh_from_db()
    return pack.revision


def _export(pack: PressPack, access: Access) -> None:
    gathered = gather(pack, access)
    version = freeze(pack=pack, content=gathered.content, by=access.member, at=access.at)
    where = {"slug": access.campaign.slug, "pk": pack.pk, "number": version.number}
    for form in (Form.WORD, Form.PDF):
        record_export(
            version=version,
            form=form,
            entries=gathered.held,
            address=reverse("version", kwargs=where),
            by=access.member,
            at=access.at,
        )
