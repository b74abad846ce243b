"""Rules and reminders in the admin. Reminders follow from planning, so they can only be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.reminders.models import Acknowledgement, Ladder, Plan, Reminder, Rule, Tick, Wish


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
