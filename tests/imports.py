"""Files of entries handed in, taken as far as a test wants them."""

import io
from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.intake.models import Import
from apps.intake.sheets import actions, steps
from apps.timeline.models import Kind
from tests import make
from tests.make import AT

UPDATES = "Headline,When\nWe wrote to Ofcom,3 March 2026\nWe met the minister,4 March 2026\n"


def access_of(
    campaign: Campaign, *, by: User | None = None, role: str = Role.OWNER, at: datetime = AT
) -> Access:
    return Access(campaign, by or make.owner_of(campaign), Role(role), at)


def chosen(
    campaign: Campaign, content: str | bytes = UPDATES, kind: str = Kind.UPDATE, **more: Any
) -> Import:
    """A file whose columns are still to be confirmed."""
    pieces = [content.encode() if isinstance(content, str) else content]
    return actions.hand_in(access_of(campaign, **more), kind=kind, name="figures.csv", pieces=pieces)


def handed(
    campaign: Campaign, content: str | bytes = UPDATES, kind: str = Kind.UPDATE, **more: Any
) -> Import:
    """One whose columns are as they were guessed, and whose rows wait to be checked."""
    importing = chosen(campaign, content, kind, **more)
    if importing.state == Import.State.CHOSEN:
        actions.confirm_columns(importing, importing.columns, at=AT)
    return importing


def worked(importing: Import, *, at: datetime = AT) -> Import:
    """After the next step, if there is one."""
    steps.work(now=lambda: at, only=importing)
    importing.refresh_from_db()
    return importing


def checked(campaign: Campaign, content: str | bytes = UPDATES, kind: str = Kind.UPDATE) -> Import:
    return worked(handed(campaign, content, kind))


def imported(
    campaign: Campaign, content: str | bytes = UPDATES, kind: str = Kind.UPDATE, choice: str = "all"
) -> Import:
    importing = checked(campaign, content, kind)
    assert importing.state == Import.State.CHECKED, importing.because
    actions.ask(importing, choice, at=AT)
    return worked(importing)


def undone(importing: Import, campaign: Campaign) -> Import:
    actions.ask_undo(importing, by=make.owner_of(campaign), at=AT)
    return worked(importing)


class Upload(io.BytesIO):
    """A file that can be sent more than once."""

    name = "updates.csv"

    def read(self, size: int | None = -1) -> bytes:
        self.seek(0)
        return super().read(size)
