"""Rules and reminders in the admin. Reminders follow from planning, so they can only be read."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.accounts.admin import TrackerUserAdmin
from apps.accounts.models import User
from apps.campaigns.admin import MembershipAdmin
from apps.campaigns.models import Membership
from apps.reminders.models import Acknowledgement, Ladder, Plan, Reminder, Rule, Tick, Wish
from apps.reminders.planning import mark_campaigns_stale


class ReadOnly(admin.ModelAdmin):
    """Rows the program derives for itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ladder)
class LadderAdmin(SimpleHistoryAdmin):
    list_display = ("__str__", "working_days", "escalate_after")
    autocomplete_fields = ("campaign", "milestone")


@admin.register(Rule)
class RuleAdmin(SimpleHistoryAdmin):
    list_display = ("__str__", "campaign", "milestone", "person", "time", "active")
    list_filter = ("kind", "active")
    autocomplete_fields = ("campaign", "milestone", "person")


@admin.register(Reminder)
class ReminderAdmin(ReadOnly):
    list_display = ("milestone", "recipient", "target", "rule", "channel", "due_at", "state")
    list_filter = ("state",)
    list_select_related = ("milestone__entry", "recipient", "rule", "channel")
    search_fields = ("milestone__entry__headline", "recipient__username")
    show_full_result_count = False


@admin.register(Plan)
class PlanAdmin(ReadOnly):
    list_display = ("milestone", "of")
    list_select_related = ("milestone__entry",)


@admin.register(Wish)
class WishAdmin(ReadOnly):
    list_display = ("person", "campaign", "milestone", "rule", "muted", "earlier_days")
    list_select_related = ("person", "campaign", "milestone__entry", "rule")


@admin.register(Acknowledgement)
class AcknowledgementAdmin(ReadOnly):
    list_display = ("milestone", "target", "person", "at", "snoozed_until")
    list_select_related = ("milestone__entry", "person")


@admin.register(Tick)
class TickAdmin(ReadOnly):
    list_display = ("name", "number", "looked_at", "sent")


# Who is on a team decides who is reminded, which the rooms below do not know: here their pages learn to have
# that planned again, so that the owners get what would reach nobody.


class TeamAdmin(admin.ModelAdmin):
    """What says who is on a team. `place`: the field of a membership that names such a row."""

    place = "pk"

    def campaigns(self, rows: Iterable[Model]) -> list[int]:
        """Those whose team these rows, as they are stored, say something of."""
        of_these = Membership.objects.filter(**{f"{self.place}__in": [row.pk for row in rows]})
        return list(of_these.values_list("campaign_id", flat=True))

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        before = self.campaigns([obj])  # a membership may go to another campaign
        super().save_model(request, obj, form, change)
        mark_campaigns_stale({*before, *self.campaigns([obj])})

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        before = self.campaigns([obj])
        super().delete_model(request, obj)
        mark_campaigns_stale(before)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        before = self.campaigns(queryset)
        super().delete_queryset(request, queryset)
        mark_campaigns_stale(before)


class PlannedUserAdmin(TeamAdmin, TrackerUserAdmin):
    place = "user"


class PlannedMembershipAdmin(TeamAdmin, MembershipAdmin):  # type: ignore[misc]
    pass


admin.site.unregister([User, Membership])
admin.site.register(User, PlannedUserAdmin)
admin.site.register(Membership, PlannedMembershipAdmin)
