"""Sources in the admin. A snapshot is evidence: it can be read there, not changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.sources.models import Host, LivePage, Snapshot, Source


@admin.register(Source)
class SourceAdmin(SimpleHistoryAdmin):
    list_display = ("title", "publisher", "published", "campaign")
    search_fields = ("title", "publisher", "url")
    autocomplete_fields = ("campaign",)
    readonly_fields = ("published_day",)


@admin.register(Snapshot)
class SnapshotAdmin(admin.ModelAdmin):
    list_display = ("source", "taken_at", "taken_by", "sha256")
    search_fields = ("source__title", "sha256")
    list_select_related = ("source", "taken_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LivePage)
class LivePageAdmin(admin.ModelAdmin):
    list_display = ("source", "host", "checked_at", "said", "dead_since", "try_at")
    search_fields = ("source__title", "host")
    list_select_related = ("source",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Host)
class HostAdmin(admin.ModelAdmin):
    list_display = ("name", "free_from")
    search_fields = ("name",)
