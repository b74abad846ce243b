"""People to sign in as, one of every role, and the file that keeps their passwords for the next start.

Each installation makes passwords of its own; nothing in the code opens any of them.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.actions import add_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for another


@dataclass(frozen=True)
class Part:
    """One person of the demo; no role: the administrator of the site, on no campaign."""

    username: str
    first_name: str
    last_name: str
    role: Role | None = None


CAST = (
    Part("amira", "Amira", "Haddad", Role.OWNER),
    Part("tom", "Tom", "Ellery", Role.ADVOCACY),
    Part("priya", "Priya", "Raman", Role.PRESS),
    Part("lewis", "Lewis", "Grant", Role.VOLUNTEER),
    Part("jo", "Jo", "Mayfield", Role.VIEWER),
    Part("admin", "Site", "Administrator"),
)


@dataclass(frozen=True)
class Team:
    """The people of the demo who are on its campaigns."""

    amira: User
    tom: User
    priya: User
    lewis: User
    jo: User

    def join(self, campaign: Campaign, *, at: datetime) -> None:
        """Put everybody but Amira, who started it, on the campaign in their role."""
        for part in CAST:
            if part.role and part.role != Role.OWNER:
                user: User = getattr(self, part.username)
                add_member(campaign=campaign, user=user, role=part.role, by=self.amira, at=at)


def cast() -> Team:
    """The team, made where it is not there yet. Keeps the passwords of those that are."""
    return Team(**{part.username: _user(part) for part in CAST if part.role})


def cast_administrator() -> User:
    return _user(CAST[-1])


def _user(part: Part) -> User:
    there = find(part)
    if there:
        return there
    username = _free(part.username)
    user = User(
        username=username,
        first_name=part.first_name,
        last_name=part.last_name,
        email=f"{username}@example.org",
        is_staff=part.role is None,
        is_superuser=part.role is None,
        demo=True,
    )
    user.set_unusable_password()
    return save_as(None, user)


def find(part: Part) -> User | None:
    """The person playing that part, if the demo is loaded."""
    names = (part.username, f"{part.username}-demo")
    return User.objects.filter(demo=True, username__in=names).first()


def find_owner() -> User | None:
    return find(CAST[0])


def _free(username: str) -> str:
    """The name itself, unless somebody of flesh and blood has it."""
    taken = User.objects.filter(username=username) | User.objects.filter(email=f"{username}@example.org")
    return f"{username}-demo" if taken.exists() else username


# --- Signing in -------------------------------------------------------------------------------------------


def sign_ins_file() -> Path:
    return Path(settings.VAR_DIR) / "demo-sign-ins"


def new_sign_ins() -> None:
    """Give everybody in the demo a new password, and keep it in the file, which only its owner can read."""
    lines = []
    for part in CAST:
        user = find(part)
        if user:
            password = _password()
            user.set_password(password)
            save_as(None, user)
            lines.append(f"{user.username} {password}\n")
    path = sign_ins_file()
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        file.writelines(lines)


def sign_ins() -> list[tuple[str, str, str]]:
    """(username, password, what they are) of everybody in the demo; makes new ones if the file is gone."""
    if not sign_ins_file().exists():
        new_sign_ins()
    lines = sign_ins_file().read_text().splitlines()
    passwords = {name: password for name, _, password in (line.partition(" ") for line in lines)}
    users = [(find(part), part) for part in CAST]
    return [
        (user.username, passwords.get(user.username, "(changed)"), _called(part))
        for user, part in users
        if user
    ]


def _called(part: Part) -> str:
    return part.role.label.lower() if part.role else "site administrator"


def _password() -> str:
    """Twelve letters out of 31, some 59 bits, in three groups that can be read aloud."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
