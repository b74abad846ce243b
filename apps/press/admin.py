"""Press packs in the admin. Versions and exports say what left the site, so they can only be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.press.models import Export, Item, PressPack, Version


class ItemInline(admin.TabularInline):
    model = Item
    extra = 0
    autocomplete_fields = ("entry",)


@admin.register(PressPack)
class PressPackAdmin(SimpleHistoryAdmin):
    list_display = ("title", "campaign", "as_of", "changed_at")
    search_fields = ("title",)
    list_select_related = ("campaign",)
    autocomplete_fields = ("campaign", "created_by")
    readonly_fields = ("revision", "changed_at")
    inlines = (ItemInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # packs are started on the site's own pages


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Version)
class VersionAdmin(ReadOnly):
    """Without its content, which the site's own pages show through the gate."""

    list_display = ("pack", "number", "by_name", "made_at")
    search_fields = ("pack__title",)
    list_select_related = ("pack",)
    exclude = ("content",)


@admin.register(Export)
class ExportAdmin(ReadOnly):
    list_display = ("version", "form", "exported_by", "exported_at")
    list_filter = ("form",)
    list_select_related = ("version__pack", "exported_by")
