"""Who may make an account: the first person on an empty site, the invited, or anybody where that is set."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.actions import find_invitation

INVITATION_KEY = "invitation"
"""Where the session keeps the token of the invitation whose link was followed."""


class InvitationAdapter(DefaultAccountAdapter):
    """allauth asks this before it shows or takes a sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.OPEN_SIGNUP or not User.objects.exists():
            return True
        token = request.session.get(INVITATION_KEY, "")
        return bool(token) and find_invitation(token, at=timezone.now()) is not None
