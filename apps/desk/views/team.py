"""Who is on a campaign: members, invitations, and the campaign's own settings."""

from collections.abc import Callable
from copy import copy

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.campaigns import actions
from apps.campaigns.access import READ_AND_WRITE, open_campaign, signed_in
from apps.campaigns.adapter import INVITATION_KEY
from apps.campaigns.forms import CampaignForm, InviteForm, MemberForm
from apps.campaigns.models import Invitation
from apps.campaigns.roles import May, Role
from apps.desk.actions import change_team


@require_safe
def members(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    if access.role is None:  # who is on the team is for the team
        signed_in(request)
        access.require(May.ADD)
    rows = access.campaign.memberships.select_related("user").order_by("joined_at")
    open_invitations = access.campaign.invitations.filter(accepted_at=None).select_related("invited_by")
    context = {
        "access": access,
        "members": [(row, MemberForm(initial={"role": row.role, "reminded": row.reminded})) for row in rows],
        "invitations": open_invitations if access.may(May.INVITE) else [],
        "form": InviteForm(),
    }
    return render(request, "desk/members.html", context)


@require_http_methods(READ_AND_WRITE)
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody. The link is shown to the owner once, for where mail does not reach."""
    access = open_campaign(request, slug, May.INVITE)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            invitation, token = actions.invite(
                campaign=access.campaign,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                by=access.member,
                at=access.at,
            )
        except ValidationError as error:
            form.add_error("email", error)
        else:
            link = settings.SITE_URL + reverse("invitation", kwargs={"token": token})
            sent = _send(invitation, link)
            context = {"access": access, "invitation": invitation, "link": link, "sent": sent}
            return render(request, "desk/invited.html", context)
    return render(request, "desk/invite.html", {"access": access, "form": form})


def _send(invitation: Invitation, link: str) -> bool:
    """Mail the invitation; False where the mail server did not take it, or it is nothing that can be mailed
    (ValueError). That loses nothing: the invitation is written, and its link is shown this once."""
    body = render_to_string("campaigns/invitation.txt", {"invitation": invitation, "link": link})
    subject = " ".join(f"Join {invitation.campaign.name}".split())
    message = EmailMessage(subject, body, to=[invitation.email])
    try:
        return bool(message.send())
    except (OSError, ValueError):
        return False


@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.INVITE)
    invitation = get_object_or_404(Invitation, campaign=access.campaign, pk=pk, accepted_at=None)
    actions.withdraw_invitation(invitation=invitation, by=access.member)
    messages.success(request, f"The invitation to {invitation.email} is withdrawn; its link no longer works.")
    return redirect("members", slug=slug)


@require_POST
def change_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.INVITE)
    membership = get_object_or_404(access.campaign.memberships, pk=pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        role, reminded = Role(form.cleaned_data["role"]), form.cleaned_data["reminded"]
        _try(
            request,
            lambda: change_team(
                lambda: actions.change_member(
                    membership=membership, role=role, reminded=reminded, by=access.member
                ),
                campaign=access.campaign,
                at=access.at,
            ),
            f"{membership.user.name}: {role.label.lower()} from now on.",
        )
    else:
        messages.error(request, "Choose one of the roles in the list.")
    return redirect("members", slug=slug)


@require_POST
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An owner takes somebody off; everybody may take themselves off."""
    access = open_campaign(request, slug)
    membership = get_object_or_404(access.campaign.memberships, pk=pk)
    leaving = membership.user_id == access.member.pk
    if not leaving:
        access.require(May.INVITE)
    _try(
        request,
        lambda: change_team(
            lambda: actions.remove_member(membership=membership, by=access.member),
            campaign=access.campaign,
            at=access.at,
        ),
        "You have left the campaign." if leaving else f"{membership.user.name} is no longer on the campaign.",
    )
    still_here = not leaving or access.campaign.memberships.filter(pk=pk).exists()
    return redirect("members", slug=slug) if still_here else redirect("home")


def _try(request: HttpRequest, change: Callable[[], object], said: str) -> None:
    try:
        change()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, said)


@require_http_methods(READ_AND_WRITE)
def campaign_settings(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug, May.MANAGE)
    form = CampaignForm(request.POST or None, instance=copy(access.campaign))
    if form.is_valid():
        changed = form.save(commit=False)
        change_team(
            lambda: actions.change_campaign(campaign=changed, by=access.member),
            campaign=changed,
            at=access.at,
        )
        messages.success(request, "Saved.")
        return redirect("campaign", slug=slug)
    return render(request, "desk/settings.html", {"access": access, "form": form})


@require_http_methods(READ_AND_WRITE)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation's link leads: join, signing in or up first."""
    at = timezone.now()
    found = actions.find_invitation(token, at=at)
    if found is None:
        return render(request, "desk/invitation_gone.html", status=404)
    if not isinstance(request.user, User):
        request.session[INVITATION_KEY] = token
        return render(request, "desk/invitation.html", {"invitation": found})
    if request.method == "POST":
        user = request.user
        try:
            change_team(
                lambda: actions.accept_invitation(invitation=found, user=user, at=at),
                campaign=found.campaign,
                at=at,
            )
        except ValidationError:  # used a moment ago, in another tab
            return render(request, "desk/invitation_gone.html", status=404)
        request.session.pop(INVITATION_KEY, None)
        messages.success(request, f"You are on {found.campaign.name}.")
        return redirect("campaign", slug=found.campaign.slug)
    return render(request, "desk/invitation.html", {"invitation": found})
