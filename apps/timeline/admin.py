"""Entries, links and tags in the admin, where the gate does not stand."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from apps.campaigns.admin import CampaignAdmin
from apps.campaigns.models import Campaign
from apps.people.admin import OrganisationAdmin, PersonAdmin, PostAdmin
from apps.people.models import Organisation, Person, Post
from apps.sources.admin import SourceAdmin
from apps.sources.models import Source
from apps.timeline import index
from apps.timeline.density import count_again, counted, stored
from apps.timeline.models import Entry, Kind, Link, State, Tag


class Unreverted(SimpleHistoryAdmin):
    """History is read and never put back: an old row would come back whole, with what may not be typed here
    and with the sign-off that it had then."""

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return super().history_form_view(request, *args, **kwargs)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Entry)
class EntryAdmin(Unreverted):
    list_display = ("headline", "kind", "date", "campaign", "state", "visibility")
    list_filter = ("kind", "state", "visibility")
    search_fields = ("headline",)
    list_select_related = ("campaign",)
    ordering = ("-pk",)
    show_full_result_count = False
    autocomplete_fields = ("campaign", "source", "person", "organisation", "created_by", "tags")
    # Dates have rows and derived days behind them: the site's own pages move them.
    readonly_fields = ("date", "earliest", "latest", "placed", "due", "shown_from", "shown_until", "version")

    def get_readonly_fields(self, request: HttpRequest, obj: Entry | None = None) -> Sequence[Any]:
        """Of a quote also that it is one, who said it, and who may see it: its sign-off is of those."""
        fixed = ("kind", "person", "organisation", "visibility") if obj and obj.kind == Kind.QUOTE else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Entry, form: Any, change: Any) -> None:
        before = stored(obj)
        if obj.state != State.PUBLISHED:
            obj.shown_from = None
        super().save_model(request, obj, form, change)
        count_again(before, counted(obj))

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        index.write([form.instance.pk])

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Entry) -> None:
        count_again(stored(obj), None)
        index.forget([obj.pk])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        for entry in queryset:
            count_again(stored(entry), None)
        index.forget([entry.pk for entry in queryset])
        super().delete_queryset(request, queryset)


class DetailsAdmin(SimpleHistoryAdmin):
    """Details of an entry, whose words the index has. Deleted, they take the entry along: without them it
    would be of a kind and have nothing of it."""

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        index.write([obj.pk])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        admin.site.get_model_admin(Entry).delete_model(request, obj.entry)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        entries = admin.site.get_model_admin(Entry)
        gone = entries.get_queryset(request).filter(pk__in=[row.pk for row in queryset])
        entries.delete_queryset(request, gone)


@admin.register(Link)
class LinkAdmin(SimpleHistoryAdmin):
    list_display = ("from_entry", "relation", "to_entry")
    list_filter = ("relation",)
    autocomplete_fields = ("from_entry", "to_entry", "created_by")


class NamedAdmin(admin.ModelAdmin):
    """What has a name that stands in entries: they go with it in the index, in the same transaction."""

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """After posts beside the person, too."""
        super().save_related(request, form, formsets, change)
        index.write_named(form.instance)

    @transaction.atomic
    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        quotes = index.standing_in_any(formset.get_queryset())
        super().save_formset(request, form, formset, change)
        index.write(quotes)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        entries = index.standing_in(obj)
        super().delete_model(request, obj)
        index.write(entries)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        entries = index.standing_in_any(queryset)
        super().delete_queryset(request, queryset)
        index.write(entries)


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    list_display = ("name", "campaign")
    search_fields = ("name",)
    autocomplete_fields = ("campaign",)


# What the rooms below have in the admin knows no entries: here it learns to take the index along.
# The index itself is not in the admin, as the counts are not: both follow from the entries.


class IndexedCampaignAdmin(CampaignAdmin):
    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Campaign) -> None:
        index.forget_campaign(obj)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        for campaign in queryset:
            index.forget_campaign(campaign)
        super().delete_queryset(request, queryset)


class IndexedPersonAdmin(NamedAdmin, PersonAdmin):  # type: ignore[misc]
    pass


class IndexedOrganisationAdmin(NamedAdmin, OrganisationAdmin):  # type: ignore[misc]
    pass


class IndexedPostAdmin(NamedAdmin, PostAdmin):  # type: ignore[misc]
    pass


class IndexedSourceAdmin(NamedAdmin, SourceAdmin):  # type: ignore[misc]
    pass


INDEXED = {
    Campaign: IndexedCampaignAdmin,
    Person: IndexedPersonAdmin,
    Organisation: IndexedOrganisationAdmin,
    Post: IndexedPostAdmin,
    Source: IndexedSourceAdmin,
}
admin.site.unregister(list(INDEXED))
for model, kept in INDEXED.items():
    admin.site.register(model, kept)
