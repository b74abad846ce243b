"""Entries, links and tags in the admin, where the gate does not stand."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from apps.timeline.models import Entry, Link, Tag


@admin.register(Entry)
class EntryAdmin(SimpleHistoryAdmin):
    list_display = ("headline", "kind", "date", "campaign", "state", "visibility")
    list_filter = ("kind", "state", "visibility")
    search_fields = ("headline",)
    list_select_related = ("campaign",)
    ordering = ("-pk",)
    show_full_result_count = False
    autocomplete_fields = ("campaign", "source", "person", "organisation", "created_by", "tags")
    # Dates have rows and derived days behind them: the site's own pages move them.
    readonly_fields = ("date", "earliest", "latest", "placed", "due", "shown_from", "shown_until", "version")


@admin.register(Link)
class LinkAdmin(SimpleHistoryAdmin):
    list_display = ("from_entry", "relation", "to_entry")
    list_filter = ("relation",)
    autocomplete_fields = ("from_entry", "to_entry", "created_by")


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "campaign")
    search_fields = ("name",)
    autocomplete_fields = ("campaign",)
