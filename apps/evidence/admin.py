"""Statistics and quotes in the admin."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.evidence.models import Consent, Quote, Series, Statistic, Verdict
from apps.evidence.series import derive, lock_all
from apps.timeline.admin import DetailsAdmin, EntryAdmin, Unreverted
from apps.timeline.models import Entry


@admin.register(Series)
class SeriesAdmin(SimpleHistoryAdmin):
    list_display = ("name", "campaign", "measure", "unit", "area")
    search_fields = ("name", "measure", "area")
    autocomplete_fields = ("campaign",)


@admin.register(Statistic)
class StatisticAdmin(DetailsAdmin):
    list_display = ("measure", "figure", "unit", "area", "period")
    search_fields = ("measure", "area")
    autocomplete_fields = ("entry",)
    # What supersedes what is derived by the actions, so a figure changes series on the site's own pages.
    readonly_fields = (
        *("series", "superseded_by", "period_earliest", "period_latest"),
        *("next_release_earliest", "next_release_latest"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class ReadOnly(admin.ModelAdmin):
    """What actions alone write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Quote)
class QuoteAdmin(ReadOnly, Unreverted, DetailsAdmin):
    """To be read, or deleted: its sign-off is of these words, in this entry, and goes when they change. So
    they are changed, as all else of it is, on the site's own pages."""

    list_display = ("words", "voice", "sign_off", "cleared_by", "cleared_at")
    list_filter = ("sign_off", "voice")
    search_fields = ("words",)


@admin.register(Verdict)
class VerdictAdmin(ReadOnly):
    list_display = ("quote", "badge", "checked_at")
    list_filter = ("badge",)
    search_fields = ("quote__words",)
    list_select_related = ("quote",)


@admin.register(Consent)
class ConsentAdmin(ReadOnly, Unreverted):
    list_display = ("person", "guardian", "scope", "given_on", "expires_at", "ended_at")
    search_fields = ("person", "guardian", "reference")


# The timeline's room knows no figures: here the admin of entries learns what a deleted one leaves behind.


class FigureKeepingEntryAdmin(EntryAdmin):
    """Deletes an entry, and says anew which figures of its series are superseded."""

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Entry) -> None:
        series = list(Series.objects.filter(statistics=obj.pk))
        super().delete_model(request, obj)
        _derive_again(series)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        series = list(Series.objects.filter(statistics__in=[entry.pk for entry in queryset]).distinct())
        super().delete_queryset(request, queryset)
        _derive_again(series)


def _derive_again(series: list[Series]) -> None:
    lock_all(*series)
    for one in series:
        derive(one)


admin.site.unregister(Entry)
admin.site.register(Entry, FigureKeepingEntryAdmin)
