"""Campaigns, members, invitations and calendar feeds in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.campaigns.models import Campaign, Feed, Invitation, Membership


@admin.register(Campaign)
class CampaignAdmin(SimpleHistoryAdmin):
    list_display = ("name", "slug", "is_public", "time_zone", "created_at")
    list_filter = ("is_public",)
    search_fields = ("name", "slug")


@admin.register(Membership)
class MembershipAdmin(SimpleHistoryAdmin):
    list_display = ("user", "campaign", "role", "reminded", "joined_at")
    list_filter = ("role",)
    search_fields = ("user__username", "user__email", "campaign__name")
    autocomplete_fields = ("campaign", "user")


@admin.register(Invitation)
class InvitationAdmin(SimpleHistoryAdmin):
    list_display = ("email", "campaign", "role", "invited_by", "expires_at", "accepted_at")
    search_fields = ("email", "campaign__name")
    autocomplete_fields = ("campaign", "invited_by", "accepted_by")


@admin.register(Feed)
class FeedAdmin(SimpleHistoryAdmin):
    """To be read, and deleted where an address has got about: a revoked one must not come back to life."""

    list_display = ("user", "campaign", "created_at", "revoked_at", "last_read_at")
    list_select_related = ("user", "campaign")
    search_fields = ("user__username", "user__email", "campaign__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
