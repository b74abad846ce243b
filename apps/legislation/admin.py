"""Milestones in the admin, followed bills, bank holidays, and when Parliament does not sit. The ledger of
target dates and what a provider lists can be read, not changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from apps.legislation.models import (
    BankHoliday,
    Bill,
    Hook,
    Milestone,
    SessionEnd,
    SittingBreak,
    Step,
    TargetDate,
)
from apps.legislation.recounting import catch_up
from apps.timeline.admin import DetailsAdmin


class TargetInline(admin.TabularInline):
    model = TargetDate
    fk_name = "milestone"
    extra = 0
    can_delete = False
    fields = readonly_fields = ("date", "reason", "source", "correction", "recorded_by", "recorded_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Milestone)
class MilestoneAdmin(DetailsAdmin):
    list_display = ("entry", "outcome", "settled_on", "slip_days", "moves", "owner")
    list_filter = ("outcome",)
    search_fields = ("entry__headline",)
    list_select_related = ("entry", "owner")
    ordering = ("-pk",)
    show_full_result_count = False
    autocomplete_fields = ("entry", "owner")
    readonly_fields = ("outcome", "settled_on", "first_latest", "slip_days", "moves", "changed_at")
    inlines = (TargetInline,)


@admin.register(TargetDate)
class TargetDateAdmin(admin.ModelAdmin):
    list_display = ("milestone", "date", "reason", "correction", "recorded_by", "recorded_at")
    search_fields = ("milestone__entry__headline", "reason")
    list_select_related = ("milestone__entry", "recorded_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Hook)
class HookAdmin(SimpleHistoryAdmin):
    """What hangs on what can be read and taken off; hanging it needs a count, which the pages see to."""

    list_display = ("milestone", "words", "base")
    search_fields = ("milestone__entry__headline", "base__entry__headline")
    list_select_related = ("milestone__entry", "base__entry")
    ordering = ("-pk",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AnnouncedAdmin(SimpleHistoryAdmin):
    """Days on which something does not go on. Deadlines that are counted around them are counted again when
    they change."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        catch_up(at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        catch_up(at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        catch_up(at=timezone.now())


@admin.register(BankHoliday)
class BankHolidayAdmin(AnnouncedAdmin):
    list_display = ("name", "nation", "day")
    list_filter = ("nation",)
    search_fields = ("name",)
    ordering = ("-day", "nation", "pk")
    show_full_result_count = False


@admin.register(SittingBreak)
class SittingBreakAdmin(AnnouncedAdmin):
    list_display = ("name", "chamber", "sort", "first", "last")
    list_filter = ("chamber", "sort")
    search_fields = ("name",)
    ordering = ("-first", "chamber", "pk")
    show_full_result_count = False


class StepInline(admin.TabularInline):
    model = Step
    extra = 0
    can_delete = False
    fields = readonly_fields = ("external_id", "stage", "where", "day", "state", "gone_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Bill)
class BillAdmin(SimpleHistoryAdmin):
    list_display = ("title", "campaign", "provider", "external_id", "standing", "following")
    list_filter = ("provider", "standing", "following")
    search_fields = ("title", "external_id")
    list_select_related = ("campaign",)
    ordering = ("-pk",)
    show_full_result_count = False
    autocomplete_fields = ("source", "followed_by", "promise")
    readonly_fields = ("campaign", "provider", "external_id", "followed_at")
    inlines = (StepInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Following one needs a first look, which the pages see to."""
        return False


@admin.register(SessionEnd)
class SessionEndAdmin(SimpleHistoryAdmin):
    list_display = ("bill", "ended_on", "took", "decided_by", "decided_at")
    list_filter = ("took",)
    search_fields = ("bill__title", "because")
    list_select_related = ("bill", "decided_by")
    ordering = ("-pk",)
    show_full_result_count = False
    readonly_fields = ("bill", "ended_on", "took", "because", "decided_by", "decided_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The bill's page says it, for milestones fall with it."""
        return False
