"""Campaigns, members and invitations in the admin."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from apps.campaigns.models import Campaign, Invitation, Membership


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
