"""Drafted lines and mutes in the admin, to be read: they are decided on at the site's own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.health.models import BrokenPromise, Mute


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BrokenPromise)
class BrokenPromiseAdmin(ReadOnly):
    list_display = ("milestone", "target", "campaign", "state", "decided_by", "drafted_at")
    list_filter = ("state",)
    list_select_related = ("milestone__entry", "campaign", "decided_by")


@admin.register(Mute)
class MuteAdmin(ReadOnly):
    list_display = ("finding", "subject", "campaign", "reason", "muted_by", "muted_at", "ended_at")
    list_filter = ("finding",)
    list_select_related = ("campaign", "muted_by")
