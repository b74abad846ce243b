"""The outbox in the admin: to be read, not written."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.notices.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    list_display = ("subject", "recipient", "channel", "state", "created_at", "sent_at")
    list_filter = ("state", "channel")
    search_fields = ("subject", "message_id", "recipient__username")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
