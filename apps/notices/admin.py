"""The outbox in the admin: to be read, not written. Nothing secret of a channel is shown even there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.notices.models import Attempt, Channel, Delivery


class ReadOnly(admin.ModelAdmin):
    """Rows the program writes for itself, or a person under their own name."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("subject", "recipient", "kind", "state", "created_at", "sent_at")
    list_filter = ("state", "kind")
    search_fields = ("subject", "message_id", "recipient__username")
    exclude = ("html",)


@admin.register(Channel)
class ChannelAdmin(ReadOnly):
    list_display = ("__str__", "user", "kind", "active", "stopped_at")
    list_filter = ("kind", "active")
    search_fields = ("user__username", "name")
    exclude = ("secret", "key")


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = ("delivery", "at", "outcome", "error")
    list_filter = ("outcome",)
    list_select_related = ("delivery__recipient",)
