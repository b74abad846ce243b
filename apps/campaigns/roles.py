"""Who may do what in a campaign: the one table that every page asks.

ARCHITECTURE.md shows this table to readers; a test holds the two together.
"""

from enum import Enum

from django.db import models


class Role(models.TextChoices):
    """The kinds of people on a campaign, most trusted first."""

    OWNER = "owner", "Owner"
    ADVOCACY = "advocacy", "Advocacy"
    PRESS = "press", "Press"
    VOLUNTEER = "volunteer", "Volunteer"
    VIEWER = "viewer", "Viewer"


class May(Enum):
    """What a person may do; the value is the end of the sentence "You may not …"."""

    SEE = "see this campaign"
    SEE_HIDDEN = "see what is embargoed, for staff only or waiting for approval"
    ADD = "add to this campaign"
    EDIT = "edit what others added"
    APPROVE = "approve what volunteers added, or withdraw an entry"
    CLEAR = "clear quotes for use"
    PACK = "make press packs and export them"
    MOVE = "move target dates or settle milestones"
    PLAN = "change the reminder ladder"
    INVITE = "invite people or change what they may do"
    MANAGE = "change the campaign itself"


MAY: dict[Role, frozenset[May]] = {
    Role.OWNER: frozenset(May),
    Role.ADVOCACY: frozenset(
        {May.SEE, May.SEE_HIDDEN, May.ADD, May.EDIT, May.APPROVE, May.PACK, May.MOVE, May.PLAN},
    ),
    Role.PRESS: frozenset(
        {May.SEE, May.SEE_HIDDEN, May.ADD, May.EDIT, May.APPROVE, May.CLEAR, May.PACK},
    ),
    Role.VOLUNTEER: frozenset({May.SEE, May.ADD}),
    Role.VIEWER: frozenset({May.SEE}),
}

PUBLIC: frozenset[May] = frozenset({May.SEE})
"""What anybody may do in a public campaign."""

SEE_HIDDEN_ROLES = frozenset(role for role, may in MAY.items() if May.SEE_HIDDEN in may)
